"""The ledger of prepayments: entries and uses. Rows are only added, and nothing goes below zero (migration 0018)."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from billing.models import Invoice
from billing.prepayments.kinds import EntryKind
from core.db import Base, Numbered
from core.kinds import labelled_column
from core.money import Euros
from governance.models import Decision
from participants.models import Participant


class Prepayment(Base, Numbered):
    """One entry: a prepayment, a contribution in the start period, or a correction of earlier ones."""

    __tablename__ = "prepayments"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    kind: Mapped[EntryKind] = mapped_column(labelled_column(EntryKind, "kind"))
    received_on: Mapped[date]
    paid: Mapped[Decimal] = mapped_column(Euros)
    """In euros with VAT; of a correction the difference."""
    benefit: Mapped[Decimal] = mapped_column(Euros)
    """The agreed benefit in euros without VAT; of a correction the difference."""
    in_start_period: Mapped[bool]
    """Whether the participant contributed in the start period with it, so that a surplus can benefit it."""
    source: Mapped[str]
    """Where it was agreed or can be seen."""
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))
    note: Mapped[str | None]
    requested_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.key"))
    approved_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.key"))
    recorded_at: Mapped[datetime]

    participant: Mapped[Participant] = relationship()
    decision: Mapped[Decision | None] = relationship()

    __table_args__ = (
        CheckConstraint(
            "kind <> 'prepayment' OR (paid >= 0 AND benefit >= 0 AND paid + benefit > 0)", name="prepayment"
        ),
        CheckConstraint(
            "kind <> 'contribution' OR (paid = 0 AND benefit = 0 AND in_start_period)", name="contribution"
        ),
        CheckConstraint("kind <> 'correction' OR paid <> 0 OR benefit <> 0", name="correction"),
        CheckConstraint("requested_by <> approved_by", name="two_people"),
    )


class PrepaymentUse(Base, Numbered):
    """What an invoice took of it, or what a credit note gave back: then the amounts are negative."""

    __tablename__ = "prepayment_uses"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"), index=True)
    """The invoice on which it was used, also of what is given back."""
    credit_note_id: Mapped[int | None] = mapped_column(ForeignKey("invoices.id"), unique=True)
    paid: Mapped[Decimal] = mapped_column(Euros)
    """In euros with VAT."""
    benefit: Mapped[Decimal] = mapped_column(Euros)
    """In euros without VAT."""
    used_at: Mapped[datetime]

    invoice: Mapped[Invoice] = relationship(foreign_keys=invoice_id)
    credit_note: Mapped[Invoice | None] = relationship(foreign_keys=credit_note_id)

    __table_args__ = (
        Index(
            "uq_prepayment_uses_once",
            "invoice_id",
            unique=True,
            postgresql_where=text("credit_note_id IS NULL"),
        ),
        CheckConstraint("paid <> 0 OR benefit <> 0", name="something"),
        CheckConstraint("credit_note_id IS NOT NULL OR (paid >= 0 AND benefit >= 0)", name="use"),
        CheckConstraint("credit_note_id IS NULL OR (paid <= 0 AND benefit <= 0)", name="given_back"),
    )
