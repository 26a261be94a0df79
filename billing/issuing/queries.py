"""What would stand on an invoice: drafts, made with what holds on the day of issue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from flask import current_app

from billing import rules
from billing.documents import Buyer, InvoiceDocument, Line, Seller
from billing.issuing.documents import Draft, DraftLine
from billing.kinds import FeeKind, InvoiceKind, VatCategory
from billing.prepayments import rules as prepayments
from billing.prepayments.kinds import Available
from billing.prepayments.queries import available_to
from billing.rules import NoVatTreatment, VatTreatment
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
from core.errors import UserError
from core.money import ZERO
from governance.kinds import SettingName
from governance.models import Decision, Operator
from governance.queries import number_on, operator_on, value_on
from participants.models import Participant
from participants.order_numbers.queries import OrderNumber


@dataclass
class Circumstances:
    """What holds on the day of issue for every invoice; read once, also for many."""

    today: date
    operator: Operator
    percentage: Decimal
    """VAT, in per cent."""
    vat_setting: str
    """How the seller's service is taxed: standard or exempt."""
    exemption_text: str
    term_days: int
    zero_kind: InvoiceKind
    """What somebody gets who pays nothing: a numbered invoice of € 0,00, or a statement."""
    is_example: bool
    policies: dict[date, Policy] = field(default_factory=dict)
    decisions: dict[int, str] = field(default_factory=dict)
    sellers: dict[bool, Seller] = field(default_factory=dict)

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
            vat_setting=value_on(SettingName.VAT_TREATMENT, today),
            exemption_text=value_on(SettingName.VAT_EXEMPTION_TEXT, today),
            term_days=int(number_on(SettingName.PAYMENT_TERM_DAYS, today)),
            zero_kind=InvoiceKind.STATEMENT
            if value_on(SettingName.ZERO_INVOICE, today) == "statement"
            else InvoiceKind.INVOICE,
            is_example=operator.fictional or settings.is_demo,
        )

    def seller(self, *, something_to_pay: bool) -> Seller:
        """The operator as it stands on an invoice of today. Raises UserError when its data are incomplete."""
        if something_to_pay not in self.sellers:
            self.sellers[something_to_pay] = Seller.of(self.operator, something_to_pay=something_to_pay)
        return self.sellers[something_to_pay]

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
        why_nothing=why_nothing(found, zero, connected_on, year),
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
        why_nothing=why_nothing(found, zero, connected_on, connected_on.year),
    )


class UnclearVat(UserError):
    """It is not known how VAT works for a customer; the sentence says what to do."""


def vat_of(buyer: Buyer, now: Circumstances) -> VatTreatment:
    """The VAT of a customer. Raises UnclearVat."""
    try:
        return rules.vat_treatment(now.vat_setting, now.percentage, buyer.country, buyer.vat_id, now.exemption_text)
    except NoVatTreatment as error:
        raise UnclearVat(str(error)) from error


def _wishes(participant: Participant) -> dict[str, Any]:
    """In which language and format the participant wants its invoices."""
    details = participant.invoice_details
    if details is None:
        return {}
    return {"language": details.language, "profile": details.e_invoice_profile}


def _taxed(lines: Sequence[Line]) -> Iterator[tuple[Decimal, Decimal, VatCategory]]:
    return ((line.net, line.vat_percentage, line.vat_category) for line in lines)


def with_totals(document: InvoiceDocument, now: Circumstances) -> InvoiceDocument:
    """With the sums of its VAT totals, and the day to pay before."""
    net = sum((line.net for line in document.lines), ZERO)
    vat = sum((total.vat for total in document.vat_totals), ZERO)
    is_invoice, to_pay = document.kind is InvoiceKind.INVOICE, net + vat - document.prepaid
    due_on = rules.due_day(now.today, now.term_days, to_pay) if is_invoice else None
    return replace(document, net=net, vat=vat, gross=net + vat, due_on=due_on)


def with_prepayment(what: Draft, available: Available, now: Circumstances) -> Draft:
    """With what is left of the prepayments of the participant: the benefit as a discount, what was paid taken off what
    is to be paid."""
    applied, use = prepayments.apply(what, available)
    if use is None:
        return what
    document = with_totals(applied.document, now)
    if not document.to_pay:
        document = replace(document, seller=replace(document.seller, iban=None))
    return replace(applied, document=document)


def draft(
    participant: Participant,
    basis: Basis,
    now: Circumstances,
    *,
    by_mail: bool = True,
    available: Available | None = None,
    order: OrderNumber | None = None,
) -> Draft:
    """The invoice of a participant, with what is left of its prepayments; `available` and `order` number are given when
    many are drafted, otherwise they are looked up. Raises UserError when invoice details or seller data are missing,
    UnclearVat when it is not known how VAT works for the participant."""
    left = available_to(participant.id) if available is None else available
    return with_prepayment(_without_prepayment(participant, basis, now, order, by_mail=by_mail), left, now)


def _without_prepayment(
    participant: Participant, basis: Basis, now: Circumstances, order: OrderNumber | None, *, by_mail: bool
) -> Draft:
    found = basis.found
    buyer = Buyer.of(participant, order)
    vat = vat_of(buyer, now)
    lines = tuple(Line(fee.description, fee.net, vat.percentage, vat.category) for fee in basis.fees)
    document = with_totals(
        InvoiceDocument(
            number="",
            kind=InvoiceKind.INVOICE if any(line.net for line in lines) else now.zero_kind,
            issued_on=now.today,
            due_on=None,
            starts_on=basis.starts_on,
            ends_on=basis.ends_on,
            seller=now.seller(something_to_pay=any(line.net for line in lines)),
            buyer=buyer,
            category=found.category,
            explanation=found.sentence,
            decision=now.decision(basis.fees[-1].decision_id),
            why_nothing=basis.why_nothing,
            lines=lines,
            vat_totals=rules.vat_totals(_taxed(lines), vat.exemption_text),
            net=ZERO,
            vat=ZERO,
            gross=ZERO,
            credited=None,
            example=now.is_example,
            **_wishes(participant),
        ),
        now,
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
                vat_percentage=vat.percentage,
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
