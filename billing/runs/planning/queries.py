"""What a run over a year does for everybody with a subscription in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from billing.changes.queries import undecided_change
from billing.e_invoice.services import problems
from billing.issuing.documents import Draft
from billing.issuing.queries import Basis, Circumstances, UnclearVat, annual_basis, draft, first_basis
from billing.kinds import FeeKind
from billing.models import Charge, Invoice, InvoiceLine
from billing.prepayments.kinds import NOTHING, Available
from billing.prepayments.queries import available
from billing.runs import rules
from billing.runs.kinds import ItemOutcome, ParkReason, RunScope
from billing.runs.models import InvoiceHold
from billing.runs.planning.documents import Plan
from billing.runs.rules import LastYear, ThisYear
from billing.tariffs.queries import CannotClassify, Numbers, numbers_of
from core.db import session
from core.errors import UserError
from participants.kinds import OrganisationKind
from participants.models import ConnectionPeriod, Participant, Role
from participants.order_numbers.queries import OrderNumber, order_numbers
from participants.queries import BY_NAME

PUBLIC = frozenset({OrganisationKind.MUNICIPALITY, OrganisationKind.PUBLIC_BODY})


@dataclass(frozen=True)
class _Known:
    """What was invoiced and held, of some participants and a year."""

    charged: Mapping[int, Mapping[FeeKind, int]]
    """By participant: the fees that stand on an invoice, with the id of that invoice."""
    last_year: Mapping[int, LastYear]
    holds: Mapping[int, InvoiceHold]
    available: Mapping[int, Available]
    orders: Mapping[int, OrderNumber]
    """What is left of prepayments, of who has any."""


def plans(
    year: int,
    scope: RunScope,
    now: Circumstances,
    *,
    only: Iterable[int] | None = None,
    checks_e_invoice: bool = True,
) -> list[Plan]:
    """What a run over a year does for everybody with a subscription in it, by name; `only`: for these participants.
    Not `checks_e_invoice`: of what was checked when it was approved.

    Raises UserError when something is missing that concerns everybody: tariffs, settings, data of the seller.
    """
    found = list(session().execute(subscriptions(year, scope, now.today, only)).all())
    periods: dict[int, date] = {}
    people: dict[int, Participant] = {}
    for participant, starts_on in found:
        people.setdefault(participant.id, participant)
        periods.setdefault(participant.id, starts_on)
    numbers = numbers_of(list(people.values()), date(year, 1, 1))
    planner = _Planner(year, _known(people.values(), year), numbers, now, checks_e_invoice)
    return [planner.plan(row, periods[row.id]) for row in people.values()]


def subscriptions(
    year: int, scope: RunScope, today: date, only: Iterable[int] | None = None
) -> Select[Participant, date]:
    """Participants with a subscription in a year, as far as it has begun, and when it began; by name. One that ended
    on the day on which it began counts as none."""
    first_day = date(year, 1, 1)
    query = (
        select(Participant, ConnectionPeriod.starts_on)
        .join(Participant.organisation)
        .join(Participant.role)
        .join(ConnectionPeriod, ConnectionPeriod.participant_id == Participant.id)
        .options(
            joinedload(Participant.organisation),
            joinedload(Participant.role),
            joinedload(Participant.invoice_details),
        )
        .where(ConnectionPeriod.starts_on <= min(today, date(year, 12, 31)))
        .where(
            or_(
                ConnectionPeriod.ends_before.is_(None),
                ConnectionPeriod.ends_before > func.greatest(first_day, ConnectionPeriod.starts_on),
            )
        )
        .order_by(*BY_NAME, ConnectionPeriod.starts_on)
    )
    if scope is not RunScope.EVERYBODY:
        query = query.where(Role.audience == scope.value)
    if only is not None:
        query = query.where(Participant.id.in_(list(only)))
    return query


def _known(participants: Collection[Participant], year: int) -> _Known:
    participant_ids = [row.id for row in participants]
    charges = select(Charge.participant_id, Charge.fee_kind, Charge.invoice_id).where(
        Charge.participant_id.in_(participant_ids),
        Charge.credited_by_id.is_(None),
        or_(Charge.year == 0, (Charge.year == year) & (Charge.fee_kind == FeeKind.ANNUAL)),
    )
    charged: dict[int, dict[FeeKind, int]] = {}
    for participant_id, fee_kind, invoice_id in session().execute(charges):
        charged.setdefault(participant_id, {})[fee_kind] = invoice_id
    holds = select(InvoiceHold).where(InvoiceHold.lifted_at.is_(None), InvoiceHold.participant_id.in_(participant_ids))
    return _Known(
        charged,
        last_year_of(participant_ids, year - 1),
        {row.participant_id: row for row in session().execute(holds).scalars()},
        available(participant_ids),
        order_numbers(participants),
    )


def last_year_of(participant_ids: Sequence[int], year: int) -> dict[int, LastYear]:
    """What stands invoiced as annual fee over a year, after partial credit notes."""
    taken = aliased(InvoiceLine)
    credited = (
        select(func.coalesce(func.sum(taken.net), 0)).where(taken.credits_line_id == InvoiceLine.id).scalar_subquery()
    )
    query = (
        select(
            Charge.participant_id,
            InvoiceLine.net,
            credited,
            InvoiceLine.category,
            InvoiceLine.basis_number,
            InvoiceLine.description,
            Invoice.document["starts_on"].astext,
        )
        .join(Invoice, Invoice.id == Charge.invoice_id)
        .join(InvoiceLine, (InvoiceLine.invoice_id == Invoice.id) & (InvoiceLine.fee_kind == FeeKind.ANNUAL))
        .where(
            Charge.fee_kind == FeeKind.ANNUAL,
            Charge.year == year,
            Charge.credited_by_id.is_(None),
            Charge.participant_id.in_(participant_ids),
        )
    )
    return {
        participant_id: LastYear(
            year,
            net + Decimal(int(cents)) / 100,
            category,
            number,
            description,
            is_whole_year=starts_on == f"{year}-01-01",
        )
        for participant_id, net, cents, category, number, description, starts_on in session().execute(query)
    }


@dataclass(frozen=True)
class _Planner:
    """Plans one participant after another."""

    year: int
    known: _Known
    numbers: Numbers
    now: Circumstances
    checks_e_invoice: bool

    def plan(self, participant: Participant, connected_on: date) -> Plan:
        """What the run does for a participant."""
        before = self.known.last_year.get(participant.id)
        empty = Plan(
            participant_id=participant.id,
            name=participant.name,
            outcome=ItemOutcome.PARKED,
            facts={"role": participant.role.label, "connected_on": connected_on.isoformat()},
            difference="",
            previous_net=before.net if before else None,
        )
        return self._earlier(empty) or self._held(empty) or self._drafted(empty, participant, connected_on)

    def _earlier(self, empty: Plan) -> Plan | None:
        invoice_id = self.known.charged.get(empty.participant_id, {}).get(FeeKind.ANNUAL)
        if invoice_id is None:
            return None
        why = "Het jaartarief over dit jaar staat al op een factuur"
        return replace(empty, outcome=ItemOutcome.EARLIER, difference=why, invoice_id=invoice_id)

    def _held(self, empty: Plan) -> Plan | None:
        hold = self.known.holds.get(empty.participant_id)
        if hold is None:
            return None
        return replace(empty, park_reason=ParkReason.DISPUTED, problem=hold.reason, recheck_on=hold.recheck_on)

    def _drafted(self, empty: Plan, participant: Participant, connected_on: date) -> Plan:
        try:
            basis = self._basis(participant, connected_on)
            left = self.known.available.get(participant.id, NOTHING)
            what = draft(participant, basis, self.now, available=left, order=self.known.orders.get(participant.id))
        except CannotClassify as error:
            return replace(empty, park_reason=ParkReason.NO_NUMBER, problem=error.message)
        except UnclearVat as error:
            return replace(empty, park_reason=ParkReason.VAT, problem=error.message)
        except UserError as error:
            if participant.invoice_details is not None:
                raise  # it concerns everybody
            return replace(empty, park_reason=ParkReason.NO_DETAILS, problem=error.message)
        facts = {**empty.facts, **_facts(basis)}
        if (why := self._why_not(participant, basis, what)) is not None:
            return replace(empty, facts=facts, park_reason=why[0], problem=why[1])
        is_free = basis.zero is not None and basis.zero.is_free_in(self.year)
        asked = ThisYear(what.annual_net, basis.found.category, basis.found.number, is_free)
        return replace(
            empty,
            outcome=ItemOutcome.INVOICE if what.document.gross else ItemOutcome.ZERO,
            facts=facts,
            difference=rules.difference(self.known.last_year.get(participant.id), asked),
            category=basis.found.category,
            draft=what,
        )

    def _why_not(self, participant: Participant, basis: Basis, what: Draft) -> tuple[ParkReason, str] | None:
        """What keeps an invoice that could be made from being sent."""
        if change := undecided_change(participant, basis.found):
            return ParkReason.CATEGORY, change.sentence
        if problem := _lacks_reference(participant, what):
            return ParkReason.NO_REFERENCE, problem
        if self.checks_e_invoice and not what.document.is_statement and (found := problems(what.document)):
            return ParkReason.E_INVOICE, " ".join(f"{one.text} Aan zet: {one.mender.label}." for one in found)
        return None

    def _basis(self, participant: Participant, connected_on: date) -> Basis:
        if connected_on.year == self.year:
            charged = frozenset(self.known.charged.get(participant.id, {}))
            return first_basis(participant, connected_on, charged, self.now)
        return annual_basis(participant, self.year, connected_on, self.now, self.numbers)


def _lacks_reference(participant: Participant, what: Draft) -> str | None:
    buyer = what.document.buyer
    if not rules.must_state_reference(
        is_public_body=participant.organisation.kind in PUBLIC,
        reference=buyer.reference,
        order_number=buyer.purchase_order_number,
    ):
        return None
    return (
        f"{participant.name} is een overheid; zonder kenmerk of inkoopordernummer verwerkt zij een e-factuur niet."
        " Vraag het na en vul het in bij de factuurgegevens."
    )


def _facts(basis: Basis) -> dict[str, Any]:
    return {
        "basis": basis.found.basis,
        "counts": [{"who": count.who, "number": count.number, "source": count.source} for count in basis.found.counts],
        "zero_tariff": basis.zero is not None,
        "sentence": basis.found.sentence,
    }
