"""Requests to correct an invoice."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from billing.corrections.kinds import CorrectionKind, CorrectionStage
from billing.models import Invoice
from core.db import Base, Numbered
from core.kinds import labelled_column
from participants.models import Participant


class InvoiceCorrection(Base, Numbered):
    """What somebody who pays says is wrong. The invoice itself never changes; what follows is another one."""

    __tablename__ = "invoice_corrections"

    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"), index=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"))
    kind: Mapped[CorrectionKind] = mapped_column(labelled_column(CorrectionKind, "kind"))
    proposed: Mapped[str | None]
    """What it should be; an address has several lines."""
    explanation: Mapped[str | None]
    name: Mapped[str]
    """Of who asks; nobody has proven it."""
    email: Mapped[str]
    asked_at: Mapped[datetime]
    stage: Mapped[CorrectionStage] = mapped_column(
        labelled_column(CorrectionStage, "stage"), default=CorrectionStage.OPEN
    )
    answer: Mapped[str | None]
    """As it was mailed."""
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.key"))

    invoice: Mapped[Invoice] = relationship()
    participant: Mapped[Participant] = relationship()

    __table_args__ = (
        CheckConstraint("stage <> 'open' OR answered_at IS NULL", name="answered"),
        Index("ix_invoice_corrections_stage_id", "stage", "id"),
    )
