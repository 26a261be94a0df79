"""Message types of a version. Not the messages themselves: those never come here."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.messages.kinds import MessageKind
from core.db import Base, Numbered
from core.kinds import labelled_column


class MessageType(Base, Numbered):
    """One type of message in the set of a version."""

    __tablename__ = "message_types"

    module_version_id: Mapped[int] = mapped_column(ForeignKey("module_versions.id"), index=True)
    code: Mapped[str]
    """Our own, such as "SR.SALDOVERZOEK"."""
    name: Mapped[str]
    kind: Mapped[MessageKind] = mapped_column(labelled_column(MessageKind, "kind"))
    senders: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Values of `Party`."""
    receivers: Mapped[list[str]] = mapped_column(ARRAY(Text))
    answers: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Codes of the messages that it answers."""
    answer_working_days: Mapped[int | None]
    """Within how many working days an answer is expected; None when no source states a term."""
    is_optional: Mapped[bool]
    former_name: Mapped[str | None]
    source: Mapped[str]
    position: Mapped[int]

    __table_args__ = (
        UniqueConstraint("module_version_id", "code"),
        CheckConstraint("cardinality(senders) > 0 AND cardinality(receivers) > 0", name="parties"),
        CheckConstraint("answer_working_days > 0", name="answer_working_days"),
        CheckConstraint(
            "kind NOT IN ('balance_request', 'proposal') OR NOT 'creditor' = ANY (senders)", name="asked_of_creditors"
        ),
        CheckConstraint(
            "kind NOT IN ('balance_answer', 'proposal_answer', 'refusal') OR senders = ARRAY['creditor']",
            name="answered_by_creditors",
        ),
    )
