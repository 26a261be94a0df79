"""Issue and credit invoices. Callers hold scope staff or JOB and a transaction.

What is issued lies fixed: number, lines and parties are written once, under a lock on the series, so that numbers have
no gaps; a correction is a credit note for the whole invoice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from billing import queries, rules
from billing.delivery.services import deliver
from billing.documents import Buyer, Credited, InvoiceDocument, Line, Seller
from billing.events import CREDIT_REFUSED, INVOICE_CREDITED, INVOICE_ISSUED
from billing.kinds import FeeKind, InvoiceKind
from billing.models import Charge, Invoice, InvoiceLine, InvoiceSeries
from billing.tariffs.queries import classification_of, policy_on
from billing.tariffs.rules import (
    Classification,
    Fee,
    Policy,
    annual_charge,
    connection_charge,
    first_year_charge,
    why_nothing,
)
from core import clock, filters
from core.audit import Actor, Entry, record
from core.config import Settings
from core.db import advisory_lock, session
from core.errors import Refused
from core.money import ZERO
from governance.kinds import SettingName
from governance.models import Decision, Operator
from governance.queries import number_on, operator_on
from participants.models import Participant
from participants.queries import connection_period


@dataclass(frozen=True)
class _Basis:
    """What the lines of an invoice rest on."""

    found: Classification
    fees: Sequence[Fee]
    starts_on: date
    ends_on: date
    year: int
    why_nothing: str | None


# --------------------------------------------------------------------------------------------------- issuing


def issue_first_invoice(participant: Participant, connected_on: date, actor: Actor) -> Invoice:
    """The invoice of connecting: the connection fee, and the annual fee over the rest of the year.

    At € 0,00 too it is a numbered invoice. What was invoiced before is not invoiced again: then the existing invoice
    comes back. Raises UserError when invoice details or seller data are missing, CannotClassify when a number is.
    """
    _take_turns(participant.id)
    connection = queries.charge(participant.id, FeeKind.CONNECTION, 0)
    annual = queries.charge(participant.id, FeeKind.ANNUAL, connected_on.year)
    if annual is not None and connection is not None:
        return session().get_one(Invoice, connection.invoice_id)
    policy = policy_on(connected_on)
    found = classification_of(participant, connected_on, policy)
    zero = policy.zero_rule(connected_on)
    fees = []
    if connection is None:
        fees.append(connection_charge(found, zero))
    if annual is None:
        fees.append(first_year_charge(found, zero, connected_on, policy.first_year))
    basis = _Basis(
        found=found,
        fees=fees,
        starts_on=connected_on,
        ends_on=date(connected_on.year, 12, 31),
        year=connected_on.year,
        why_nothing=why_nothing(found, zero, connected_on),
    )
    invoice = _issue(participant, basis, actor)
    deliver(invoice)
    return invoice


def issue_annual_invoice(
    participant: Participant, year: int, actor: Actor, *, policy: Policy | None = None, by_mail: bool = True
) -> Invoice:
    """The annual fee over a calendar year, for a subscription that began before it. A subscription that began under a
    zero tariff gets € 0,00. The existing invoice comes back when that year was invoiced before.

    `policy`: of 1 January of the year, when many are issued. The PDF is made and mailed by a job, so that issuing many
    does not wait for it; without `by_mail` it is made when somebody asks for it.

    Raises Refused without such a subscription, and what `issue_first_invoice` raises.
    """
    _take_turns(participant.id)
    first_day = date(year, 1, 1)
    existing = queries.charge(participant.id, FeeKind.ANNUAL, year)
    if existing is not None:
        return session().get_one(Invoice, existing.invoice_id)
    period = connection_period(participant.id, first_day)
    if period is None or period.starts_on >= first_day:
        raise Refused(
            f"{participant.name} had op {filters.day(first_day)} nog geen lopend abonnement. Het jaartarief over het"
            " eerste jaar staat op de eerste factuur."
        )
    policy = policy or policy_on(first_day)
    found = classification_of(participant, first_day, policy)
    zero = policy.zero_rule(period.starts_on)
    basis = _Basis(
        found=found,
        fees=[annual_charge(found, zero, year)],
        starts_on=first_day,
        ends_on=date(year, 12, 31),
        year=year,
        why_nothing=why_nothing(found, zero, period.starts_on, year),
    )
    return _issue(participant, basis, actor, by_mail=by_mail)


def _take_turns(participant_id: int) -> None:
    """Two colleagues (or a run and a colleague) invoice one participant one after the other."""
    advisory_lock(f"billing-participant-{participant_id}")


def _issue(participant: Participant, basis: _Basis, actor: Actor, *, by_mail: bool = True) -> Invoice:
    today = clock.today()
    percentage = number_on(SettingName.VAT_PERCENTAGE, today)
    lines = tuple(Line(fee.description, fee.net, percentage) for fee in basis.fees)
    vat_totals = rules.vat_totals((line.net, line.vat_percentage) for line in lines)
    net = sum((line.net for line in lines), ZERO)
    vat = sum((total.vat for total in vat_totals), ZERO)
    term = int(number_on(SettingName.PAYMENT_TERM_DAYS, today))
    operator = operator_on(today)
    decision = session().get_one(Decision, basis.fees[-1].decision_id)
    document = InvoiceDocument(
        number="",
        kind=InvoiceKind.INVOICE,
        issued_on=today,
        due_on=rules.due_day(today, term, net + vat),
        starts_on=basis.starts_on,
        ends_on=basis.ends_on,
        seller=Seller.of(operator, something_to_pay=net + vat > 0),
        buyer=Buyer.of(participant),
        category=basis.found.category,
        explanation=basis.found.sentence,
        decision=_decision_text(decision),
        why_nothing=basis.why_nothing,
        lines=lines,
        vat_totals=vat_totals,
        net=net,
        vat=vat,
        gross=net + vat,
        credited=None,
        example=_is_example(operator),
    )
    invoice = _write(document, participant, operator, basis.year, by_mail=by_mail)
    for position, fee in enumerate(basis.fees, start=1):
        session().add(
            InvoiceLine(
                invoice_id=invoice.id,
                position=position,
                fee_kind=fee.kind,
                description=fee.description,
                net=fee.net,
                vat_percentage=percentage,
                tariff_row_id=basis.found.row_id,
                decision_id=fee.decision_id,
                category=basis.found.category,
                basis_number=basis.found.number,
            )
        )
        session().add(Charge(participant_id=participant.id, fee_kind=fee.kind, year=fee.year, invoice_id=invoice.id))
    session().flush()
    record(
        INVOICE_ISSUED,
        actor,
        participant_id=participant.id,
        subject=f"invoice:{invoice.id}",
        number=invoice.number,
        amount=filters.euro(invoice.gross),
        name=participant.name,
    )
    return invoice


# --------------------------------------------------------------------------------------------------- crediting


def credit_invoice(invoice: Invoice, reason: str, actor: Actor) -> Invoice:
    """Take a whole invoice back with a mirrored credit note, from the operator in force today, in its own series.
    Afterwards its fees can be invoiced again.

    Raises Refused (audited) for a credit note, and for an invoice that was credited before.
    """
    _take_turns(invoice.participant_id)
    session().expire(invoice)
    reason = reason.strip()
    if not reason:
        raise Refused("Schrijf in één of twee zinnen waarom u deze factuur crediteert.", field="reason")
    _check_creditable(invoice, actor)
    participant = invoice.participant
    original = queries.document_of(invoice)
    today = clock.today()
    operator = operator_on(today)
    document = replace(
        original,
        kind=InvoiceKind.CREDIT_NOTE,
        issued_on=today,
        due_on=None,
        seller=Seller.of(operator, something_to_pay=False),
        lines=tuple(replace(line, net=-line.net) for line in original.lines),
        vat_totals=tuple(replace(total, net=-total.net, vat=-total.vat) for total in original.vat_totals),
        net=-original.net,
        vat=-original.vat,
        gross=-original.gross,
        credited=Credited(original.number, original.issued_on, original.seller.name, reason),
        example=original.example or _is_example(operator),
    )
    credit_note = _write(document, participant, operator, invoice.year, credits_id=invoice.id)
    for line in invoice.lines:
        session().add(
            InvoiceLine(
                invoice_id=credit_note.id,
                position=line.position,
                fee_kind=line.fee_kind,
                description=line.description,
                net=-line.net,
                vat_percentage=line.vat_percentage,
                tariff_row_id=line.tariff_row_id,
                decision_id=line.decision_id,
                category=line.category,
                basis_number=line.basis_number,
            )
        )
    for charge in session().execute(select(Charge).where(Charge.invoice_id == invoice.id)).scalars():
        charge.credited_by_id = credit_note.id
    session().flush()
    record(
        INVOICE_CREDITED,
        actor,
        participant_id=participant.id,
        subject=f"invoice:{invoice.id}",
        number=invoice.number,
        name=participant.name,
        credit_note=credit_note.number,
        reason=reason,
    )
    deliver(credit_note)
    return credit_note


def _check_creditable(invoice: Invoice, actor: Actor) -> None:
    why = None
    if invoice.kind is InvoiceKind.CREDIT_NOTE:
        why = "een creditnota kunt u niet crediteren. Maak zo nodig een nieuwe factuur."
    elif invoice.credited_by is not None:
        why = f"deze factuur is al gecrediteerd met creditnota {invoice.credited_by.number}."
    if why:
        facts = {"number": invoice.number, "why": why}
        entry = Entry(CREDIT_REFUSED, actor, facts, invoice.participant_id, f"invoice:{invoice.id}")
        raise Refused(why[:1].upper() + why[1:], entry=entry)


# --------------------------------------------------------------------------------------------------- parts


def _is_example(operator: Operator) -> bool:
    settings: Settings = current_app.extensions["settings"]
    return operator.fictional or settings.is_demo


def _decision_text(decision: Decision) -> str:
    return f"{decision.title} ({decision.number}, {filters.day(decision.decided_on)})"


def _take_number(operator: Operator, year: int, kind: InvoiceKind) -> int:
    """The next number of the series. Its row stays locked until the end of the transaction: whoever comes next waits,
    and a number that is not used goes back."""
    statement = (
        insert(InvoiceSeries)
        .values(operator_id=operator.id, year=year, kind=kind, last_number=1)
        .on_conflict_do_update(
            index_elements=[InvoiceSeries.operator_id, InvoiceSeries.year, InvoiceSeries.kind],
            set_={"last_number": InvoiceSeries.last_number + 1},
        )
        .returning(InvoiceSeries.last_number)
    )
    return int(session().execute(statement).scalar_one())


def _seller_rank(operator: Operator, year: int) -> int:
    """1 for the operator in force when the year began, 2 for the next in the same year."""
    began = select(func.count()).where(Operator.starts_on > date(year, 1, 1), Operator.starts_on <= operator.starts_on)
    return 1 + int(session().scalar(began) or 0)


def _write(
    document: InvoiceDocument,
    participant: Participant,
    operator: Operator,
    year: int,
    *,
    credits_id: int | None = None,
    by_mail: bool = True,
) -> Invoice:
    """Give the document its number and file it for good."""
    series_year = document.issued_on.year
    position = _take_number(operator, series_year, document.kind)
    number = rules.invoice_number(document.kind, series_year, position, _seller_rank(operator, series_year))
    document = replace(document, number=number)
    invoice = Invoice(
        number=number,
        kind=document.kind,
        participant_id=participant.id,
        operator_id=operator.id,
        series_year=series_year,
        series_number=position,
        issued_on=document.issued_on,
        issued_at=clock.now(),
        due_on=document.due_on,
        year=year,
        net=document.net,
        vat=document.vat,
        gross=document.gross,
        document=document.to_json(),
        mailed_to=participant.invoice_details.email if by_mail and participant.invoice_details else None,
        credits_id=credits_id,
    )
    session().add(invoice)
    session().flush()
    return invoice
