"""Invoices of units of one organisation, with a total for each and for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from billing.models import Invoice
from core.db import session
from core.money import ZERO
from participants.models import Participant
from participants.order_numbers.queries import OrderNumber, order_number


@dataclass(frozen=True)
class Unit:
    """One unit with its invoices and credit notes, newest first."""

    participant: Participant
    order_number: OrderNumber
    invoices: Sequence[Invoice]

    @property
    def name(self) -> str:
        """The unit, and its role where the organisation takes part as a whole."""
        unit = self.participant.unit_name or "Hele organisatie"
        return f"{unit}, {self.participant.role.in_a_sentence}"

    @property
    def total(self) -> Decimal:
        """Invoiced minus credited, in euros with VAT."""
        return sum((invoice.gross for invoice in self.invoices), ZERO)


def units_with_invoices(participants: Sequence[Participant], year: int | None) -> list[Unit]:
    """These participants with their invoices over a year, or over all years."""
    query = (
        select(Invoice)
        .where(Invoice.participant_id.in_([one.id for one in participants]))
        .options(joinedload(Invoice.credits), selectinload(Invoice.credit_notes))
        .order_by(Invoice.issued_at.desc(), Invoice.id.desc())
    )
    if year is not None:
        query = query.where(Invoice.year == year)
    found: dict[int, list[Invoice]] = {one.id: [] for one in participants}
    for invoice in session().execute(query).unique().scalars():
        found[invoice.participant_id].append(invoice)
    return [Unit(one, order_number(one), found[one.id]) for one in participants]


def years_of(participants: Sequence[Participant]) -> list[int]:
    """Years for which any of these was invoiced, latest first."""
    query = select(Invoice.year).where(Invoice.participant_id.in_([one.id for one in participants])).distinct()
    return list(session().execute(query.order_by(Invoice.year.desc())).scalars())
