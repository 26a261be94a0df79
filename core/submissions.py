"""A form that is sent twice acts once: each form page carries a random key that can be used up once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, session
from core.errors import UserError

KEPT = timedelta(days=30)


class Submission(Base):
    """A used key and where the first sending led to."""

    __tablename__ = "submissions"

    key: Mapped[str] = mapped_column(primary_key=True)
    received_at: Mapped[datetime] = mapped_column(index=True)
    result: Mapped[str | None]


def new_key() -> str:
    return secrets.token_urlsafe(24)


def _checked(key: str | None) -> str:
    key = (key or "")[:200]
    if len(key) < 16 or not (key.isascii() and key.isprintable()):
        raise UserError("Het formulier kwam niet volledig aan. Ververs de pagina en verstuur het opnieuw.")
    return key


def first_time(key: str | None) -> bool:
    """Claim the key in the running transaction. False when it was used before; waits for a simultaneous sending.

    Raises UserError for something that `new_key` did not make.
    """
    statement = insert(Submission).values(key=_checked(key), received_at=clock.now()).on_conflict_do_nothing()
    return bool(session().execute(statement.returning(Submission.key)).scalar_one_or_none())


def remember(key: str, result: str) -> None:
    """Store what the first sending led to, for instance a number."""
    row = session().get(Submission, _checked(key))
    if row is not None:
        row.result = result


def result_of(key: str) -> str | None:
    row = session().get(Submission, _checked(key))
    return row.result if row else None


def forget_old() -> int:
    """Remove keys that were used more than thirty days ago. Returns how many."""
    result = session().execute(delete(Submission).where(Submission.received_at < clock.now() - KEPT))
    return int(getattr(result, "rowcount", 0))
