"""Whom a simulation reckons with, and scenarios that were kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload, selectinload, undefer

from billing.kinds import NO_CATEGORY, FeeKind
from billing.models import Charge, Invoice, InvoiceLine
from billing.simulator import facts
from billing.simulator.facts import Facts
from billing.simulator.kinds import Population
from billing.simulator.models import ScenarioAttachment, TariffScenario
from billing.simulator.rules import NO_AUDIENCE, Result, Subscription, Tariffs, simulate
from billing.tariffs.queries import Outcome, municipalities_as_debt_counsellors, outcomes, policy_on
from billing.tariffs.recording.rules import from_json
from billing.tariffs.rules import NoCategory, Policy, classify
from core.db import session
from core.errors import NotFound, UserError
from core.money import euros
from participants.kinds import Basis
from participants.models import Organisation, Participant


def day_of(year: int, today: date) -> date:
    """The day by which a year is reckoned: its first, or today when that is past."""
    return max(date(year, 1, 1), today)


def facts_of(population: Population, year: int, today: date) -> Facts:
    """Who takes part on the day of a year, or all municipalities as if each were a debt counsellor, with the table that
    holds on that day. Raises UserError when tariffs or settings are missing."""
    day = day_of(year, today)
    policy = policy_on(day)
    rows = municipalities(day) if population is Population.MUNICIPALITIES else subscriptions(policy, day, year)
    return Facts(policy.table, Tariffs(policy.categories, policy.open_top), rows)


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
        is_zero=row.is_zero,
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


# ------------------------------------------------------------------------------------------------- scenarios


def scenarios() -> list[TariffScenario]:
    """All that were kept, last changed first."""
    query = (
        select(TariffScenario)
        .options(joinedload(TariffScenario.maker), selectinload(TariffScenario.attachments))
        .order_by(TariffScenario.changed_at.desc(), TariffScenario.id.desc())
    )
    return list(session().execute(query).scalars())


def scenario(key: int) -> TariffScenario:
    """Raises NotFound."""
    query = (
        select(TariffScenario)
        .options(
            joinedload(TariffScenario.maker),
            joinedload(TariffScenario.copied_from),
            selectinload(TariffScenario.attachments).joinedload(ScenarioAttachment.decision),
            undefer(TariffScenario.facts),
        )
        .where(TariffScenario.id == key)
    )
    found = session().execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound("Dit scenario bestaat niet. Bekijk de lijst met scenario's.")
    return found


def facts_kept(row: TariffScenario) -> Facts:
    """What a scenario was reckoned from, with the names of today."""
    known = {} if row.population is Population.MUNICIPALITIES else participant_names()
    return facts.read(row.facts, known)


def participant_names() -> dict[str, str]:
    """By key."""
    query = select(Participant.id, Organisation.name, Participant.unit_name).join(Participant.organisation)
    return {str(key): f"{name} – {unit}" if unit else name for key, name, unit in session().execute(query)}


def outcome(row: TariffScenario, kept: Facts) -> Result:
    """What a scenario brings in, from the facts that it keeps."""
    return simulate(
        kept.population,
        kept.present,
        Tariffs(from_json(row.rows), kept.present.open_top),
        ends_zero_tariff=row.ends_zero_tariff,
        budget=row.budget,
    )


class Freshness:
    """Whether scenarios are still up to date with the administration. Each population is read once."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._live: dict[tuple[Population, int], Facts | None] = {}

    def changes(self, row: TariffScenario, kept: Facts | None = None) -> list[str]:
        """What changed since it was reckoned; nothing when that cannot be read, or its year is over."""
        if row.year < self._today.year:
            return []
        key = (row.population, row.year)
        if key not in self._live:
            try:
                self._live[key] = facts_of(*key, self._today)
            except UserError:
                self._live[key] = None
        live = self._live[key]
        return facts.changes(kept or facts.read(row.facts, {}), live) if live else []
