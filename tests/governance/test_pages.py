"""The pages about decisions and settings."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from core import csv_files
from core.audit import SYSTEM
from governance import services
from governance.kinds import Body, DecisionKind
from governance.models import Decision, Setting
from identity.kinds import StaffRole
from tests.browser import Browser
from tests.people import People

PAGES = ["/beheer/besluiten", "/beheer/besluiten/2026-02", "/beheer/instellingen"]


@pytest.fixture
def decision(session: Session) -> Decision:
    services.import_operators(csv_files.read(Path(__file__).parents[2] / "data/beheerders.csv"), SYSTEM, example=True)
    services.load_default_settings(SYSTEM)
    advice = services.record_decision(
        body=Body.ADVISORY_BOARD,
        kind=DecisionKind.TARIFF_TABLE,
        decided_on=date(2026, 9, 1),
        title="Advies over tarieven 2027",
        text="Doen.",
        source="voorbeeld",
        actor=SYSTEM,
    )
    made = services.record_decision(
        body=Body.BOARD,
        kind=DecisionKind.TARIFF_TABLE,
        decided_on=date(2026, 10, 1),
        title="Tarieven 2027 <voorlopig>",
        text="Alles blijft gelijk.\nTot nader order.",
        source="https://voorbeeld.invalid/besluit",
        actor=SYSTEM,
        advice=advice,
    )
    session.commit()
    return made


@pytest.mark.parametrize(
    "role",
    [StaffRole.RELATIONS, StaffRole.FINANCE, StaffRole.BOARD, StaffRole.ADMINISTRATION, StaffRole.AUDITOR],
)
def test_who_may_see_them(browser: Browser, people: People, decision: Decision, role: StaffRole) -> None:
    browser.sign_in(people.staff(role))
    for path in PAGES:
        browser.get(path)


def test_who_may_not(browser: Browser, people: People, decision: Decision) -> None:
    browser.sign_in(people.staff(StaffRole.PRIVACY))
    for path in PAGES:
        browser.get(path, expect=403)


def test_an_applicant_may_not(browser: Browser, people: People, decision: Decision) -> None:
    browser.sign_in(people.applicant())
    for path in PAGES:
        browser.get(path, expect=403)


def test_the_list_leads_to_a_decision_and_its_advice(browser: Browser, people: People, decision: Decision) -> None:
    page = browser.sign_in(people.staff(StaffRole.BOARD)).get("/beheer/besluiten")
    assert [row.get_text(strip=True) for row in page.soup.select("tbody td:first-child")] == ["2026-02", "2026-01"]
    page = browser.get(page.link("2026-02"))
    assert page.heading == "Tarieven 2027 <voorlopig>"
    assert "Tot nader order." in page.text
    assert page.link("https://voorbeeld.invalid/besluit") == "https://voorbeeld.invalid/besluit"
    page = browser.get(page.link("2026-01: Advies over tarieven 2027"))
    assert "2026-02: Tarieven 2027 <voorlopig>" in page.text


def test_a_decision_that_does_not_exist(browser: Browser, people: People) -> None:
    browser.sign_in(people.staff(StaffRole.BOARD)).get("/beheer/besluiten/1999-07", expect=404)


def test_the_settings_say_what_is_still_to_be_confirmed(
    browser: Browser, people: People, session: Session, decision: Decision
) -> None:
    session.add(
        Setting(
            name="payment_term_days",
            value="14",
            starts_on=date(2024, 1, 1),
            source="besluit",
            to_confirm=False,
            decision_id=decision.id,
        )
    )
    session.commit()
    page = browser.sign_in(people.staff(StaffRole.FINANCE)).get("/beheer/instellingen")
    assert "Betaaltermijn in dagen 14 1-1-2024 Besluit 2026-02 bevestigd" in page.text
    assert "Toeslag in categorie G per begonnen blok 1-1-2020 keuze tot bevestiging" in page.text
    assert "te bevestigen" in page.text
    assert "Betaaltermijn in dagen 30 1-1-2020" in page.text
    assert "Organen die er zijn bestuur, raad van toezicht, raad van advies, stakeholdersoverleg 1-1-2026" in page.text


@pytest.mark.parametrize("path", ["/beheer/besluiten", "/beheer/instellingen"])
def test_an_empty_installation_says_what_to_do(browser: Browser, people: People, path: str) -> None:
    page = browser.sign_in(people.staff(StaffRole.AUDITOR)).get(path)
    assert "flask" in page.text
