"""What would stand on an invoice: drafts, made with what holds on the day of issue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from flask import current_app

from billing import rules
from billing.documents import Buyer, InvoiceDocument, Line, Seller
from billing.issuing.documents import Draft, DraftLine
from billing.kinds import FeeKind, InvoiceKind
from billing.tariffs.queries import Numbers, classification_of, policy_on
from billing.tariffs.rules import (
    Classification,
    Fee,
    Policy,
    ZeroRule,
    annual_charge,
    connection_charge,
    first_year_charge,
    why_nothing,
)
from core import clock, filters
from core.config import Settings
from core.db import session
from core.money import ZERO
from governance.kinds import SettingName
from governance.models import Decision, Operator
from governance.queries import number_on, operator_on
from participants.models import Participant


@dataclass
class Circumstances:
    """What holds on the day of issue for every invoice; read once, also for many."""

    today: date
    operator: Operator
    percentage: Decimal
    """VAT, in per cent."""
    term_days: int
    is_example: bool
    policies: dict[date, Policy] = field(default_factory=dict)
    decisions: dict[int, str] = field(default_factory=dict)

    @classmethod
    def now(cls) -> Circumstances:
        """Raises UserError when the operator or a setting is missing."""
        today = clock.today()
        operator = operator_on(today)
        settings: Settings = current_app.extensions["settings"]
        return cls(
            today=today,
            operator=operator,
            percentage=number_on(SettingName.VAT_PERCENTAGE, today),
            term_days=int(number_on(SettingName.PAYMENT_TERM_DAYS, today)),
            is_example=operator.fictional or settings.is_demo,
        )

    def policy(self, day: date) -> Policy:
        """The tariffs of a day."""
        if day not in self.policies:
            self.policies[day] = policy_on(day)
        return self.policies[day]

    def decision(self, decision_id: int) -> str:
        """A decision as it is named on an invoice."""
        if decision_id not in self.decisions:
            row = session().get_one(Decision, decision_id)
            self.decisions[decision_id] = f"{row.title} ({row.number}, {filters.day(row.decided_on)})"
        return self.decisions[decision_id]


@dataclass(frozen=True)
class Basis:
    """What the lines of an invoice rest on."""

    found: Classification
    zero: ZeroRule | None
    fees: Sequence[Fee]
    starts_on: date
    ends_on: date
    """The last day."""
    year: int
    why_nothing: str | None


def annual_basis(
    participant: Participant, year: int, connected_on: date, now: Circumstances, numbers: Numbers | None = None
) -> Basis:
    """The annual fee over a calendar year, of a subscription that began before it. Raises CannotClassify."""
    first_day = date(year, 1, 1)
    policy = now.policy(first_day)
    found = classification_of(participant, first_day, policy, numbers)
    zero = policy.zero_rule(connected_on)
    return Basis(
        found=found,
        zero=zero,
        fees=[annual_charge(found, zero, year)],
        starts_on=first_day,
        ends_on=date(year, 12, 31),
        year=year,
        why_nothing=why_nothing(found, zero, connected_on),
    )


def first_basis(participant: Participant, connected_on: date, charged: frozenset[FeeKind], now: Circumstances) -> Basis:
    """The invoice of connecting: what was not charged yet of the connection fee and the annual fee over the rest of the
    year. Raises CannotClassify."""
    policy = now.policy(connected_on)
    found = classification_of(participant, connected_on, policy)
    zero = policy.zero_rule(connected_on)
    fees = []
    if FeeKind.CONNECTION not in charged:
        fees.append(connection_charge(found, zero))
    if FeeKind.ANNUAL not in charged:
        fees.append(first_year_charge(found, zero, connected_on, policy.first_year))
    return Basis(
        found=found,
        zero=zero,
        fees=fees,
        starts_on=connected_on,
        ends_on=date(connected_on.year, 12, 31),
        year=connected_on.year,
        why_nothing=why_nothing(found, zero, connected_on),
    )


def draft(participant: Participant, basis: Basis, now: Circumstances, *, by_mail: bool = True) -> Draft:
    """The invoice of a participant. Raises UserError when invoice details or seller data are missing."""
    found = basis.found
    lines = tuple(Line(fee.description, fee.net, now.percentage) for fee in basis.fees)
    vat_totals = rules.vat_totals((line.net, line.vat_percentage) for line in lines)
    net = sum((line.net for line in lines), ZERO)
    vat = sum((total.vat for total in vat_totals), ZERO)
    document = InvoiceDocument(
        number="",
        kind=InvoiceKind.INVOICE,
        issued_on=now.today,
        due_on=rules.due_day(now.today, now.term_days, net + vat),
        starts_on=basis.starts_on,
        ends_on=basis.ends_on,
        seller=Seller.of(now.operator, something_to_pay=net + vat > 0),
        buyer=Buyer.of(participant),
        category=found.category,
        explanation=found.sentence,
        decision=now.decision(basis.fees[-1].decision_id),
        why_nothing=basis.why_nothing,
        lines=lines,
        vat_totals=vat_totals,
        net=net,
        vat=vat,
        gross=net + vat,
        credited=None,
        example=now.is_example,
    )
    return Draft(
        participant_id=participant.id,
        name=participant.name,
        year=basis.year,
        operator_id=now.operator.id,
        document=document,
        lines=tuple(
            DraftLine(
                fee_kind=fee.kind,
                description=fee.description,
                net=fee.net,
                vat_percentage=now.percentage,
                category=found.category,
                charge_year=fee.year,
                tariff_row_id=found.row_id,
                decision_id=fee.decision_id,
                basis_number=found.number,
            )
            for fee in basis.fees
        ),
        mailed_to=participant.invoice_details.email if by_mail and participant.invoice_details else None,
    )
