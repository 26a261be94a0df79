"""Which creditors a debt counsellor approaches through the hub."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Numbered


class CreditorSelection(Base, Numbered):
    """A choice with a start: all creditors, or those of the list. In force: the latest that has started; without any,
    all."""

    __tablename__ = "creditor_selections"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    starts_on: Mapped[date]
    chosen_at: Mapped[datetime]
    is_everybody: Mapped[bool]

    creditors: Mapped[list[SelectedCreditor]] = relationship(back_populates="selection")


class SelectedCreditor(Base):
    """One creditor in a choice."""

    __tablename__ = "selected_creditors"

    selection_id: Mapped[int] = mapped_column(ForeignKey("creditor_selections.id"), primary_key=True)
    creditor_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), primary_key=True)

    selection: Mapped[CreditorSelection] = relationship(back_populates="creditors")
