"""When a subscription ends, the annual fee over its last year is not lost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from billing.missing.queries import missing_years, planned, unfinished
from billing.missing.services import issue_final_invoice, issue_missing_invoice
from billing.models import Invoice
from billing.services import credit_invoice, issue_annual_invoice, issue_first_invoice
from core import clock
from core.audit import SYSTEM
from core.errors import NotFound
from identity.kinds import StaffRole
from participants.models import ConnectionPeriod, Participant
from tests.billing.conftest import World
from tests.browser import Browser
from tests.people import People

ENDED = date(2026, 9, 1)
LATER = date(2027, 2, 1)


def ending(world: World, starts_on: date, ends_before: date, *, files: int | None = 640) -> Participant:
    row = world.creditor(files)
    world.session.add(ConnectionPeriod(participant_id=row.id, starts_on=starts_on, ends_before=ends_before))
    world.session.commit()
    return row


@pytest.fixture
def row(world: World) -> Participant:
    """Subscribed since 2024; ended on 1 September 2026; nothing was invoiced here."""
    return ending(world, date(2024, 4, 15), ENDED)


def invoices(session: Session) -> list[Invoice]:
    return list(session.execute(select(Invoice).order_by(Invoice.id)).scalars())


@pytest.mark.parametrize(
    ("starts_on", "ends_before", "on", "years"),
    [
        ("2024-04-15", "2026-09-01", "2026-08-31", [2026]),
        ("2024-04-15", "2026-09-01", "2026-09-01", [2026]),
        ("2024-04-15", "2026-09-01", "2029-01-01", [2026]),
        ("2024-04-15", "2027-01-01", "2027-01-01", [2026]),
        ("2024-04-15", "2027-01-02", "2027-01-02", [2027]),
        ("2026-05-01", "2026-06-01", "2026-07-01", [2026]),
        ("2026-05-01", "2026-05-01", "2026-07-01", []),
        ("2026-05-01", "2026-06-01", "2026-04-01", []),
    ],
)
def test_which_year_is_missing(world: World, starts_on: str, ends_before: str, on: str, years: list[int]) -> None:
    row = ending(world, date.fromisoformat(starts_on), date.fromisoformat(ends_before))
    assert missing_years(row.id, date.fromisoformat(on)) == years


def test_the_final_invoice_is_made_once_and_for_the_whole_year(row: Participant, session: Session) -> None:
    with clock.at(ENDED):
        made = issue_final_invoice(row, SYSTEM)
        assert made is not None
        assert (made.net, made.year) == (Decimal("1500.00"), 2026)
        assert issue_final_invoice(row, SYSTEM) is None
    assert (missing_years(row.id, LATER), unfinished(LATER)) == ([], [])
    assert len(invoices(session)) == 1


def test_who_began_and_ended_in_one_year_pays_from_its_beginning(world: World) -> None:
    row = ending(world, date(2025, 10, 1), date(2025, 12, 1))
    with clock.at(date(2025, 12, 1)):
        made = issue_final_invoice(row, SYSTEM)
    assert made is not None
    assert [(line.fee_kind.value, line.net) for line in made.lines] == [
        ("connection", Decimal("150.00")),
        ("annual", Decimal("375.00")),
    ]


def test_what_was_invoiced_is_not_invoiced_again(row: Participant, session: Session) -> None:
    with clock.at(date(2026, 1, 12)):
        issue_annual_invoice(row, 2026, SYSTEM)
    with clock.at(ENDED):
        assert issue_final_invoice(row, SYSTEM) is None
    assert len(invoices(session)) == 1


def test_what_was_credited_waits_for_finance(row: Participant) -> None:
    with clock.at(date(2026, 1, 12)):
        credit_invoice(issue_annual_invoice(row, 2026, SYSTEM), "Verkeerde tenaamstelling.", SYSTEM)
    with clock.at(ENDED):
        assert issue_final_invoice(row, SYSTEM) is None
        assert missing_years(row.id, ENDED) == [2026]


def test_what_cannot_be_made_stays_on_the_list(
    world: World, browser: Browser, people: People, session: Session
) -> None:
    row = ending(world, date(2024, 1, 1), ENDED, files=None)
    with clock.at(ENDED):
        assert issue_final_invoice(row, SYSTEM) is None
        assert invoices(session) == []
        assert [(found.participant.id, found.year) for found in unfinished(ENDED)] == [(row.id, 2026)]
        assert "opgave" in (planned(row, 2026, ENDED).problem or "")
        work = browser.sign_in(people.staff(StaffRole.FINANCE)).get("/beheer/")
        assert "De aansluiting is beëindigd; de laatste factuur, over 2026, is nog niet gemaakt." in work.text
    with clock.at(LATER):
        world.files(row, 640)
        made = issue_missing_invoice(row, 2026, Decimal("1500.00"), SYSTEM)
        assert made.net == Decimal("1500.00")
        with pytest.raises(NotFound):
            planned(row, 2026, LATER)


def test_finance_makes_it_on_the_page(browser: Browser, people: People, row: Participant, session: Session) -> None:
    with clock.at(LATER):
        finance = browser.sign_in(people.staff(StaffRole.FINANCE))
        page = finance.get(f"/beheer/deelnemers/{row.id}/facturen")
        plan = finance.get(page.link("Factuur over 2026 maken"))
        assert "Te betalen € 1.815,00" in plan.text.replace("\u00a0", " ")
        made = finance.submit(plan, "Factuur maken")
    assert made.heading == f"Factuur {invoices(session)[0].number}"


def test_the_first_invoice_is_not_taken_for_the_final_one(world: World) -> None:
    row = ending(world, date(2025, 10, 1), date(2026, 3, 1))
    with clock.at(date(2025, 10, 1)):
        issue_first_invoice(row, date(2025, 10, 1), SYSTEM)
    assert missing_years(row.id, date(2026, 3, 1)) == [2026]
