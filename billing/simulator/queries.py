"""Whom a simulation reckons with, and scenarios that were kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from billing.kinds import NO_CATEGORY, FeeKind
from billing.models import Charge, Invoice, InvoiceLine
from billing.simulator.kinds import Population
from billing.simulator.rules import NO_AUDIENCE, Subscription, Tariffs
from billing.tariffs.queries import Outcome, municipalities_as_debt_counsellors, outcomes, policy_on
from billing.tariffs.rules import NoCategory, Policy, classify
from core.db import session
from core.money import euros
from participants.kinds import Basis


@dataclass(frozen=True)
class Facts:
    """What a simulation begins with: read once."""

    year: int
    table: str
    """Name of the table that holds now."""
    present: Tariffs
    population: list[Subscription]


def day_of(year: int, today: date) -> date:
    """The day by which a year is reckoned: its first, or today when that is past."""
    return max(date(year, 1, 1), today)


def facts(population: Population, year: int, today: date) -> Facts:
    """Who takes part on the day of a year, or all municipalities as if each were a debt counsellor, with the table that
    holds on that day. Raises UserError when tariffs or settings are missing."""
    day = day_of(year, today)
    policy = policy_on(day)
    rows = municipalities(day) if population is Population.MUNICIPALITIES else subscriptions(policy, day, year)
    return Facts(year, policy.table, Tariffs(policy.categories, policy.open_top), rows)


def municipalities(day: date) -> list[Subscription]:
    """Every municipality that exists on a day as one debt counsellor of its own, by name."""
    return [Subscription(name, name, "shv", found.number) for name, found in municipalities_as_debt_counsellors(day)]


def subscriptions(policy: Policy, day: date, year: int) -> list[Subscription]:
    """Everybody whose subscription runs on a day, by name, with what was invoiced over the year before."""
    invoiced = annual_fees_invoiced(year - 1)
    return [_subscription(row, policy, year, invoiced.get(row.participant.id)) for row in outcomes(day)]


def _subscription(row: Outcome, policy: Policy, year: int, last_year: Decimal | None) -> Subscription:
    participant, found = row.participant, row.found
    has_fee = participant.role.basis is not Basis.NONE
    number = found.number if found else None
    return Subscription(
        key=str(participant.id),
        name=participant.name,
        audience=participant.role.audience if has_fee else NO_AUDIENCE,
        number=number,
        fixed=_fixed(row, policy) if has_fee else NO_CATEGORY,
        is_zero=row.zero is not None,
        last_year=last_year,
        problem=row.problem,
    )


def _fixed(row: Outcome, policy: Policy) -> str | None:
    """The category that somebody is in whatever its number: by an exception, or because the change to another one was
    not decided on yet."""
    found = row.found
    if found is None:
        return None
    if found.number is None:
        return found.category
    try:
        by_number = classify(policy.categories[row.participant.role.audience], found.number)
    except NoCategory:
        return found.category
    return None if by_number.name == found.category else found.category


def annual_fees_invoiced(year: int) -> dict[int, Decimal]:
    """The annual fee over a year that stands invoiced, without VAT, by participant: what was credited is taken off."""
    of_invoice, note = aliased(InvoiceLine), aliased(Invoice)
    credited = (
        select(func.coalesce(func.sum(of_invoice.net), 0))
        .join(note, note.id == of_invoice.invoice_id)
        .where(note.credits_id == Charge.invoice_id, of_invoice.fee_kind == FeeKind.ANNUAL)
        .correlate(Charge)
        .scalar_subquery()
    )
    query = (
        select(Charge.participant_id, func.sum(InvoiceLine.net), credited)
        .join(InvoiceLine, InvoiceLine.invoice_id == Charge.invoice_id)
        .where(
            Charge.fee_kind == FeeKind.ANNUAL,
            Charge.year == year,
            Charge.credited_by_id.is_(None),
            InvoiceLine.fee_kind == FeeKind.ANNUAL,
        )
        .group_by(Charge.participant_id, Charge.invoice_id)
    )
    return {participant_id: _euros(net) + _euros(back) for participant_id, net, back in session().execute(query)}


def _euros(amount: Decimal | int | None) -> Decimal:
    return euros(amount or 0)


def names(rows: Iterable[Subscription]) -> dict[str, str]:
    """By key."""
    return {row.key: row.name for row in rows}
