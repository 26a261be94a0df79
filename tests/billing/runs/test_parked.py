"""Who is set apart in a run, why, and how it is looked at again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from billing.runs import queries
from billing.runs.holds.services import hold, lift
from billing.runs.kinds import ItemOutcome, ParkReason
from billing.runs.models import InvoiceRun
from billing.runs.services import put_forward, recheck
from core import clock
from core.errors import Refused
from core.money import ZERO
from tests.billing.conftest import World
from tests.billing.runs.conftest import JANUARY, Finance

BEFORE = date(2024, 6, 1)


def parked(run: InvoiceRun) -> tuple[ParkReason | None, str]:
    [item] = run.items
    assert item.outcome is ItemOutcome.PARKED
    return item.park_reason, item.problem or ""


def test_without_a_number_it_is_parked_with_what_to_do(world: World, finance: Finance) -> None:
    world.creditor(None, connected_on=BEFORE)
    reason, problem = parked(finance.preview())
    assert reason is ParkReason.NO_NUMBER
    assert "Vraag de deelnemer om een opgave" in problem


def test_without_invoice_details_it_is_parked(world: World, finance: Finance) -> None:
    organisation = world.organisation()
    world.inhabitants(organisation, 70_361)
    world.participant(organisation, details=False, connected_on=BEFORE)
    reason, problem = parked(finance.preview())
    assert reason is ParkReason.NO_DETAILS
    assert "Vul adres en e-mailadres voor facturen in" in problem


def test_a_public_body_without_reference_is_parked_and_a_company_is_not(
    world: World, finance: Finance, session: Session
) -> None:
    participant = world.municipality(70_361, connected_on=BEFORE)
    company = world.creditor(640, connected_on=BEFORE)
    for details in (participant.invoice_details, company.invoice_details):
        assert details is not None
        details.buyer_reference = details.purchase_order_number = None
    session.commit()
    run = finance.preview()
    assert {item.park_reason for item in run.items if item.participant_id == participant.id} == {
        ParkReason.NO_REFERENCE
    }
    assert {item.outcome for item in run.items if item.participant_id == company.id} == {ItemOutcome.INVOICE}


def test_what_is_held_is_parked_until_it_is_lifted(world: World, finance: Finance, session: Session) -> None:
    participant = world.municipality(70_361, connected_on=BEFORE)
    with clock.at(JANUARY):
        held = hold(participant, "Bezwaar tegen de categorie.", date(2026, 2, 1), finance.one)
        with pytest.raises(Refused, match="al aangehouden"):
            hold(participant, "Nog eens.", date(2026, 2, 1), finance.one)
    run = finance.preview()
    assert parked(run) == (ParkReason.DISPUTED, "Bezwaar tegen de categorie.")
    assert queries.holds_to_recheck(date(2026, 1, 31)) == []
    assert queries.holds_to_recheck(date(2026, 2, 1)) == [held]
    with clock.at(JANUARY):
        lift(held, finance.other)
        assert recheck(run.items[0], finance.one).outcome is ItemOutcome.INVOICE


def test_a_hold_needs_a_reason_and_a_day_to_come(world: World, finance: Finance) -> None:
    participant = world.municipality(70_361, connected_on=BEFORE)
    with clock.at(JANUARY):
        with pytest.raises(Refused, match="waarom"):
            hold(participant, "  ", date(2026, 2, 1), finance.one)
        for day in (JANUARY, date(2025, 1, 1), date(2028, 1, 1)):
            with pytest.raises(Refused, match="Kies een dag"):
                hold(participant, "Bezwaar.", day, finance.one)


def test_a_customer_elsewhere_in_the_union_without_vat_number_is_parked(
    world: World, finance: Finance, session: Session
) -> None:
    participant = world.creditor(640, connected_on=BEFORE)
    assert participant.invoice_details is not None
    participant.invoice_details.country = "BE"
    session.commit()
    reason, problem = parked(finance.preview())
    assert reason is ParkReason.VAT
    assert "btw-nummer" in problem
    participant.invoice_details.vat_id = "BE0428759497"
    session.commit()
    run = queries.open_run(2026)
    assert run is not None
    with clock.at(JANUARY):
        recheck(run.items[0], finance.one)
    [item] = run.items
    assert (item.outcome, item.vat, item.gross) == (ItemOutcome.INVOICE, ZERO, Decimal("1500.00"))


def test_a_recheck_changes_the_hash_and_only_before_it_is_put_forward(
    world: World, finance: Finance, session: Session
) -> None:
    world.municipality(70_361, name="Gemeente Aadorp", connected_on=BEFORE)
    creditor = world.creditor(None, name="Doorstroom B.V.", connected_on=BEFORE)
    run = finance.preview()
    before = run.preview_hash
    world.files(creditor, 640)
    session.commit()
    item = queries.item(run.id, creditor.id)
    with clock.at(JANUARY):
        recheck(item, finance.one)
        assert item.outcome is ItemOutcome.INVOICE
        assert run.preview_hash != before
        put_forward(run, finance.one)
        with pytest.raises(Refused, match="nog niet is voorgelegd"):
            recheck(item, finance.one)
