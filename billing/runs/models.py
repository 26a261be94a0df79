"""Invoice runs with an item for each participant, and participants whose invoice is held."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from billing.models import Invoice
from billing.runs.kinds import ItemOutcome, ParkReason, RunScope, RunStage
from core.db import Base, Numbered
from core.kinds import labelled_column
from core.money import Euros
from participants.models import Participant


class InvoiceRun(Base, Numbered):
    """The annual fees of one year for everybody in its scope. What was approved is its hash."""

    __tablename__ = "invoice_runs"

    year: Mapped[int]
    scope: Mapped[RunScope] = mapped_column(labelled_column(RunScope, "scope"))
    stage: Mapped[RunStage] = mapped_column(labelled_column(RunStage, "stage"), index=True)
    prepared_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.key"))
    """Who had it prepared; None on the command line without a name."""
    started_at: Mapped[datetime]
    previewed_at: Mapped[datetime | None]
    basis: Mapped[dict[str, Any]]
    """Tariff table with its rows, decisions and settings by which it was calculated, as plain values."""
    input_hash: Mapped[str | None]
    """SHA-256 over `basis` and the facts of every participant."""
    preview_hash: Mapped[str | None]
    """SHA-256 over what would be invoiced, parked and left alone."""
    approval_id: Mapped[int | None] = mapped_column(ForeignKey("approvals.id"))
    approved_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.key"))
    approved_at: Mapped[datetime | None]
    issued_at: Mapped[datetime | None]
    """When the last of its invoices got its number."""

    items: Mapped[list[RunItem]] = relationship(order_by="RunItem.position", back_populates="run")

    __table_args__ = (
        Index(
            "uq_invoice_runs_open",
            "year",
            unique=True,
            postgresql_where=text("stage IN ('preparing', 'previewed', 'put_forward', 'approved')"),
        ),
    )


class RunItem(Base, Numbered):
    """What a run does for one participant. It lies fixed once its invoice is issued."""

    __tablename__ = "invoice_run_items"

    run_id: Mapped[int] = mapped_column(ForeignKey("invoice_runs.id"))
    position: Mapped[int]
    """Order of the invoices: by name."""
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    name: Mapped[str]
    """Of the participant, as it was called then."""
    outcome: Mapped[ItemOutcome] = mapped_column(labelled_column(ItemOutcome, "outcome"))
    park_reason: Mapped[ParkReason | None] = mapped_column(labelled_column(ParkReason, "park_reason"))
    problem: Mapped[str | None]
    """Why it is parked and what has to be done, in Dutch."""
    recheck_on: Mapped[date | None]
    """Day from which a held invoice is to be looked at again."""
    facts: Mapped[dict[str, Any]]
    """What the amount rests on: role, connection date, numbers with their source, zero tariff."""
    draft: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """The invoice as approved, without number and days of issue."""
    category: Mapped[str]
    net: Mapped[Decimal] = mapped_column(Euros)
    vat: Mapped[Decimal] = mapped_column(Euros)
    gross: Mapped[Decimal] = mapped_column(Euros)
    previous_net: Mapped[Decimal | None] = mapped_column(Euros)
    """The annual fee on the standing invoice over the year before; None without one."""
    difference: Mapped[str]
    """How it differs from last year and why, in one sentence."""
    content_hash: Mapped[str]
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoices.id"))
    """The invoice that was issued; of an EARLIER one the invoice that stands."""

    run: Mapped[InvoiceRun] = relationship(back_populates="items")
    participant: Mapped[Participant] = relationship()
    invoice: Mapped[Invoice | None] = relationship()

    __table_args__ = (
        UniqueConstraint("run_id", "participant_id"),
        UniqueConstraint("run_id", "position"),
        Index(
            "uq_invoice_run_items_invoice_id",
            "invoice_id",
            unique=True,
            postgresql_where=text("outcome <> 'earlier'"),
        ),
        CheckConstraint("(outcome = 'parked') = (problem IS NOT NULL)", name="problem"),
        CheckConstraint("(outcome = 'parked') = (park_reason IS NOT NULL)", name="park_reason_given"),
    )


class InvoiceHold(Base, Numbered):
    """A participant to whom no invoice of a run goes for the time being, for instance because of a dispute."""

    __tablename__ = "invoice_holds"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    reason: Mapped[str]
    recheck_on: Mapped[date]
    placed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.key"))
    placed_at: Mapped[datetime]
    lifted_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.key"))
    lifted_at: Mapped[datetime | None]

    participant: Mapped[Participant] = relationship()

    __table_args__ = (
        Index("uq_invoice_holds_one", "participant_id", unique=True, postgresql_where=text("lifted_at IS NULL")),
        CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name="lifted"),
    )
