"""Who was told, and when, that a version ends."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Numbered


class RetirementNotice(Base, Numbered):
    """One participant was told that a version ends, by mail."""

    __tablename__ = "retirement_notices"

    module_version_id: Mapped[int] = mapped_column(ForeignKey("module_versions.id"), index=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    sent_at: Mapped[datetime]
    is_reminder: Mapped[bool]
    mails: Mapped[int]
    """To how many addresses."""
