"""An invoice that a running subscription lacks is shown before it is made, and made once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from billing.missing.queries import missing_years, planned
from billing.missing.services import issue_missing_invoice
from billing.models import Invoice
from billing.services import credit_invoice, issue_annual_invoice, issue_first_invoice
from core import clock
from core.audit import SYSTEM
from core.db import transaction
from core.errors import Conflict, NotFound, Refused
from identity.kinds import ParticipantRole, StaffRole
from participants.models import Participant
from tests.billing.conftest import World
from tests.browser import Browser
from tests.people import People

TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def old(world: World) -> Participant:
    """Subscribed since 2024, in category C; nothing was invoiced here."""
    return world.creditor(640, connected_on=date(2024, 4, 15))


@pytest.fixture
def finance(browser: Browser, people: People) -> Browser:
    return browser.sign_in(people.staff(StaffRole.FINANCE))


def invoices(session: Session) -> list[Invoice]:
    return list(session.execute(select(Invoice).order_by(Invoice.id)).scalars())


def address(participant: Participant, year: int | str = 2026) -> str:
    return f"/beheer/deelnemers/{participant.id}/facturen/maken/{year}"


def test_only_this_year_and_credited_years_are_missing(old: Participant, world: World, session: Session) -> None:
    assert missing_years(old.id, TODAY) == [2026]
    with clock.at(date(2025, 1, 12)):
        earlier = issue_annual_invoice(old, 2025, SYSTEM)
    issue_annual_invoice(old, 2026, SYSTEM)
    assert missing_years(old.id, TODAY) == []
    credit_invoice(earlier, "Verkeerde categorie.", SYSTEM)
    assert missing_years(old.id, TODAY) == [2025]
    assert missing_years(world.creditor(name="Zonder abonnement").id, TODAY) == []


def test_the_page_shows_what_comes_on_it_and_then_makes_it(
    finance: Browser, old: Participant, session: Session
) -> None:
    page = finance.get(f"/beheer/deelnemers/{old.id}/facturen")
    page = finance.get(page.link("Factuur over 2026 maken"))
    assert "Jaartarief 2026, categorie C € 1.500,00" in page.text.replace("\u00a0", " ")
    assert "640 schulddossiers per jaar volgens eigen opgave" in page.text
    assert "PO-2026-0815" in page.text
    assert invoices(session) == []
    made = finance.submit(page, "Factuur maken")
    invoice = invoices(session)[0]
    assert made.heading == f"Factuur {invoice.number}"
    assert (invoice.year, invoice.net) == (2026, Decimal("1500.00"))
    assert "Factuur over 2026 maken" not in finance.get(f"/beheer/deelnemers/{old.id}/facturen").text


def test_a_credited_first_invoice_is_made_anew_with_both_fees(finance: Browser, world: World, session: Session) -> None:
    with clock.at(date(2025, 10, 1)):
        row = world.creditor(640, connected_on=date(2025, 10, 1))
        first = issue_first_invoice(row, date(2025, 10, 1), SYSTEM)
    issue_annual_invoice(row, 2026, SYSTEM)
    credit_invoice(first, "Verkeerde tenaamstelling.", SYSTEM)
    session.commit()
    page = finance.get(address(row, 2025))
    assert "Aansluitkosten, eenmalig, categorie C" in page.text
    assert "3 van 12 maanden" in page.text
    finance.submit(page, "Factuur maken")
    again = invoices(session)[-1]
    assert (again.net, again.year, again.kind) == (first.net, 2025, first.kind)
    finance.get(address(row, 2025), 404)


def test_zero_is_invoiced_too_and_says_why(finance: Browser, world: World, session: Session) -> None:
    row = world.creditor(640, connected_on=date(2026, 2, 1))
    page = finance.get(address(row))
    assert "jaartarief voorlopig € 0,00" in page.text.replace("\u00a0", " ")
    finance.submit(page, "Factuur maken")
    assert invoices(session)[0].gross == 0


def test_what_is_missing_is_said_and_nothing_can_be_made(finance: Browser, world: World, session: Session) -> None:
    uncounted = world.creditor(None, connected_on=date(2024, 1, 1))
    page = finance.get(address(uncounted))
    assert "Vraag de deelnemer om een opgave" in page.text
    assert not page.soup.main.find_all("form")  # type: ignore[union-attr]  # a page has a main
    with pytest.raises(Refused, match="Vraag de deelnemer om een opgave"), transaction():
        issue_missing_invoice(uncounted, 2026, Decimal(0), SYSTEM)
    organisation = world.organisation("Gemeente Zonder Adres")
    world.inhabitants(organisation, 20_000)
    unaddressed = world.participant(organisation, details=False, connected_on=date(2024, 1, 1))
    assert "nog geen factuurgegevens bekend" in finance.get(address(unaddressed)).text
    assert invoices(session) == []


def test_another_sum_than_was_seen_is_not_made(finance: Browser, old: Participant, world: World) -> None:
    page = finance.get(address(old))
    world.files(old, 5000, measured_on=date(2025, 12, 1))
    world.session.commit()
    answer = finance.submit(page, "Factuur maken", 422)
    assert answer.errors == [
        "Het bedrag is intussen anders dan u zag. Bekijk de gegevens opnieuw en maak dan de factuur."
    ]
    assert invoices(world.session) == []
    finance.submit(answer, "Factuur maken")
    assert invoices(world.session)[0].net == Decimal("7500.00")


@pytest.mark.parametrize("seen", ["", "veel", "-1", "9" * 400, "NaN", "1500,00"])
def test_a_sum_that_was_tampered_with_makes_nothing(
    finance: Browser, old: Participant, session: Session, seen: str
) -> None:
    finance.submit(finance.get(address(old)), "Factuur maken", 422, seen=seen)
    assert invoices(session) == []


def test_sending_twice_makes_one_invoice(finance: Browser, old: Participant, session: Session) -> None:
    page = finance.get(address(old))
    finance.submit(page, "Factuur maken")
    finance.submit(page, "Factuur maken", 404)
    assert len(invoices(session)) == 1


@pytest.mark.parametrize("year", ["2024", "2025", "2027", "1", "999999999", "nul", "-2026"])
def test_a_year_that_is_not_missing_has_no_page(finance: Browser, old: Participant, year: str) -> None:
    finance.get(address(old, year), 404)


def test_an_ended_subscription_gets_no_invoice_by_hand(old: Participant, session: Session) -> None:
    with pytest.raises(NotFound):
        planned(old, 2026, date(2020, 1, 1))
    with pytest.raises(Conflict), transaction():
        issue_missing_invoice(old, 2026, Decimal("1.00"), SYSTEM)


def test_who_may(app: Flask, old: Participant, people: People) -> None:
    for role in StaffRole:
        browser = Browser(app).sign_in(people.staff(role))
        browser.get(address(old), 200 if role is StaffRole.FINANCE else 403)
    browser = Browser(app).sign_in(people.staff(StaffRole.RELATIONS))
    assert "Factuur over 2026 maken" not in browser.get(f"/beheer/deelnemers/{old.id}/facturen").text
    Browser(app).sign_in(people.of(old, ParticipantRole.FINANCIAL)).get(address(old), 403)
