"""A form that is sent twice acts once: each form page carries a random key that can be used up once."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, session


class Submission(Base):
    """A used key and where the first sending led to."""

    __tablename__ = "submissions"

    key: Mapped[str] = mapped_column(primary_key=True)
    received_at: Mapped[datetime] = mapped_column(index=True)
    result: Mapped[str | None]


def new_key() -> str:
    return secrets.token_urlsafe(24)


def first_time(key: str) -> bool:
    """Claim the key in the running transaction. False when it was used before; waits for a simultaneous sending."""
    statement = insert(Submission).values(key=key[:200], received_at=clock.now()).on_conflict_do_nothing()
    return bool(session().execute(statement.returning(Submission.key)).scalar_one_or_none())


def remember(key: str, result: str) -> None:
    """Store what the first sending led to, for instance a number."""
    row = session().get(Submission, key[:200])
    if row is not None:
        row.result = result


def result_of(key: str) -> str | None:
    row = session().get(Submission, key[:200])
    return row.result if row else None
