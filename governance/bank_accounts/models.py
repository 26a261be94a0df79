"""Bank accounts of an operator after its first one, which stands with the operator itself."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Numbered
from governance.models import Operator


class OperatorBankAccount(Base, Numbered):
    """The account to which invoices of an operator are paid from a day on; until the next one starts. Never changed."""

    __tablename__ = "operator_bank_accounts"

    operator_id: Mapped[int] = mapped_column(ForeignKey("operators.id"))
    iban: Mapped[str] = mapped_column(unique=True)
    holder: Mapped[str]
    """The name on the account, which banks compare with what a payer fills in."""
    starts_on: Mapped[date]
    recorded_at: Mapped[datetime]
    proposed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.key"))
    approved_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.key"))

    operator: Mapped[Operator] = relationship()

    __table_args__ = (
        UniqueConstraint("operator_id", "starts_on"),
        CheckConstraint("approved_by <> proposed_by", name="two_people"),
    )
