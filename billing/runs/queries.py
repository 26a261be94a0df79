"""Reads about invoice runs."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from billing.kinds import InvoiceKind
from billing.models import Invoice, InvoiceFile, InvoiceMail, InvoiceSeries
from billing.runs import rules
from billing.runs.events import RUN_WITHDRAWN
from billing.runs.kinds import OPEN, ItemOutcome, ParkReason, RunStage
from billing.runs.models import InvoiceHold, InvoiceRun, RunItem
from billing.runs.planning.queries import subscriptions
from billing.runs.rules import Completeness, Progress
from core import clock, filters
from core.audit import AuditEvent, Person
from core.db import session
from core.errors import NotFound
from core.money import ZERO
from governance.models import Operator
from participants.models import Participant

# --------------------------------------------------------------------------------------------------- runs


def run(run_id: int) -> InvoiceRun:
    """A run. Raises NotFound."""
    found = session().get(InvoiceRun, run_id)
    if found is None:
        raise NotFound("Deze facturatieronde bestaat niet. Bekijk de lijst met rondes.")
    return found


def runs() -> list[InvoiceRun]:
    """All runs, latest first."""
    return list(session().execute(select(InvoiceRun).order_by(InvoiceRun.id.desc())).scalars())


def open_run(year: int) -> InvoiceRun | None:
    """The run of a year that is not finished or withdrawn."""
    query = select(InvoiceRun).where(InvoiceRun.year == year, InvoiceRun.stage.in_(OPEN))
    return session().execute(query).scalar_one_or_none()


def latest_run(year: int) -> InvoiceRun | None:
    """The open run of a year, or else the last one that was issued."""
    query = (
        select(InvoiceRun)
        .where(InvoiceRun.year == year, InvoiceRun.stage != RunStage.WITHDRAWN)
        .order_by(InvoiceRun.id.desc())
        .limit(1)
    )
    return open_run(year) or session().execute(query).scalar_one_or_none()


def runs_of_stage(stage: RunStage) -> list[InvoiceRun]:
    """Runs in a state, oldest first."""
    return list(
        session().execute(select(InvoiceRun).where(InvoiceRun.stage == stage).order_by(InvoiceRun.id)).scalars()
    )


def runs_to_do() -> list[tuple[int, RunStage]]:
    """Runs for which the system has something to do, oldest first."""
    query = select(InvoiceRun.id, InvoiceRun.stage).where(InvoiceRun.stage.in_([RunStage.PREPARING, RunStage.APPROVED]))
    return [(key, stage) for key, stage in session().execute(query.order_by(InvoiceRun.id))]


def withdrawn_because(found: InvoiceRun) -> str | None:
    """Why a run was withdrawn; None when it was not."""
    if found.stage is not RunStage.WITHDRAWN:
        return None
    query = select(AuditEvent).where(
        AuditEvent.subject == f"invoice_run:{found.id}", AuditEvent.name == RUN_WITHDRAWN.name
    )
    event = session().execute(query.order_by(AuditEvent.id.desc()).limit(1)).scalar_one_or_none()
    return event.facts.get("reason") if event is not None else None


@dataclass(frozen=True)
class ItemFilter:
    """Which participants of a run are shown; None or empty means everybody."""

    text: str = ""
    outcome: ItemOutcome | None = None
    park_reason: ParkReason | None = None
    category: str = ""
    changed: bool = False
    """Only who pays another amount than last year, or was not invoiced then."""


def items(found: InvoiceRun, chosen: ItemFilter) -> Select[RunItem]:
    """The participants of a run that a filter lets through, unordered."""
    query = select(RunItem).where(RunItem.run_id == found.id).options(joinedload(RunItem.invoice))
    if chosen.text:
        query = query.where(RunItem.name.icontains(chosen.text, autoescape=True))
    if chosen.outcome is not None:
        query = query.where(RunItem.outcome == chosen.outcome)
    if chosen.park_reason is not None:
        query = query.where(RunItem.park_reason == chosen.park_reason)
    if chosen.category:
        query = query.where(RunItem.category == chosen.category)
    if chosen.changed:
        query = query.where(RunItem.draft.is_not(None), RunItem.previous_net.is_distinct_from(RunItem.net))
    return query


def item(run_id: int, participant_id: int) -> RunItem:
    """What a run does for one participant. Raises NotFound."""
    query = select(RunItem).where(RunItem.run_id == run_id, RunItem.participant_id == participant_id)
    found = session().execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound("Deze deelnemer staat niet in deze facturatieronde.")
    return found


@dataclass(frozen=True)
class CategoryTotal:
    """What a run asks of one category, in euros."""

    category: str
    count: int
    net: Decimal
    vat: Decimal
    gross: Decimal
    previous_net: Decimal
    """What the same participants stood invoiced for last year."""


def totals(found: InvoiceRun) -> list[CategoryTotal]:
    """Per category, over what is invoiced, € 0,00 included."""
    query = (
        select(
            RunItem.category,
            func.count(),
            func.sum(RunItem.net),
            func.sum(RunItem.vat),
            func.sum(RunItem.gross),
            func.sum(RunItem.previous_net),
        )
        .where(RunItem.run_id == found.id, RunItem.outcome.in_([ItemOutcome.INVOICE, ItemOutcome.ZERO]))
        .group_by(RunItem.category)
        .order_by(RunItem.category)
    )
    return [
        CategoryTotal(category, count, net, vat, gross, previous or ZERO)
        for category, count, net, vat, gross, previous in session().execute(query)
    ]


def parked_by_reason(found: InvoiceRun) -> list[tuple[ParkReason, int]]:
    """How many are set apart and why, most first."""
    query = (
        select(RunItem.park_reason, func.count())
        .where(RunItem.run_id == found.id, RunItem.park_reason.is_not(None))
        .group_by(RunItem.park_reason)
        .order_by(func.count().desc(), RunItem.park_reason)
    )
    return [(reason, count) for reason, count in session().execute(query) if reason is not None]


def completeness(found: InvoiceRun) -> Completeness:
    """Everybody who had a subscription in the year, counted anew, against what the run does for them."""
    counted = select(RunItem.outcome, func.count()).where(RunItem.run_id == found.id).group_by(RunItem.outcome)
    counts: dict[ItemOutcome, int] = dict(session().execute(counted).all())
    day = filters.local_day(found.previewed_at) or clock.today()
    people = subscriptions(found.year, found.scope, day).with_only_columns(Participant.id).order_by(None)
    return Completeness(
        session().scalar(select(func.count()).select_from(people.distinct().subquery())) or 0,
        counts.get(ItemOutcome.INVOICE, 0),
        counts.get(ItemOutcome.ZERO, 0),
        counts.get(ItemOutcome.PARKED, 0),
        counts.get(ItemOutcome.EARLIER, 0),
    )


def progress(found: InvoiceRun) -> Progress:
    """How many of the invoices of an approved run have their number."""
    to_do = select(func.count(), func.count(RunItem.invoice_id)).where(
        RunItem.run_id == found.id, RunItem.outcome.in_([ItemOutcome.INVOICE, ItemOutcome.ZERO])
    )
    total, done = session().execute(to_do).one()
    until = found.issued_at or clock.now()
    return Progress(done, total, until - (found.approved_at or until))


def delivery_progress(found: InvoiceRun) -> Progress:
    """How many of the invoices of a run have their files, and their mail where they go by mail."""
    ready = (InvoiceFile.id.is_not(None)) & (Invoice.mailed_to.is_(None) | InvoiceMail.invoice_id.is_not(None))
    query = (
        select(func.count(), func.count().filter(ready), func.max(InvoiceFile.made_at))
        .select_from(RunItem)
        .outerjoin(Invoice, Invoice.id == RunItem.invoice_id)
        .outerjoin(InvoiceFile, InvoiceFile.invoice_id == Invoice.id)
        .outerjoin(InvoiceMail, InvoiceMail.invoice_id == Invoice.id)
        .where(RunItem.run_id == found.id, RunItem.outcome.in_([ItemOutcome.INVOICE, ItemOutcome.ZERO]))
    )
    total, done, last = session().execute(query).one()
    until = last if total and done == total else clock.now()
    return Progress(done, total, until - (found.approved_at or until))


# --------------------------------------------------------------------------------------------------- numbers


@dataclass(frozen=True)
class SeriesReport:
    """One series of numbers and what is missing in it: nothing."""

    seller: str
    year: int
    kind: InvoiceKind
    last_number: int
    missing: list[int]
    first_number: int = 1


def series_report(year: int | None = None) -> list[SeriesReport]:
    """Every series, or those of one year, with the numbers that stand on no invoice."""
    query = select(InvoiceSeries, Operator.name).join(Operator, Operator.id == InvoiceSeries.operator_id)
    if year is not None:
        query = query.where(InvoiceSeries.year == year)
    found = []
    for series, seller in session().execute(query.order_by(InvoiceSeries.year, Operator.starts_on, InvoiceSeries.kind)):
        present = session().execute(
            select(Invoice.series_number).where(
                Invoice.operator_id == series.operator_id,
                Invoice.series_year == series.year,
                Invoice.kind == series.kind,
            )
        )
        missing = rules.missing_numbers(series.last_number, present.scalars())
        found.append(SeriesReport(seller, series.year, series.kind, series.last_number, missing))
    return found


def series_of(found: InvoiceRun) -> list[SeriesReport]:
    """The numbers that a run gave out, and what is missing between its first and its last: nothing."""
    ranges = (
        select(
            Invoice.operator_id,
            Operator.name,
            Invoice.series_year,
            Invoice.kind,
            func.min(Invoice.series_number),
            func.max(Invoice.series_number),
        )
        .join(Operator, Operator.id == Invoice.operator_id)
        .join(RunItem, RunItem.invoice_id == Invoice.id)
        .where(RunItem.run_id == found.id, RunItem.outcome != ItemOutcome.EARLIER)
        .group_by(Invoice.operator_id, Operator.name, Invoice.series_year, Invoice.kind)
        .order_by(Invoice.series_year, Invoice.operator_id, Invoice.kind)
    )
    reports = []
    for operator_id, seller, year, kind, first, last in session().execute(ranges):
        present = session().execute(
            select(Invoice.series_number).where(
                Invoice.operator_id == operator_id,
                Invoice.series_year == year,
                Invoice.kind == kind,
                Invoice.series_number.between(first, last),
            )
        )
        missing = sorted(set(range(first, last + 1)) - set(present.scalars()))
        reports.append(SeriesReport(seller, year, kind, last, missing, first))
    return reports


def names_of(keys: Iterable[uuid.UUID | None]) -> dict[uuid.UUID | None, str]:
    """Who is behind the keys of the audit trail; a name that was erased is not known any more."""
    query = select(Person.key, Person.name).where(Person.key.in_([key for key in keys if key]))
    return {key: name or "naam gewist" for key, name in session().execute(query)}


def hold_of(participant_id: int) -> InvoiceHold | None:
    """The hold on the invoices of a participant."""
    query = select(InvoiceHold).where(InvoiceHold.participant_id == participant_id, InvoiceHold.lifted_at.is_(None))
    return session().execute(query).scalar_one_or_none()


def holds_to_recheck(on: date) -> list[InvoiceHold]:
    """Held invoices that are to be looked at again, oldest first."""
    query = (
        select(InvoiceHold)
        .where(InvoiceHold.lifted_at.is_(None), InvoiceHold.recheck_on <= on)
        .options(joinedload(InvoiceHold.participant))
    )
    return list(session().execute(query.order_by(InvoiceHold.recheck_on)).scalars())
