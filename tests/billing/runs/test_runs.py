"""A run is prepared, approved by its hash, and issued; everybody is accounted for."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from billing import services as billing_services
from billing.delivery.services import deliver, file_of
from billing.kinds import InvoiceKind
from billing.models import Charge, Invoice
from billing.runs import queries
from billing.runs.kinds import ItemOutcome, ParkReason, RunScope, RunStage
from billing.runs.models import InvoiceRun, RunItem
from billing.runs.services import put_forward, recalculate, withdraw
from core import approvals, clock
from core.audit import SYSTEM
from core.errors import Conflict, Refused
from core.mail import OutboxMessage
from governance.models import Setting
from participants.models import ConnectionPeriod
from tests.billing.conftest import World
from tests.billing.runs.conftest import JANUARY, Finance

BEFORE = date(2024, 6, 1)


def outcomes(session: Session, run: InvoiceRun) -> dict[str, ItemOutcome]:
    rows = session.execute(select(RunItem.name, RunItem.outcome).where(RunItem.run_id == run.id))
    return dict(rows.all())


def test_a_preview_accounts_for_everybody(world: World, finance: Finance, session: Session) -> None:
    world.municipality(70_361, name="Gemeente Aadorp", connected_on=BEFORE)
    world.municipality(9_000, name="Gemeente Beekloo", connected_on=BEFORE)
    world.municipality(20_000, name="Gemeente Cazand", connected_on=date(2026, 1, 2))
    world.creditor(None, name="Doorstroom B.V.", connected_on=BEFORE)
    world.participant(world.organisation("Gemeente Eikoord"), details=False, connected_on=BEFORE)
    run = finance.preview()
    assert run.stage is RunStage.PREVIEWED
    assert outcomes(session, run) == {
        "Gemeente Aadorp": ItemOutcome.INVOICE,
        "Gemeente Beekloo": ItemOutcome.ZERO,
        "Gemeente Cazand": ItemOutcome.ZERO,
        "Doorstroom B.V.": ItemOutcome.PARKED,
        "Gemeente Eikoord": ItemOutcome.PARKED,
    }
    found = queries.completeness(run)
    assert found.is_complete
    assert (found.subscriptions, found.invoiced, found.zero, found.parked, found.earlier) == (5, 1, 2, 2, 0)
    assert session.scalar(select(func.count()).select_from(Invoice)) == 0


def test_totals_are_per_category(world: World, finance: Finance) -> None:
    for inhabitants in (70_361, 80_000, 20_000):
        world.municipality(inhabitants, name=f"Gemeente {inhabitants}", connected_on=BEFORE)
    totals = queries.totals(finance.preview())
    assert [(row.category, row.count, row.net, row.gross) for row in totals] == [
        ("B", 1, Decimal("750.00"), Decimal("907.50")),
        ("D", 2, Decimal("6000.00"), Decimal("7260.00")),
    ]


def test_who_began_and_ended_on_one_day_or_ended_before_is_not_in_it(
    world: World, finance: Finance, session: Session
) -> None:
    for name, starts_on, ends_before in (
        ("Zelfde dag", date(2026, 1, 3), date(2026, 1, 3)),
        ("Eerder gestopt", BEFORE, date(2026, 1, 1)),
        ("Loopt tot februari", BEFORE, date(2026, 2, 1)),
    ):
        participant = world.municipality(70_361, name=name, connected_on=starts_on)
        period = session.execute(
            select(ConnectionPeriod).where(ConnectionPeriod.participant_id == participant.id)
        ).scalar_one()
        period.ends_before = ends_before
    session.commit()
    assert list(outcomes(session, finance.preview())) == ["Loopt tot februari"]


def test_a_scope_limits_whom_it_is_about(world: World, finance: Finance, session: Session) -> None:
    world.municipality(70_361, name="Gemeente Aadorp", connected_on=BEFORE)
    world.creditor(640, name="Doorstroom B.V.", connected_on=BEFORE)
    run = finance.preview(scope=RunScope.CREDITORS)
    assert list(outcomes(session, run)) == ["Doorstroom B.V."]
    assert queries.completeness(run).is_complete


def test_a_run_is_issued_and_a_rerun_changes_nothing(world: World, finance: Finance, session: Session) -> None:
    for letter in "ABCDE":
        world.municipality(70_361, name=f"Gemeente {letter}", connected_on=BEFORE)
    run = finance.preview()
    finance.approve(run)
    assert finance.issue(run, size=2) == 5
    session.refresh(run)
    assert run.stage is RunStage.ISSUED
    numbers = session.execute(select(Invoice.number).order_by(Invoice.series_number)).scalars().all()
    assert numbers == [f"2026-{n:05}" for n in range(1, 6)]
    assert session.scalar(select(func.count()).select_from(Charge)) == 5
    assert finance.issue(run) == 0
    assert session.scalar(select(func.count()).select_from(Invoice)) == 5
    assert [report.missing for report in queries.series_report()] == [[]]


def test_an_invoice_of_a_run_says_what_the_preview_said(world: World, finance: Finance, session: Session) -> None:
    world.municipality(70_361, name="Gemeente Velsen", connected_on=BEFORE)
    run = finance.whole()
    [item] = run.items
    assert item.invoice is not None
    assert (item.invoice.net, item.invoice.vat, item.invoice.gross) == (item.net, item.vat, item.gross)
    assert item.draft is not None
    frozen = item.invoice.document
    assert {name: frozen[name] for name in item.draft["document"]} == item.draft["document"]
    assert frozen["explanation"] == "Gemeente Velsen: 70.361 inwoners volgens organisaties.overheid.nl, categorie D"
    assert item.invoice.mailed_to == "facturen@voorbeeldveld.invalid"


def test_who_prepared_cannot_approve(world: World, finance: Finance) -> None:
    world.municipality(70_361, connected_on=BEFORE)
    run = finance.preview()
    with clock.at(JANUARY):
        approval = put_forward(run, finance.other)
        with pytest.raises(Refused, match="zelf voorbereid"):
            approvals.approve(approval.id, finance.one)


def test_who_put_it_forward_cannot_approve(world: World, finance: Finance) -> None:
    world.municipality(70_361, connected_on=BEFORE)
    run = finance.preview()
    with clock.at(JANUARY):
        approval = put_forward(run, finance.one)
        with pytest.raises(Refused, match="zelf gevraagd"):
            approvals.approve(approval.id, finance.one)


def test_a_declined_run_can_be_recalculated_and_put_forward_again(world: World, finance: Finance) -> None:
    world.municipality(70_361, connected_on=BEFORE)
    run = finance.preview()
    with clock.at(JANUARY):
        approval = put_forward(run, finance.one)
        approvals.decline(approval.id, finance.other, "Velsen klopt niet.")
        assert run.stage is RunStage.PREVIEWED
        recalculate(run, finance.one)
    finance.approve(run)
    assert run.stage.value == "approved"


def test_what_was_put_forward_cannot_be_changed_underneath(world: World, finance: Finance, session: Session) -> None:
    world.municipality(70_361, connected_on=BEFORE)
    run = finance.preview()
    with clock.at(JANUARY):
        approval = put_forward(run, finance.one)
        session.execute(text("UPDATE invoice_run_items SET content_hash = 'x'"))
        with pytest.raises(Conflict, match="veranderd sinds u haar zag"):
            approvals.approve(approval.id, finance.other)


def test_what_was_approved_lies_fixed_in_the_database(world: World, finance: Finance, session: Session) -> None:
    world.municipality(70_361, connected_on=BEFORE)
    run = finance.preview()
    finance.approve(run)
    for statement in (
        "UPDATE invoice_run_items SET content_hash = 'x'",
        "UPDATE invoice_run_items SET draft = '{}'",
        "DELETE FROM invoice_run_items",
    ):
        with pytest.raises(DBAPIError, match="ligt vast"), session.begin_nested():
            session.execute(text(statement))
    finance.issue(run)
    with pytest.raises(DBAPIError, match="ligt vast"), session.begin_nested():
        session.execute(text("UPDATE invoice_run_items SET invoice_id = NULL"))


def test_a_hash_tells_whether_two_previews_are_the_same(world: World, finance: Finance) -> None:
    participant = world.municipality(70_361, connected_on=BEFORE)
    run = finance.preview()
    before = (run.input_hash, run.preview_hash)
    with clock.at(JANUARY + timedelta(days=1)):
        recalculate(run, finance.one)
        assert (run.input_hash, run.preview_hash) == before
        assert participant.invoice_details is not None
        participant.invoice_details.city = "Elders"
        recalculate(run, finance.one)
        assert run.input_hash == before[0]
        assert run.preview_hash != before[1]


def test_who_changed_after_approval_is_set_apart_and_the_others_go_on(
    world: World, finance: Finance, session: Session
) -> None:
    changed = world.municipality(70_361, name="Gemeente Aadorp", connected_on=BEFORE)
    world.municipality(70_361, name="Gemeente Beekloo", connected_on=BEFORE)
    run = finance.preview()
    finance.approve(run)
    assert changed.invoice_details is not None
    changed.invoice_details.city = "Elders"
    session.commit()
    finance.issue(run)
    [apart, issued] = session.execute(select(RunItem).order_by(RunItem.position)).scalars()
    assert (apart.outcome, apart.park_reason) == (ItemOutcome.PARKED, ParkReason.CHANGED)
    assert "Na het akkoord veranderd" in (apart.problem or "")
    assert issued.invoice is not None
    assert issued.invoice.number == "2026-00001"
    assert run.stage is RunStage.ISSUED
    assert queries.completeness(run).is_complete


def test_who_was_invoiced_meanwhile_is_not_invoiced_twice(world: World, finance: Finance, session: Session) -> None:
    participant = world.municipality(70_361, connected_on=BEFORE)
    run = finance.preview()
    finance.approve(run)
    with clock.at(JANUARY):
        single = billing_services.issue_annual_invoice(participant, 2026, SYSTEM)
    finance.issue(run)
    [item] = run.items
    assert (item.outcome, item.invoice_id) == (ItemOutcome.EARLIER, single.id)
    assert session.scalar(select(func.count()).select_from(Invoice)) == 1


def test_a_run_after_another_takes_only_who_was_left(world: World, finance: Finance, session: Session) -> None:
    world.municipality(70_361, name="Gemeente Aadorp", connected_on=BEFORE)
    creditor = world.creditor(None, name="Doorstroom B.V.", connected_on=BEFORE)
    finance.whole()
    world.files(creditor, 640)
    session.commit()
    second = finance.preview()
    assert outcomes(session, second) == {
        "Doorstroom B.V.": ItemOutcome.INVOICE,
        "Gemeente Aadorp": ItemOutcome.EARLIER,
    }
    assert queries.completeness(second).is_complete


def test_what_was_credited_comes_back_in_the_next_run(world: World, finance: Finance, session: Session) -> None:
    world.municipality(70_361, connected_on=BEFORE)
    run = finance.whole()
    [item] = run.items
    assert item.invoice is not None
    with clock.at(JANUARY):
        billing_services.credit_invoice(item.invoice, "Verkeerde categorie.", SYSTEM)
    assert list(outcomes(session, finance.preview()).values()) == [ItemOutcome.INVOICE]


def test_a_run_compares_with_last_year(world: World, finance: Finance, session: Session) -> None:
    organisation = world.organisation("Gemeente Aadorp")
    world.inhabitants(organisation, 69_000, date(2024, 1, 1))
    world.participant(organisation, connected_on=BEFORE)
    finance.whole(2025, on=date(2025, 1, 6))
    [item] = finance.preview(2026).items
    assert (item.previous_net, item.net, item.difference) == (
        Decimal("1500.00"),
        Decimal("1500.00"),
        "Gelijk aan 2025",
    )


def test_a_withdrawn_or_empty_run_is_not_put_forward(world: World, finance: Finance) -> None:
    empty = finance.preview()
    with clock.at(JANUARY):
        with pytest.raises(Refused, match="niets te factureren"):
            put_forward(empty, finance.one)
        with pytest.raises(Refused, match="waarom"):
            withdraw(empty, " ", finance.one)
        withdraw(empty, "Verkeerd jaar.", finance.one)
        with pytest.raises(Refused, match="ingetrokken"):
            put_forward(empty, finance.one)


# ------------------------------------------------------------------------------------------------- nothing to pay


def test_by_setting_who_pays_nothing_gets_a_statement_without_invoice_number(
    world: World, finance: Finance, session: Session
) -> None:
    world.municipality(70_361, name="Gemeente Aadorp", connected_on=BEFORE)
    world.municipality(9_000, name="Gemeente Beekloo", connected_on=BEFORE)
    session.add(
        Setting(name="zero_invoice", value="statement", starts_on=date(2026, 1, 1), source="proef", to_confirm=False)
    )
    session.commit()
    run = finance.whole()
    found = {item.name: item.invoice for item in run.items}
    invoice, statement = found["Gemeente Aadorp"], found["Gemeente Beekloo"]
    assert invoice is not None
    assert statement is not None
    assert (invoice.number, statement.number) == ("2026-00001", "M2026-00001")
    assert statement.kind is InvoiceKind.STATEMENT
    assert queries.completeness(run).is_complete
    assert [report.missing for report in queries.series_report()] == [[], []]
    with clock.at(JANUARY):
        deliver(statement)
        file = file_of(statement)
    assert file.ubl_sha256 is None
    mail = session.execute(select(OutboxMessage).order_by(OutboxMessage.id.desc())).scalars().first()
    assert mail is not None
    assert "Mededeling over het jaartarief 2026" in mail.subject
    assert "U hoeft niets te betalen" in mail.body
    assert [attachment["media_type"] for attachment in mail.attachments] == ["application/pdf"]
