"""Yearly requests to participants, with their answers."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.approvals import Approval
from core.db import Base, Numbered
from participants.models import Participant


class DeclarationRequest(Base, Numbered):
    """What a participant was asked in a year: its invoice details, and when its tariff goes by files, how many it had
    in the last full year. Once per participant and year."""

    __tablename__ = "declaration_requests"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"))
    year: Mapped[int] = mapped_column(index=True)
    """The year in which it is asked; the number is about the year before."""
    asks_number: Mapped[bool]
    asked_at: Mapped[datetime]
    mailed_to: Mapped[str | None]
    """None when no address was known."""
    asked_again_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.key"))
    number: Mapped[int | None]
    """What was declared."""
    details_changed: Mapped[bool | None]
    """Whether the invoice details were changed with the answer."""
    approval_id: Mapped[int | None] = mapped_column(ForeignKey("approvals.id"))
    """When another number had to be agreed on first."""

    participant: Mapped[Participant] = relationship()
    approval: Mapped[Approval | None] = relationship()

    __table_args__ = (
        UniqueConstraint("participant_id", "year"),
        CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL) AND (answered_at IS NULL) = (details_changed IS NULL)",
            name="answer",
        ),
        CheckConstraint("(number IS NULL) = (answered_at IS NULL OR NOT asks_number)", name="number"),
    )

    @property
    def about_year(self) -> int:
        """The last full year, which the number is about."""
        return self.year - 1
