"""Reads of what stands, for many participants at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from billing.changes.kinds import ChangeCause, ChangeStage
from billing.changes.models import CategoryChange
from billing.kinds import FeeKind
from billing.models import Charge, Invoice, InvoiceLine, TariffRow
from billing.standing.rules import Decided, Invoiced, Standing
from core.db import is_among, session


def standing_of(participant_ids: Collection[int], day: date) -> dict[int, Standing]:
    """What stands for these participants when a category on a day is asked; two queries. Who has no invoice and no
    decided change is left out."""
    decided = _decided(participant_ids)
    invoiced = _invoiced(participant_ids, day.year)
    return {key: Standing(invoiced.get(key), tuple(decided.get(key, ()))) for key in {*decided, *invoiced}}


def _invoiced(participant_ids: Collection[int], until_year: int) -> dict[int, Invoiced]:
    query = (
        select(Charge.participant_id, Charge.year, Invoice.number, TariffRow.basis, InvoiceLine.basis_number)
        .join(Invoice, Invoice.id == Charge.invoice_id)
        .join(InvoiceLine, InvoiceLine.invoice_id == Invoice.id)
        .join(TariffRow, TariffRow.id == InvoiceLine.tariff_row_id)
        .where(
            is_among(Charge.participant_id, participant_ids),
            Charge.fee_kind == FeeKind.ANNUAL,
            Charge.credited_by_id.is_(None),
            Charge.year <= until_year,
            InvoiceLine.fee_kind == FeeKind.ANNUAL,
        )
        .ext(distinct_on(Charge.participant_id))
        .order_by(Charge.participant_id, Charge.year.desc(), InvoiceLine.position)
    )
    return {
        key: Invoiced(year, invoice, basis, number)
        for key, year, invoice, basis, number in session().execute(query)
        if number is not None
    }


def _decided(participant_ids: Collection[int]) -> dict[int, list[Decided]]:
    query = (
        select(CategoryChange)
        .where(
            is_among(CategoryChange.participant_id, participant_ids),
            CategoryChange.stage.in_([ChangeStage.APPROVED, ChangeStage.DECLINED]),
        )
        .order_by(CategoryChange.effective_on, CategoryChange.id)
    )
    found: dict[int, list[Decided]] = {}
    for row in session().execute(query).scalars():
        assert row.effective_on is not None and row.decided_on is not None  # noqa: S101, PT018  a constraint says so
        found.setdefault(row.participant_id, []).append(
            Decided(
                row.effective_on,
                row.decided_on,
                row.basis,
                row.old_number,
                row.new_number,
                row.stage is ChangeStage.APPROVED,
                row.cause is ChangeCause.MEASURED,
            )
        )
    return found
