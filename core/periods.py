"""Half-open periods of days: `[starts_on, ends_before)`; without an end they go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import total_ordering


@total_ordering
@dataclass(frozen=True)
class Period:
    """All days from `starts_on` up to but not including `ends_before`; None means no end, and sorts last."""

    starts_on: date
    ends_before: date | None = None

    def __post_init__(self) -> None:
        if self.ends_before is not None and self.ends_before < self.starts_on:
            raise ValueError("Een periode kan niet eindigen voordat zij begint.")

    def __lt__(self, other: Period) -> bool:
        return (self.starts_on, self.ends_before or date.max) < (other.starts_on, other.ends_before or date.max)

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_before is None or day < self.ends_before)

    def overlaps(self, other: Period) -> bool:
        """Whether the two share at least one day. An empty period overlaps nothing."""
        if self.is_empty or other.is_empty:
            return False
        return (other.ends_before is None or self.starts_on < other.ends_before) and (
            self.ends_before is None or other.starts_on < self.ends_before
        )

    @property
    def is_empty(self) -> bool:
        return self.ends_before == self.starts_on

    @property
    def last_day(self) -> date | None:
        """The last day inside, as people read it ("tot en met"); None without an end."""
        return None if self.ends_before is None else self.ends_before - timedelta(days=1)


def year(number: int) -> Period:
    """The calendar year `number`."""
    return Period(date(number, 1, 1), date(number + 1, 1, 1))


def started_months(starts_on: date, ends_before: date) -> int:
    """Number of calendar months touched by the half-open period; a month begun counts whole."""
    if ends_before <= starts_on:
        return 0
    last = ends_before - timedelta(days=1)
    return (last.year - starts_on.year) * 12 + last.month - starts_on.month + 1
