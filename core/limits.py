"""Limits on attempts, kept in PostgreSQL so that they hold for all workers together."""

from __future__ import annotations

import hashlib
import hmac
import math
from datetime import UTC, datetime, timedelta

from flask import current_app
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, session
from core.errors import TooMany


class RateCount(Base):
    """Attempts per key and window. The key is a keyed hash: no address or mail address is stored."""

    __tablename__ = "rate_counts"

    key: Mapped[str] = mapped_column(primary_key=True)
    window_starts_at: Mapped[datetime] = mapped_column(primary_key=True, index=True)
    attempts: Mapped[int]


def count_attempt(kind: str, who: str, *, limit: int, window: timedelta, message: str | None = None) -> None:
    """Count one attempt of `who` (an address, an account) at `kind`; raises TooMany above `limit` per window.

    Call it in a transaction of its own, so that a refused attempt is counted as well.
    """
    seconds = int(window.total_seconds())
    now = clock.now()
    starts_at = datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)
    secret = str(current_app.config["SECRET_KEY"]).encode()
    key = hmac.new(secret, f"{kind}\n{who}".encode(), hashlib.sha256).hexdigest()
    statement = (
        insert(RateCount)
        .values(key=key, window_starts_at=starts_at, attempts=1)
        .on_conflict_do_update(
            index_elements=[RateCount.key, RateCount.window_starts_at],
            set_={"attempts": RateCount.attempts + 1},
        )
        .returning(RateCount.attempts)
    )
    attempts = session().execute(statement).scalar_one()
    if attempts > limit:
        session().commit()  # the count must survive the refusal
        rest = math.ceil((starts_at + window - now).total_seconds())
        raise TooMany(
            message or f"Dit is te vaak geprobeerd. Probeer het over {_wait(rest)} opnieuw.", retry_after=rest
        )


def _wait(seconds: int) -> str:
    minutes = max(1, math.ceil(seconds / 60))
    if minutes > 90:
        return f"{math.ceil(minutes / 60)} uur"
    return "1 minuut" if minutes == 1 else f"{minutes} minuten"


def forget_old() -> int:
    """Remove windows older than a day. Returns how many."""
    result = session().execute(delete(RateCount).where(RateCount.window_starts_at < clock.now() - timedelta(days=1)))
    return int(getattr(result, "rowcount", 0))
