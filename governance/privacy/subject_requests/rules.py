"""Within which term a request is answered (art. 12(3) GDPR)."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

FIRST_TERM = 1
EXTENSION = 2
WARNED = timedelta(days=7)
"""So long before its term a request is shown as urgent."""


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def answer_before(received_on: date, *, extended: bool) -> date:
    """The last day on which to answer: one month after receipt, or three when it was extended.

    That a last day in a weekend or on a holiday moves on (Regulation 1182/71) is left aside: sooner is never late.
    """
    return months_after(received_on, FIRST_TERM + (EXTENSION if extended else 0))


def why_not_extended(received_on: date, *, extended: bool, on: date) -> str | None:
    """A sentence when the term cannot be extended: it can once, and the person hears of it within the first month."""
    if extended:
        return "De termijn is al een keer verlengd. Dat kan maar één keer."
    if on > answer_before(received_on, extended=False):
        return "De eerste maand is voorbij. Verlengen kan alleen binnen die maand; beantwoord het verzoek nu."
    return None


def days_left(last_day: date, on: date) -> int:
    """Whole days until the last day; negative when it has passed."""
    return (last_day - on).days


def standing(last_day: date, on: date) -> tuple[str, str]:
    """How it stands in words, with the tone of its badge."""
    left = days_left(last_day, on)
    days = "1 dag" if abs(left) == 1 else f"{abs(left)} dagen"
    if left < 0:
        return f"{days} te laat", "negative"
    if left == 0:
        return "vandaag de laatste dag", "warning"
    return f"nog {days}", "warning" if left <= WARNED.days else "neutral"
