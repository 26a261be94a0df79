"""Seats, terms, and what falls vacant."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from core import audit
from core.audit import SYSTEM
from core.errors import Refused
from governance.bodies import queries, rules, services
from governance.bodies.kinds import Represents, SeatSector
from governance.bodies.models import Seat, Term
from governance.bodies.rules import Occupied
from governance.kinds import Body
from identity.kinds import StaffRole
from tests.browser import Browser
from tests.people import People

ROWS = list(csv.DictReader((Path(__file__).parent / "examples/vacancies.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_a_seat_is_vacant_or_falls_vacant(row: dict[str, str]) -> None:
    starts_on, _, ends_before = row["seat"].partition("..")
    terms = [Occupied(*(date.fromisoformat(part) for part in one.split(".."))) for one in row["terms"].split()]
    found = rules.vacancy(
        date.fromisoformat(starts_on),
        date.fromisoformat(ends_before) if ends_before else None,
        reversed(terms),
        date.fromisoformat(row["on"]),
    )
    shown = f"{'vacant' if found.is_now else 'wordt'} {found.starts_on}" if found else ""
    assert shown == row["expected"]


@pytest.fixture
def seat(session: Session, today: date) -> Seat:
    made = services.add_seat(Body.BOARD, "Zetel 1", Represents.CREDITORS, SeatSector.PRIVATE, date(2020, 1, 1), SYSTEM)
    session.commit()
    return made


def appointed(seat: Seat, starts_on: date = date(2023, 1, 1), last_day: date = date(2026, 12, 31)) -> Term:
    return services.appoint(seat, "Voorbeeldlid 1", starts_on, last_day, SYSTEM)


def test_a_seat_says_whom_it_speaks_for(seat: Seat) -> None:
    assert services.described(seat) == "schuldeisers, privaat"
    chair = services.add_seat(
        Body.BOARD, "Voorzitter", Represents.INDEPENDENT, SeatSector.PUBLIC, date(2020, 1, 1), SYSTEM, is_chair=True
    )
    assert (chair.sector, services.described(chair)) == (None, "onafhankelijk, voorzitter")
    assert [row.name for row in queries.seats(Body.BOARD)] == ["Voorzitter", "Zetel 1"]


def test_what_a_seat_cannot_be(seat: Seat) -> None:
    with pytest.raises(Refused, match="Kies of deze zetel publiek of privaat is"):
        services.add_seat(Body.BOARD, "Zetel 2", Represents.CREDITORS, None, date(2020, 1, 1), SYSTEM)
    with pytest.raises(Refused, match="De voorzitter is onafhankelijk"):
        services.add_seat(
            Body.BOARD, "V", Represents.CREDITORS, SeatSector.PUBLIC, date(2020, 1, 1), SYSTEM, is_chair=True
        )
    with pytest.raises(Refused, match="al een zetel met deze naam"):
        services.add_seat(Body.BOARD, "Zetel 1", Represents.INDEPENDENT, None, date(2020, 1, 1), SYSTEM)


def test_two_people_never_sit_on_one_seat(seat: Seat, session: Session) -> None:
    appointed(seat)
    with pytest.raises(Refused, match="zit al iemand van 1 januari 2023 tot en met 31 december 2026"):
        appointed(seat, date(2026, 12, 31), date(2030, 12, 30))
    appointed(seat, date(2027, 1, 1), date(2030, 12, 31))
    with pytest.raises(IntegrityError, match="ex_terms_no_overlap"), session.begin_nested():
        session.add(Term(seat_id=seat.id, member="x", starts_on=date(2024, 1, 1), ends_before=date(2024, 2, 1)))
        session.flush()


def test_a_term_ends_early_once_and_with_a_reason(seat: Seat, session: Session) -> None:
    term = appointed(seat)
    for day in (date(2022, 6, 1), date(2026, 12, 31)):
        with pytest.raises(Refused, match="niet binnen de termijn"):
            services.end_term(term, day, "x", SYSTEM)
    services.end_term(term, date(2026, 11, 30), "andere functie", SYSTEM)
    assert (term.ends_before, term.leaves_on) == (date(2027, 1, 1), date(2026, 12, 1))
    assert audit.timeline(for_staff=True)[0].sentence == (
        "Het systeem beëindigde een termijn in het bestuur eerder: Zetel 1, na 30 november 2026. Reden: andere functie"
    )
    with pytest.raises(Refused, match="al eerder beëindigd"):
        services.end_term(term, date(2026, 11, 29), "x", SYSTEM)
    appointed(seat, date(2026, 12, 1), date(2030, 11, 30))
    assert not any("Voorbeeldlid" in entry.sentence for entry in audit.timeline(for_staff=True))


def test_what_is_past_stays_as_it_was(seat: Seat, session: Session) -> None:
    past = appointed(seat, date(2020, 1, 1), date(2023, 12, 31))
    with pytest.raises(Refused, match="Wat voorbij is, verandert niet"):
        services.end_term(past, date(2022, 1, 1), "x", SYSTEM)
    for statement in (
        "UPDATE terms SET member = 'ander'",
        "UPDATE terms SET ends_before = ends_before + 1",
        "UPDATE seats SET name = 'ander'",
    ):
        with pytest.raises(DBAPIError, match="ligt vast"), session.begin_nested():
            session.execute(text(statement))
    with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
        session.execute(text("DELETE FROM terms"))


def test_a_seat_is_abolished_after_its_last_term(seat: Seat, today: date) -> None:
    appointed(seat)
    with pytest.raises(Refused, match="zit dan nog iemand"):
        services.end_seat(seat, date(2026, 6, 30), SYSTEM)
    services.end_seat(seat, date(2026, 12, 31), SYSTEM)
    assert queries.vacant_seats(today) == []
    with pytest.raises(Refused, match="al opgeheven"):
        services.end_seat(seat, date(2027, 12, 31), SYSTEM)
    with pytest.raises(Refused, match="bestaat niet in die hele tijd"):
        appointed(seat, date(2027, 1, 1), date(2027, 6, 30))


# ------------------------------------------------------------------------------------------- pages


def test_from_an_empty_body_to_a_rotation_schedule(browser: Browser, people: People, today: date) -> None:
    browser.sign_in(people.staff(StaffRole.ADMINISTRATION))
    page = browser.get(browser.get("/beheer/organen").link("Bestuur"))
    page = browser.get(page.link("Zetel toevoegen"))
    page = browser.submit(page, "Vastleggen", expect=422, name="Zetel 1", represents="creditors", starts_on="gisteren")
    assert "Schrijf de datum als dag-maand-jaar, bijvoorbeeld 1-12-2026." in page.errors
    page = browser.submit(page, "Vastleggen", expect=422, starts_on="1-1-2024")
    assert page.errors == ["Kies of deze zetel publiek of privaat is."]
    page = browser.submit(page, "Vastleggen", sector="private")
    assert page.notices == ["De zetel is toegevoegd."]
    assert "Vacant sinds 1 januari 2024." in page.text
    work = browser.get("/beheer/")
    page = browser.get(work.link("Opvolger benoemen : Bestuur, Zetel 1"))
    page = browser.submit(page, "Vastleggen", member="Voorbeeldlid 1", last_day="31-3-2027")
    assert "wordt vacant Valt vacant op 1 april 2027." in page.text
    page = browser.get(browser.get("/beheer/organen").link("Rooster van aftreden"))
    assert "31-3-2027 Bestuur Zetel 1 schuldeisers, privaat Voorbeeldlid 1" in page.text
    answer = browser.client.get(page.link("Download dit rooster als CSV"))
    assert "Bestuur;Zetel 1;schuldeisers, privaat;Voorbeeldlid 1;1-1-2024;31-3-2027" in answer.get_data(as_text=True)
    page = browser.get(browser.get("/beheer/organen/bestuur").link("Eerder beëindigen : Zetel 1"))
    page = browser.submit(page, "Vastleggen", last_day="30-11-2026", reason="Andere functie.")
    assert "Valt vacant op 1 december 2026." in page.text


def test_who_only_reads_changes_nothing(browser: Browser, people: People, seat: Seat) -> None:
    browser.sign_in(people.staff(StaffRole.BOARD))
    assert "Zetel toevoegen" not in browser.get("/beheer/organen/bestuur").text
    for address in ("bestuur/zetel", f"zetels/{seat.id}/benoemen", f"zetels/{seat.id}/opheffen"):
        browser.get(f"/beheer/organen/{address}", expect=403)
    browser.get("/beheer/organen/niets", expect=404)
