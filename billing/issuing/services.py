"""Give drafts their numbers and file them for good, one or many at once. Callers hold scope staff or JOB and a
transaction.

The series is locked from the moment that its numbers are taken until the end of the transaction: whoever comes next
waits, and numbers that are not used go back. The database holds it to that: see migration 0013.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from billing import rules
from billing.events import INVOICE_ISSUED, STATEMENT_ISSUED
from billing.issuing.documents import Draft
from billing.kinds import InvoiceKind
from billing.models import Charge, Invoice, InvoiceLine, InvoiceSeries
from billing.prepayments.events import USED
from billing.prepayments.models import PrepaymentUse
from core import clock, filters
from core.audit import Actor, Entry, record_all
from core.db import advisory_locks, next_ids, session
from governance.models import Operator


@dataclass(frozen=True)
class Issued:
    """An invoice that got its number."""

    invoice_id: int
    number: str
    draft: Draft


def take_turns(participant_ids: Sequence[int]) -> None:
    """Two colleagues (or a run and a colleague) invoice one participant one after the other. Always taken before
    numbers, and in the order of the ids, so that nobody waits for each other."""
    advisory_locks("billing-participant", participant_ids)


def issue(drafts: Sequence[Draft], actor: Actor) -> list[Issued]:
    """Number and file drafts of one seller and one kind, in their order. What is issued lies fixed."""
    if not drafts:
        return []
    operator = session().get_one(Operator, drafts[0].operator_id)
    kind, year = drafts[0].document.kind, drafts[0].document.issued_on.year
    if {(draft.operator_id, draft.document.kind, draft.document.issued_on.year) for draft in drafts} != {
        (operator.id, kind, year)
    }:
        raise ValueError("one series at a time")
    first = _take_numbers(operator, year, kind, len(drafts))
    rank, ids = _seller_rank(operator, year), next_ids(Invoice, len(drafts))
    issued = []
    for offset, (key, draft) in enumerate(zip(ids, drafts, strict=True)):
        number = rules.invoice_number(kind, year, first + offset, rank)
        issued.append(Issued(key, number, replace(draft, document=replace(draft.document, number=number))))
    _file(issued, year, first)
    if kind is not InvoiceKind.CREDIT_NOTE:
        record_all(
            Entry(
                INVOICE_ISSUED if kind is InvoiceKind.INVOICE else STATEMENT_ISSUED,
                actor,
                {
                    "number": row.number,
                    "amount": filters.euro(row.draft.document.gross),
                    "name": row.draft.name,
                },
                row.draft.participant_id,
                f"invoice:{row.invoice_id}",
            )
            for row in issued
        )
    _note_uses(issued, actor)
    return issued


def _note_uses(issued: Sequence[Issued], actor: Actor) -> None:
    """What the invoices take of prepayments, with the invoices themselves."""
    uses = [(row, row.draft.use) for row in issued if row.draft.use is not None]
    if not uses:
        return
    moment = clock.now()
    session().execute(
        insert(PrepaymentUse),
        [
            {
                "participant_id": row.draft.participant_id,
                "invoice_id": row.invoice_id,
                "paid": use.paid,
                "benefit": use.benefit,
                "used_at": moment,
            }
            for row, use in uses
        ],
    )
    record_all(
        Entry(
            USED,
            actor,
            {
                "number": row.number,
                "name": row.draft.name,
                "paid": filters.euro(use.paid),
                "benefit": filters.euro(use.benefit),
            },
            row.draft.participant_id,
            f"invoice:{row.invoice_id}",
        )
        for row, use in uses
    )


def _file(issued: Sequence[Issued], year: int, first: int) -> None:
    moment = clock.now()
    invoices, lines, charges = [], [], []
    for offset, row in enumerate(issued):
        draft, document = row.draft, row.draft.document
        invoices.append(
            {
                "id": row.invoice_id,
                "number": row.number,
                "kind": document.kind,
                "participant_id": draft.participant_id,
                "operator_id": draft.operator_id,
                "series_year": year,
                "series_number": first + offset,
                "issued_on": document.issued_on,
                "issued_at": moment,
                "due_on": document.due_on,
                "year": draft.year,
                "net": document.net,
                "vat": document.vat,
                "gross": document.gross,
                "document": document.to_json(),
                "mailed_to": draft.mailed_to,
                "credits_id": draft.credits_id,
                "credits_part": draft.credits_part,
            }
        )
        for position, line in enumerate(draft.lines, start=1):
            lines.append(
                {
                    "invoice_id": row.invoice_id,
                    "position": position,
                    "fee_kind": line.fee_kind,
                    "description": line.description,
                    "net": line.net,
                    "vat_percentage": line.vat_percentage,
                    "tariff_row_id": line.tariff_row_id,
                    "decision_id": line.decision_id,
                    "category": line.category,
                    "basis_number": line.basis_number,
                    "credits_line_id": line.credits_line_id,
                }
            )
            if line.charge_year is not None:
                charges.append(
                    {
                        "participant_id": draft.participant_id,
                        "fee_kind": line.fee_kind,
                        "year": line.charge_year,
                        "invoice_id": row.invoice_id,
                    }
                )
    session().execute(insert(Invoice), invoices)
    session().execute(insert(InvoiceLine), lines)
    if charges:
        session().execute(insert(Charge), charges)


def _take_numbers(operator: Operator, year: int, kind: InvoiceKind, count: int) -> int:
    """The first of so many consecutive numbers of the series."""
    statement = (
        upsert(InvoiceSeries)
        .values(operator_id=operator.id, year=year, kind=kind, last_number=count)
        .on_conflict_do_update(
            index_elements=[InvoiceSeries.operator_id, InvoiceSeries.year, InvoiceSeries.kind],
            set_={"last_number": InvoiceSeries.last_number + count},
        )
        .returning(InvoiceSeries.last_number)
    )
    return int(session().execute(statement).scalar_one()) - count + 1


def _seller_rank(operator: Operator, year: int) -> int:
    """1 for the operator in force when the year began, 2 for the next in the same year; -1 for the one before them,
    which credits its own invoices of earlier years when the setting says so."""
    first_day = date(year, 1, 1)
    if operator.starts_on <= first_day:
        later = select(func.count()).where(Operator.starts_on > operator.starts_on, Operator.starts_on <= first_day)
        return -int(session().scalar(later) or 0) or 1
    began = select(func.count()).where(Operator.starts_on > first_day, Operator.starts_on <= operator.starts_on)
    return 1 + int(session().scalar(began) or 0)
