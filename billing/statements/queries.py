"""What stands on the statement of account of a participant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from billing.kinds import InvoiceKind
from billing.models import Invoice
from billing.prepayments.queries import given_back_to
from billing.queries import document_of
from billing.statements.rules import Movement, MovementKind, Statement, statement
from core.db import session


def movements_of(participant_id: int) -> Iterator[Movement]:
    """All movements of a participant, oldest first."""
    given_back = given_back_to(participant_id)
    query = (
        select(Invoice)
        .where(Invoice.participant_id == participant_id)
        .options(joinedload(Invoice.credits))
        .order_by(Invoice.issued_on, Invoice.id)
    )
    for row in session().execute(query).scalars():
        document = document_of(row)
        if row.kind is InvoiceKind.CREDIT_NOTE:
            about = f"Bij factuur {row.credits.number}" if row.credits else ""
            yield Movement(row.issued_on, MovementKind.CREDIT_NOTE, row.number, about, row.gross)
            if back := given_back.get(row.id):
                yield Movement(row.issued_on, MovementKind.PREPAID, row.number, "Weer te verrekenen", back)
            continue
        about = "; ".join(line.description for line in document.lines)
        yield Movement(row.issued_on, MovementKind.INVOICE, row.number, about, row.gross)
        if document.prepaid:
            yield Movement(
                row.issued_on, MovementKind.PREPAID, row.number, f"Bij factuur {row.number}", -document.prepaid
            )


def statement_of(participant_id: int, on: date, year: int | None = None) -> Statement:
    """The statement as it stood at the end of a day."""
    return statement(movements_of(participant_id), on, year)


def years_of(participant_id: int) -> list[int]:
    """Years in which something was invoiced or credited, latest first."""
    query = select(Invoice.issued_on).where(Invoice.participant_id == participant_id)
    return sorted({day.year for day in session().execute(query).scalars()}, reverse=True)
