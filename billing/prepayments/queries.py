"""Reads about prepayments. What is left is always the sum of the rows, never stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from billing.prepayments.kinds import NOTHING, Available, Use
from billing.prepayments.models import Prepayment, PrepaymentUse
from core import filters
from core.db import session
from core.money import ZERO
from participants.models import Participant
from participants.queries import BY_NAME


def available(participant_ids: Iterable[int]) -> dict[int, Available]:
    """What is left for each participant that has a prepayment; two questions, however many participants."""
    keys = list(participant_ids)
    entered = (
        select(
            Prepayment.participant_id,
            func.sum(Prepayment.paid),
            func.sum(Prepayment.benefit),
            func.max(Prepayment.decision_id),
        )
        .where(Prepayment.participant_id.in_(keys))
        .group_by(Prepayment.participant_id)
    )
    rows = session().execute(entered).all()
    used = used_by([row[0] for row in rows]) if rows else {}
    return {
        key: Available(paid - used.get(key, NO_USE).paid, benefit - used.get(key, NO_USE).benefit, decision_id)
        for key, paid, benefit, decision_id in rows
    }


NO_USE = Use(ZERO, ZERO)


def used_by(participant_ids: Iterable[int]) -> dict[int, Use]:
    """What each participant used, after what was given back."""
    query = (
        select(PrepaymentUse.participant_id, func.sum(PrepaymentUse.paid), func.sum(PrepaymentUse.benefit))
        .where(PrepaymentUse.participant_id.in_(list(participant_ids)))
        .group_by(PrepaymentUse.participant_id)
    )
    return {key: Use(paid, benefit) for key, paid, benefit in session().execute(query)}


def available_to(participant_id: int) -> Available:
    """What is left for one participant."""
    return available([participant_id]).get(participant_id, NOTHING)


def used_on(invoice_id: int) -> Use:
    """What an invoice still uses, after what its credit notes gave back."""
    query = select(func.sum(PrepaymentUse.paid), func.sum(PrepaymentUse.benefit)).where(
        PrepaymentUse.invoice_id == invoice_id
    )
    paid, benefit = session().execute(query).one()
    return Use(paid or ZERO, benefit or ZERO)


def has_entries(participant_id: int) -> bool:
    return (
        session().scalar(select(Prepayment.id).where(Prepayment.participant_id == participant_id).limit(1)) is not None
    )


def given_back_to(participant_id: int) -> dict[int, Decimal]:
    """By credit note what it gave back of what was paid, in euros with VAT; only where that is something."""
    query = select(PrepaymentUse.credit_note_id, PrepaymentUse.paid).where(
        PrepaymentUse.participant_id == participant_id,
        PrepaymentUse.credit_note_id.is_not(None),
        PrepaymentUse.paid < ZERO,
    )
    return {key: -paid for key, paid in session().execute(query) if key is not None}


# ------------------------------------------------------------------------------------------------- the ledger


@dataclass(frozen=True)
class LedgerLine:
    """One movement with what is left after it."""

    on: date
    what: str
    invoice_number: str | None
    """Of the invoice or credit note."""
    paid: Decimal
    benefit: Decimal
    left: Available


def ledger(participant_id: int) -> list[LedgerLine]:
    """Every entry and use of a participant, oldest first."""
    entries = select(Prepayment).where(Prepayment.participant_id == participant_id)
    uses = (
        select(PrepaymentUse)
        .where(PrepaymentUse.participant_id == participant_id)
        .options(joinedload(PrepaymentUse.invoice), joinedload(PrepaymentUse.credit_note))
    )
    rows: list[tuple[datetime, bool, int, date, str, str | None, Decimal, Decimal]] = [
        (row.recorded_at, False, row.id, row.received_on, _entry(row), None, row.paid, row.benefit)
        for row in session().execute(entries).scalars()
    ]
    for use in session().execute(uses).scalars():
        document = use.credit_note or use.invoice
        what = "Teruggegeven met creditnota" if use.credit_note else "Verrekend op factuur"
        day = filters.local_day(use.used_at) or document.issued_on
        rows.append((use.used_at, True, use.id, day, what, document.number, -use.paid, -use.benefit))
    lines, paid, benefit = [], ZERO, ZERO
    for _, _, _, day, what, number, more_paid, more_benefit in sorted(rows, key=lambda row: row[:3]):
        paid, benefit = paid + more_paid, benefit + more_benefit
        lines.append(LedgerLine(day, what, number, more_paid, more_benefit, Available(paid, benefit)))
    return lines


def _entry(row: Prepayment) -> str:
    return f"{row.kind.label}{f': {row.note}' if row.note else ''}. Bron: {row.source}"


# ------------------------------------------------------------------------------------------------- lists


@dataclass(frozen=True)
class Holding:
    """What a participant entered, used and has left."""

    participant: Participant
    paid: Decimal
    benefit: Decimal
    used: Use
    in_start_period: bool
    sources: str
    first_on: date

    @property
    def left(self) -> Available:
        return Available(self.paid - self.used.paid, self.benefit - self.used.benefit)


def holdings(*, only_start_period: bool = False) -> list[Holding]:
    """Everybody with an entry, by name; or those marked as contributor of the start period."""
    sums = (
        select(
            Prepayment.participant_id,
            func.sum(Prepayment.paid).label("paid"),
            func.sum(Prepayment.benefit).label("benefit"),
            func.bool_or(Prepayment.in_start_period).label("in_start_period"),
            func.string_agg(Prepayment.source.distinct(), "; ").label("sources"),
            func.min(Prepayment.received_on).label("first_on"),
        )
        .where(Prepayment.in_start_period if only_start_period else Prepayment.id.is_not(None))
        .group_by(Prepayment.participant_id)
        .subquery()
    )
    query: Select[Participant, Decimal, Decimal, bool, str, date] = (
        select(
            Participant,
            sums.c.paid,
            sums.c.benefit,
            sums.c.in_start_period,
            sums.c.sources,
            sums.c.first_on,
        )
        .join(sums, sums.c.participant_id == Participant.id)
        .join(Participant.organisation)
        .options(joinedload(Participant.organisation), joinedload(Participant.role))
        .order_by(*BY_NAME)
    )
    rows = session().execute(query).all()
    used = used_by([row[0].id for row in rows])
    return [
        Holding(participant, paid, benefit, used.get(participant.id, NO_USE), marked, sources, first_on)
        for participant, paid, benefit, marked, sources, first_on in rows
    ]


def is_marked(participant_id: int) -> bool:
    """Whether a participant is marked as contributor of the start period."""
    query = select(Prepayment.id).where(Prepayment.participant_id == participant_id, Prepayment.in_start_period)
    return session().scalar(query.limit(1)) is not None
