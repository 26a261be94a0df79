"""What was told about a zero tariff that has to be looked at again."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class ZeroTariffWarning(Base):
    """That finance was mailed about the review or the end of a zero tariff: once for each day."""

    __tablename__ = "zero_tariff_warnings"

    zero_tariff_id: Mapped[int] = mapped_column(ForeignKey("zero_tariffs.id"), primary_key=True, autoincrement=False)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    """The day by which it is to be looked at, or the last day on which it holds."""
    mailed_at: Mapped[datetime]
