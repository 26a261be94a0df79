"""When the yearly request goes out, and to whom. Source: docs/domain.md §1.5; the month is a setting, te bevestigen."""

from __future__ import annotations

from datetime import date, datetime, timedelta

WAIT = timedelta(days=7)
"""Between two requests to the same participant."""


def asking_day(year: int, month: int) -> date:
    """From this day on it is asked, of everybody whose subscription began before it."""
    return date(year, month, 1)


def may_ask_again(asked_at: datetime, asked_again_at: datetime | None, now: datetime) -> bool:
    """Not more than once a week."""
    return now - (asked_again_at or asked_at) >= WAIT
