"""Granting many requests at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from catalogue import queries, services
from core import clock
from core.audit import SYSTEM, timeline
from identity.kinds import ParticipantRole, StaffRole
from participants.kinds import Channel
from tests.browser import Browser, Page
from tests.catalogue.conftest import MakeParticipant
from tests.people import People

TODAY = date(2026, 11, 20)
ADDRESS = "/beheer/modules/aanvragen"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def test_what_passes_goes_on_and_what_does_not_is_parked_with_its_reason(
    browser: Browser, people: People, session: Session, participant: MakeParticipant
) -> None:
    fine, files = participant(name="Voorbeeld Incasso"), participant(name="Voorbeeld Bestanden")
    files.channel = Channel.CSV
    services.choose_modules(fine, ["debt_settlement", "debt_inventory"], SYSTEM)
    services.choose_modules(files, ["debt_settlement", "debt_inventory"], SYSTEM)
    session.commit()
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    page = browser.get(browser.get("/beheer/modules").link("Aanvragen samen behandelen"))
    keys = [str(box["value"]) for box in page.soup.find_all("input", attrs={"name": "chosen"})]
    assert len(keys) == 4
    check = browser.submit(page, chosen=keys, day="1-12-2026")
    assert check.heading == "Modules aanzetten"
    assert "Gaat aan vanaf 1 december 2026 (3)" in check.text
    assert "Voorbeeld Incasso: Schuldregeling 2.0" in check.text
    assert "Voorbeeld Bestanden, Schuldinventarisatie 1.0: Schuldinventarisatie 1.0 werkt niet met" in check.text
    assert queries.activations(fine.id) == []  # nothing happened yet
    done = browser.submit(check, chosen=keys)
    assert done.notices == [
        "3 modules gaan aan vanaf 1 december 2026.",
        "1 aanvraag staat apart. De reden leest u bij de aanvraag.",
    ]
    assert "werkt niet met het kanaal Webportaal met CSV-bestanden" in done.text
    assert [m.code for m in queries.active_modules(fine.id, date(2026, 12, 1))] == ["debt_inventory", "debt_settlement"]
    assert [m.code for m in queries.active_modules(files.id, date(2026, 12, 1))] == ["debt_settlement"]
    told = [entry.sentence for entry in timeline(participant_id=files.id, for_staff=True)]
    assert any("zette de aanvraag van Voorbeeld Bestanden voor Schuldinventarisatie apart" in line for line in told)
    again = browser.post(
        f"{ADDRESS}/aanzetten",
        {"chosen": keys[:1], "day": "2026-12-01", "csrf_token": token(done)},
    )
    assert again.notices == ["Er was niets meer te doen: een collega was u voor."]


def token(page: Page) -> str:
    found = page.soup.find("input", attrs={"name": "csrf_token"})
    assert found is not None
    return str(found["value"])


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ({"chosen": [], "day": "1-12-2026"}, "Kies ten minste één aanvraag."),
        ({"chosen": ["1"], "day": ""}, "Vul in vanaf welke dag"),
        ({"chosen": ["1"], "day": "19-11-2026"}, "niet met terugwerkende kracht"),
        ({"chosen": ["1"], "day": "\0"}, "Schrijf de datum als"),
    ],
)
def test_a_wrong_choice_is_answered(
    browser: Browser,
    people: People,
    session: Session,
    participant: MakeParticipant,
    values: dict[str, Any],
    answer: str,
) -> None:
    services.choose_modules(participant(), ["debt_settlement"], SYSTEM)
    session.commit()
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    page = browser.submit(browser.get(ADDRESS), expect=422, **values)
    assert any(answer in error for error in page.errors), page.errors


def test_what_nobody_asked_for_is_not_granted(
    browser: Browser, people: People, session: Session, participant: MakeParticipant
) -> None:
    services.choose_modules(participant(), ["debt_settlement"], SYSTEM)
    session.commit()
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    page = browser.submit(browser.get(ADDRESS), chosen=["999999", "x" * 5000, "\0"], day="1-12-2026")
    assert "Wat u koos, staat al aan of is niet meer gevraagd." in page.text


def test_an_empty_list_teaches(browser: Browser, people: People, modules: None) -> None:
    assert "Er is niets gevraagd" in browser.sign_in(people.staff(StaffRole.RELATIONS)).get(ADDRESS).text


def test_who_may_not_switch_does_not_see_the_list(
    browser: Browser, people: People, participant: MakeParticipant
) -> None:
    browser.sign_in(people.staff(StaffRole.FINANCE)).get(ADDRESS, expect=403)
    browser.sign_in(people.of(participant(), ParticipantRole.REPRESENTATIVE)).get(ADDRESS, expect=403)
