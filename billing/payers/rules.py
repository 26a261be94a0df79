"""How long a link on an invoice opens it."""

from __future__ import annotations

import calendar
from datetime import date


def expires_on(made_on: date, months: int) -> date:
    """The first day on which the link opens nothing any more: the same day so many months later, or the last day of a
    month that is too short for it."""
    years, month = divmod(made_on.month - 1 + months, 12)
    year = made_on.year + years
    return date(year, month + 1, min(made_on.day, calendar.monthrange(year, month + 1)[1]))
