"""Links that stand on invoices."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from billing.models import Invoice
from core.db import Base, Numbered


class InvoiceLink(Base, Numbered):
    """Opens one invoice without signing in, until it expires or is revoked. Its code is computed, never stored."""

    __tablename__ = "invoice_links"

    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"), index=True)
    made_at: Mapped[datetime]
    expires_on: Mapped[date]
    """First day on which it opens nothing any more."""
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.key"))
    times_opened: Mapped[int] = mapped_column(default=0)
    """Pages and downloads together. Who opened it is not kept."""
    last_opened_at: Mapped[datetime | None]

    invoice: Mapped[Invoice] = relationship()

    __table_args__ = (
        Index("uq_invoice_links_current", "invoice_id", unique=True, postgresql_where=text("revoked_at IS NULL")),
    )

    def opens_on(self, day: date) -> bool:
        return self.revoked_at is None and day < self.expires_on
