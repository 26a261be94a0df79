"""Reads about invoices, named after what they return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from billing import rules
from billing.documents import InvoiceDocument
from billing.kinds import FeeKind, InvoiceKind, VatCategory
from billing.models import Charge, Invoice, InvoiceLine, InvoiceMail
from core.db import session
from core.errors import NotFound, UserError
from core.money import ZERO
from governance.models import Decision
from participants.models import Organisation, Participant
from participants.queries import looks_like


def first_invoice(participant_id: int) -> Invoice | None:
    """The invoice of connecting: the one that stands, else the first that was made; None when there is none yet."""
    standing = (
        select(Invoice)
        .join(Charge, Charge.invoice_id == Invoice.id)
        .where(Charge.participant_id == participant_id, Charge.fee_kind == FeeKind.CONNECTION)
        .order_by(case((Charge.credited_by_id.is_(None), 0), else_=1), Invoice.id)
        .limit(1)
    )
    return session().execute(standing).scalar_one_or_none()


def undelivered(limit: int, *, part: int = 0, of: int = 1) -> list[int]:
    """Ids of invoices that go by mail and have not gone yet, oldest first; of several that share the work, `part`
    (from 0) has those whose id leaves that remainder."""
    query = (
        select(Invoice.id)
        .outerjoin(InvoiceMail, InvoiceMail.invoice_id == Invoice.id)
        .where(Invoice.mailed_to.is_not(None), InvoiceMail.invoice_id.is_(None), Invoice.id % of == part)
    )
    return list(session().execute(query.order_by(Invoice.id).limit(limit)).scalars())


def issued_in(year: int) -> list[int]:
    """Ids of the invoices and credit notes that were issued in a year, in the order of their numbers."""
    query = select(Invoice.id).where(Invoice.series_year == year)
    return list(session().execute(query.order_by(Invoice.operator_id, Invoice.kind, Invoice.series_number)).scalars())


def invoices_of(participant_id: int) -> list[Invoice]:
    """All invoices and credit notes of a participant, newest first."""
    query = (
        select(Invoice)
        .where(Invoice.participant_id == participant_id)
        .options(joinedload(Invoice.credits), selectinload(Invoice.credit_notes))
    )
    return list(session().execute(query.order_by(Invoice.issued_at.desc(), Invoice.id.desc())).scalars())


def invoice_by_number(number: str) -> Invoice | None:
    """The invoice or credit note with this number; None for what does not exist or may not be seen."""
    query = select(Invoice).where(Invoice.number == number.strip().upper())
    return session().execute(query).scalar_one_or_none()


def invoice(number: str, participant_id: int | None = None) -> Invoice:
    """The same with its lines and decisions. Raises NotFound, also when it is of another participant."""
    query = (
        select(Invoice)
        .where(Invoice.number == number)
        .options(
            joinedload(Invoice.lines).joinedload(InvoiceLine.decision),
            joinedload(Invoice.participant).joinedload(Participant.organisation),
            joinedload(Invoice.credits),
            selectinload(Invoice.credit_notes),
        )
    )
    if participant_id is not None:
        query = query.where(Invoice.participant_id == participant_id)
    found = session().execute(query).unique().scalar_one_or_none()
    if found is None:
        raise NotFound("Deze factuur bestaat niet. Bekijk de lijst met facturen.")
    return found


def document_of(row: Invoice) -> InvoiceDocument:
    """The frozen content of an invoice."""
    return InvoiceDocument.from_json(row.document)


def left_of(row: Invoice) -> dict[int, Decimal]:
    """What is left of each line of an invoice after its credit notes: position → euros without VAT."""
    taken = select(InvoiceLine.credits_line_id, func.sum(InvoiceLine.net)).where(
        InvoiceLine.credits_line_id.in_([line.id for line in row.lines])
    )
    sums: dict[int | None, Decimal] = dict(session().execute(taken.group_by(InvoiceLine.credits_line_id)).all())
    return {line.position: line.net + sums.get(line.id, ZERO) for line in row.lines}


def vat_left_of(row: Invoice) -> dict[tuple[VatCategory, Decimal], Decimal]:
    """What is left of the VAT of an invoice after its credit notes, per category and rate."""
    left: dict[tuple[VatCategory, Decimal], Decimal] = {}
    for document in (document_of(row), *(document_of(note) for note in row.credit_notes)):
        for total in document.vat_totals:
            rate = (total.category, total.percentage)
            left[rate] = left.get(rate, ZERO) + total.vat
    return left


def charge(participant_id: int, fee_kind: FeeKind, year: int) -> Charge | None:
    """The standing (not credited) charge of a fee; `year` 0 for what is charged once."""
    query = select(Charge).where(
        Charge.participant_id == participant_id,
        Charge.fee_kind == fee_kind,
        Charge.year == year,
        Charge.credited_by_id.is_(None),
    )
    return session().execute(query).scalar_one_or_none()


def decision_it_rests_on(number: str | None) -> int | None:
    """Id of the decision with a number that somebody typed; None when nothing was. Raises UserError for what is not in
    the register, and for an advice."""
    if not number:
        return None
    found = session().execute(select(Decision).where(Decision.number == number.upper())).scalar_one_or_none()
    if found is None:
        raise UserError("Dit besluit staat niet in het register. Controleer het nummer.", field="decision")
    if found.is_advice:
        raise UserError("Dit is een advies. Vul het nummer van een besluit in.", field="decision")
    return found.id


# ------------------------------------------------------------------------------------------------- the list


@dataclass(frozen=True)
class InvoiceFilter:
    """What the list of invoices shows; None or empty means everything."""

    text: str = ""
    year: int | None = None
    kind: InvoiceKind | None = None
    participant_id: int | None = None
    decision: str = ""
    """Number of a decision on which a line rests."""


SORT_COLUMNS: Mapping[str, Any] = {
    "nummer": Invoice.id,
    "datum": Invoice.issued_on,
    "deelnemer": Organisation.short_name,
    "jaar": Invoice.year,
    "bedrag": Invoice.gross,
}


def invoice_list(chosen: InvoiceFilter) -> Select[Invoice]:
    """The invoices of a filter, unordered, with participant and organisation."""
    query = (
        select(Invoice)
        .join(Invoice.participant)
        .join(Participant.organisation)
        .options(
            contains_eager(Invoice.participant).contains_eager(Participant.organisation),
            selectinload(Invoice.credit_notes),
        )
    )
    filtered: Select[Invoice] = _filtered(query, chosen)
    return filtered


def _filtered(query: Any, chosen: InvoiceFilter) -> Any:
    if chosen.text:
        words = chosen.text.strip()[:100]
        query = query.where(
            or_(
                Invoice.number.contains(words.upper(), autoescape=True),
                Participant.unit_name.icontains(words, autoescape=True),
                looks_like(words),
                *_said_by_a_payer(words),
            )
        )
    if chosen.year is not None:
        query = query.where(Invoice.year == chosen.year)
    if chosen.kind is not None:
        query = query.where(Invoice.kind == chosen.kind)
    if chosen.participant_id is not None:
        query = query.where(Invoice.participant_id == chosen.participant_id)
    if chosen.decision:
        resting = select(InvoiceLine.invoice_id).join(InvoiceLine.decision).where(Decision.number == chosen.decision)
        query = query.where(Invoice.id.in_(resting))
    return query


def _said_by_a_payer(words: str) -> list[ColumnElement[bool]]:
    """What stands on a bank statement: a payment reference, and an amount with VAT, whatever its sign."""
    conditions: list[ColumnElement[bool]] = []
    number = rules.referred_number(words)
    if number is not None:
        conditions.append(func.replace(Invoice.number, "-", "") == number)
    amount = rules.amount_in(words)
    if amount is not None:
        conditions.append(Invoice.gross.in_([amount, -amount]))
    return conditions


@dataclass(frozen=True)
class Totals:
    """Number of invoices and credit notes, and their sums in euros."""

    count: int
    net: Decimal
    vat: Decimal
    gross: Decimal


def totals(chosen: InvoiceFilter) -> Totals:
    """Over everything that the filter lets through, not only the page that is shown."""
    sums = [func.coalesce(func.sum(column), ZERO) for column in (Invoice.net, Invoice.vat, Invoice.gross)]
    query = select(func.count(), *sums).select_from(Invoice).join(Invoice.participant).join(Participant.organisation)
    return Totals(*session().execute(_filtered(query, chosen)).one())


def invoice_years() -> list[int]:
    """Years for which anything was invoiced, latest first."""
    return list(session().execute(select(Invoice.year).distinct().order_by(Invoice.year.desc())).scalars())
