"""Purchase order numbers of whole organisations; that of one unit stands in its invoice details."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class OrganisationOrderNumber(Base):
    """What stands on the invoices of all units that have no number of their own."""

    __tablename__ = "organisation_order_numbers"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True, autoincrement=False)
    number: Mapped[str | None]
    changed_at: Mapped[datetime]
