"""Reads about requests to correct an invoice."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from billing.corrections.kinds import CorrectionStage
from billing.corrections.models import InvoiceCorrection
from core.db import session
from core.errors import NotFound
from participants.models import Participant


def _corrections() -> Select[InvoiceCorrection]:
    return select(InvoiceCorrection).options(
        joinedload(InvoiceCorrection.invoice),
        joinedload(InvoiceCorrection.participant).joinedload(Participant.organisation),
    )


def correction(correction_id: int) -> InvoiceCorrection:
    """Raises NotFound."""
    found = session().execute(_corrections().where(InvoiceCorrection.id == correction_id)).scalar_one_or_none()
    if found is None:
        raise NotFound("Dit verzoek om correctie bestaat niet. Bekijk de lijst.")
    return found


def open_corrections() -> list[InvoiceCorrection]:
    """Those that wait on finance, oldest first."""
    query = _corrections().where(InvoiceCorrection.stage == CorrectionStage.OPEN).order_by(InvoiceCorrection.id)
    return list(session().execute(query).scalars())


def correction_list(stage: CorrectionStage | None) -> Select[InvoiceCorrection]:
    """All of one stage, or all; newest first."""
    query = _corrections().order_by(InvoiceCorrection.id.desc())
    return query if stage is None else query.where(InvoiceCorrection.stage == stage)


def corrections_of(invoice_id: int) -> list[InvoiceCorrection]:
    """About one invoice, newest first."""
    query = _corrections().where(InvoiceCorrection.invoice_id == invoice_id).order_by(InvoiceCorrection.id.desc())
    return list(session().execute(query).scalars())
