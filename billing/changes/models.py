"""Changes of category, dated; fixed once they are decided."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from billing.changes.kinds import ChangeCause, ChangeStage
from core.approvals import Approval
from core.db import Base, Numbered
from core.kinds import labelled_column
from core.money import ZERO, Euros
from participants.models import Participant


class CategoryChange(Base, Numbered):
    """A newer number that puts a participant in another category. The old number governs until two people decided; a
    decision cannot be changed, only followed by another."""

    __tablename__ = "category_changes"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    stage: Mapped[ChangeStage] = mapped_column(labelled_column(ChangeStage, "stage"), index=True)
    cause: Mapped[ChangeCause] = mapped_column(labelled_column(ChangeCause, "cause"))
    basis: Mapped[str]
    """inhabitants, files or arrangements: what the numbers count."""
    old_number: Mapped[int]
    old_category: Mapped[str]
    old_fee: Mapped[Decimal] = mapped_column(Euros)
    """Annual fee of the table by the old number …"""
    new_number: Mapped[int]
    new_category: Mapped[str]
    new_fee: Mapped[Decimal] = mapped_column(Euros)
    """… and by the new one."""
    table_name: Mapped[str]
    """The tariff table under which both were classified."""
    pays_nothing: Mapped[bool]
    """The annual fee is € 0,00 for now, by the zero tariff, whatever the category."""
    counted_for: Mapped[date]
    """The day for which the new number was counted: a 1 January."""
    explanation: Mapped[str]
    """The sentence that explains the new category."""
    proposed_at: Mapped[datetime]
    effective_on: Mapped[date | None]
    """From this day the decision holds; known from when it is put forward."""
    approval_id: Mapped[int | None] = mapped_column(ForeignKey("approvals.id"), index=True)
    decided_on: Mapped[date | None]

    participant: Mapped[Participant] = relationship()
    approval: Mapped[Approval | None] = relationship()

    __table_args__ = (
        CheckConstraint("old_category <> new_category", name="another_category"),
        CheckConstraint(
            "stage IN ('proposed', 'lapsed') OR (effective_on IS NOT NULL AND approval_id IS NOT NULL)", name="asked"
        ),
        CheckConstraint("stage NOT IN ('approved', 'declined') OR decided_on IS NOT NULL", name="decided"),
        CheckConstraint("stage <> 'approved' OR effective_on > decided_on", name="to_come"),
        Index(
            "uq_category_changes_open",
            "participant_id",
            unique=True,
            postgresql_where=text("stage IN ('proposed', 'requested')"),
        ),
    )

    @property
    def difference(self) -> Decimal:
        """What is paid more (or, negative, less) a year, in euros without VAT; nothing under the zero tariff."""
        return ZERO if self.pays_nothing else self.new_fee - self.old_fee
