"""Pages about modules: for staff, and for the participant itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy.orm import Session

from catalogue import queries, services
from core import clock
from core.audit import SYSTEM
from identity.kinds import ParticipantRole, StaffRole
from participants.kinds import Stage
from tests.browser import Browser
from tests.catalogue.conftest import MakeParticipant
from tests.people import People

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.at(TODAY):
        yield


# ------------------------------------------------------------------------------------------- matrix


def test_staff_see_the_matrix_and_what_is_asked_for(
    browser: Browser, people: People, session: Session, participant: MakeParticipant
) -> None:
    made = participant(name="Voorbeeld Incasso")
    services.activate(made.id, "debt_settlement", TODAY, SYSTEM)
    services.choose_modules(made, ["debt_settlement", "debt_inventory"], SYSTEM)
    session.commit()
    page = browser.sign_in(people.staff(StaffRole.BOARD)).get("/beheer/modules")
    assert page.heading == "Modules"
    asked, matrix, _, purposes = page.soup.find_all("table")
    assert [cell.get_text(" ", strip=True) for cell in asked.select("tbody tr th, tbody tr td")][:2] == [
        "Voorbeeld Incasso",
        "Schuldinventarisatie",
    ]
    creditor = next(row for row in matrix.select("tbody tr") if row.th and row.th.get_text(strip=True) == "Schuldeiser")
    assert [cell.get_text(strip=True) for cell in creditor.find_all("td")] == ["Ja", "Ja", "Ja", "Ja", "–Nee"]
    row = next(row for row in purposes.select("tbody tr") if row.th and "Schuldregeling" in row.th.get_text())
    assert row.find_all("td")[-1].get_text(strip=True) == "1"
    assert "Ja. Beschikking meesturen." in page.text
    assert "Vroegsignalering" in page.text


def test_an_empty_catalogue_says_how_to_fill_it(browser: Browser, people: People) -> None:
    assert (
        "flask catalogue import-modules" in browser.sign_in(people.staff(StaffRole.BOARD)).get("/beheer/modules").text
    )


def test_a_participant_does_not_see_the_matrix(browser: Browser, people: People, participant: MakeParticipant) -> None:
    browser.sign_in(people.of(participant(), ParticipantRole.REPRESENTATIVE)).get("/beheer/modules", expect=403)


# ------------------------------------------------------------------------------------------- staff


def test_staff_switch_a_module_on_and_off(
    browser: Browser, people: People, session: Session, participant: MakeParticipant
) -> None:
    made = participant(name="Voorbeeld Incasso")
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    address = f"/beheer/deelnemers/{made.id}/modules"
    form = browser.get(browser.get(address).link("Aanzetten Schuldregeling"))
    assert form.heading == "Schuldregeling aanzetten"
    page = browser.submit(form, day="1-12-2026")
    assert page.notices == ["De module Schuldregeling is aan vanaf 1 december 2026."]
    assert "Gaat aan op 1 december 2026" in page.text
    page = browser.submit(browser.get(page.link("Uitzetten Schuldregeling")), day="1-12-2027")
    assert page.notices == ["De module Schuldregeling is uit vanaf 1 december 2027."]
    assert [m.code for m in queries.active_modules(made.id, date(2027, 6, 1))] == ["debt_settlement"]
    assert queries.active_modules(made.id, date(2027, 12, 1)) == []


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("", "Vul in vanaf welke dag de module aan is."),
        ("19-11-2026", "Een module kan niet met terugwerkende kracht aan."),
        ("31-2-2027", "Deze datum bestaat niet."),
        ("morgen", "Schrijf de datum als dag-maand-jaar"),
        ("1" * 9000, "Schrijf de datum als dag-maand-jaar"),
        ("\0", "Schrijf de datum als dag-maand-jaar"),
    ],
)
def test_a_wrong_day_is_answered_beside_the_field(
    browser: Browser, people: People, participant: MakeParticipant, day: str, sentence: str
) -> None:
    made = participant()
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    form = browser.get(f"/beheer/deelnemers/{made.id}/modules/debt_settlement/aan")
    page = browser.submit(form, expect=422, day=day)
    assert sentence in page.errors[0]
    assert queries.activations(made.id) == []


def test_switching_on_twice_is_refused(browser: Browser, people: People, participant: MakeParticipant) -> None:
    made = participant()
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    form = browser.get(f"/beheer/deelnemers/{made.id}/modules/debt_settlement/aan")
    browser.submit(form, day="20-11-2026")
    page = browser.submit(form, expect=422, day="21-11-2026")
    assert page.errors == ["De module Schuldregeling staat al aan sinds 20 november 2026."]


def test_before_activation_nothing_is_switched_on(
    browser: Browser, people: People, participant: MakeParticipant
) -> None:
    made = participant(stage=Stage.COUNTERSIGNED)
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    page = browser.get(f"/beheer/deelnemers/{made.id}/modules")
    assert "gaan aan bij de activering" in page.text
    assert "Aanzetten" not in page.text
    form = browser.get(f"/beheer/deelnemers/{made.id}/modules/debt_settlement/aan")
    assert "gaan aan bij de activering" in browser.submit(form, expect=422, day="20-11-2026").errors[0]


def test_who_may_only_look_cannot_switch(browser: Browser, people: People, participant: MakeParticipant) -> None:
    made = participant()
    browser.sign_in(people.staff(StaffRole.FINANCE))
    page = browser.get(f"/beheer/deelnemers/{made.id}/modules")
    assert "Aanzetten" not in page.text
    browser.get(f"/beheer/deelnemers/{made.id}/modules/debt_settlement/aan", expect=403)
    browser.get(f"/beheer/deelnemers/{made.id}/modules/debt_settlement/uit", expect=403)


@pytest.mark.parametrize("path", ["999999/modules", "999999/modules/debt_settlement/aan", "9" * 30 + "/modules"])
def test_an_unknown_participant_is_not_found(browser: Browser, people: People, path: str) -> None:
    browser.sign_in(people.staff(StaffRole.RELATIONS)).get(f"/beheer/deelnemers/{path}", expect=404)


@pytest.mark.parametrize("code", ["bestaat-niet", "early_signalling", "%00"])
def test_a_module_that_does_not_fit_has_no_page(
    browser: Browser, people: People, participant: MakeParticipant, code: str
) -> None:
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    browser.get(f"/beheer/deelnemers/{participant().id}/modules/{code}/aan", expect=404)


# ------------------------------------------------------------------------------------------- participant


def test_a_participant_chooses_and_asks_for_more_later(
    browser: Browser, people: People, session: Session, participant: MakeParticipant
) -> None:
    made = participant("administrator", Stage.ACCEPTED)
    browser.sign_in(people.of(made, ParticipantRole.ACCOUNT_ADMINISTRATOR))
    address = f"/mijn/{made.id}/modules"
    page = browser.get(address)
    assert "Voorwaarde: beschikking meesturen." in page.text
    assert "Schuldregeling" not in page.text
    page = browser.submit(page, modules=["debt_inventory"])
    assert "gaan aan als uw organisatie wordt geactiveerd" in page.notices[0]
    made.stage = Stage.LIVE
    session.commit()
    page = browser.submit(browser.get(address), modules=["debt_inventory", "payment_arrangement"])
    assert "Het Schuldenknooppunt zet nieuwe modules voor u aan." in page.notices[0]
    assert [m.participant_id for m in queries.asked_modules(TODAY)] == [made.id, made.id]


@pytest.mark.parametrize(
    ("codes", "sentence"),
    [
        ([], "Kies ten minste één module."),
        (["guarantee_fund"], "De module Waarborgfonds past niet bij de rol schuldeiser."),
        (["x" * 5000], "Deze module bestaat niet."),
        (["\0"], "Deze module bestaat niet."),
    ],
)
def test_a_wrong_choice_is_answered_with_a_sentence(
    browser: Browser, people: People, participant: MakeParticipant, codes: list[str], sentence: str
) -> None:
    made = participant(stage=Stage.ACCEPTED)
    browser.sign_in(people.of(made, ParticipantRole.REPRESENTATIVE))
    page = browser.submit(browser.get(f"/mijn/{made.id}/modules"), expect=422, modules=codes)
    assert page.errors[0].startswith(sentence)
    assert queries.chosen_modules(made.id) == []


def test_another_participants_modules_do_not_exist(
    browser: Browser, people: People, participant: MakeParticipant
) -> None:
    mine, other = participant(), participant()
    browser.sign_in(people.of(mine, ParticipantRole.REPRESENTATIVE)).get(f"/mijn/{other.id}/modules", expect=404)


def test_an_employee_cannot_choose(browser: Browser, people: People, participant: MakeParticipant) -> None:
    made = participant()
    browser.sign_in(people.of(made, ParticipantRole.EMPLOYEE)).get(f"/mijn/{made.id}/modules", expect=403)


def test_after_the_end_there_is_nothing_to_choose(
    browser: Browser, people: People, participant: MakeParticipant
) -> None:
    made = participant(stage=Stage.ENDED)
    page = browser.sign_in(people.of(made, ParticipantRole.REPRESENTATIVE)).get(f"/mijn/{made.id}/modules")
    assert "U kunt geen modules meer kiezen." in page.text


def test_the_summary_says_what_is_on(session: Session, participant: MakeParticipant) -> None:
    made = participant()
    assert queries.summary(made.id) == "Er zijn nog geen modules gekozen."
    services.choose_modules(made, ["debt_inventory"], SYSTEM)
    assert queries.summary(made.id) == "Gekozen, nog niet aan: Schuldinventarisatie."
    services.activate(made.id, "debt_inventory", TODAY, SYSTEM)
    assert queries.summary(made.id) == "Aan: Schuldinventarisatie."
