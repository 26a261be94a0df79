"""Letters about a new bank account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Numbered
from governance.bank_accounts.models import OperatorBankAccount


class IbanLetter(Base, Numbered):
    """That a participant was told of a new account, once. The code in the letter is computed, never stored."""

    __tablename__ = "iban_letters"

    account_id: Mapped[int] = mapped_column(ForeignKey("operator_bank_accounts.id"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_files.sha256"))
    sent_at: Mapped[datetime]
    outbox_message_id: Mapped[int] = mapped_column(ForeignKey("outbox_messages.id"))

    account: Mapped[OperatorBankAccount] = relationship()

    __table_args__ = (UniqueConstraint("account_id", "participant_id"),)
