"""When a seat is vacant, or falls vacant soon."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

MONTHS_AHEAD = 6
"""A vacancy is told of half a year ahead: long enough to find and appoint somebody."""


@dataclass(frozen=True)
class Occupied:
    """Days on which somebody sits: from `starts_on` until before `leaves_on`."""

    starts_on: date
    leaves_on: date


@dataclass(frozen=True)
class Vacancy:
    """A seat without anybody, from a day on."""

    starts_on: date
    is_now: bool
    """Whether it is vacant already."""


def months_after(day: date, months: int) -> date:
    """The same day so many months later (or earlier); the last of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def vacancy(seat_starts_on: date, seat_ends_before: date | None, terms: Iterable[Occupied], on: date) -> Vacancy | None:
    """A seat is vacant when it exists and nobody sits there; it falls vacant when within six months whoever sits there
    leaves and nobody follows on that very day. A seat that ends with the term does not fall vacant."""
    if on < seat_starts_on or (seat_ends_before is not None and seat_ends_before <= on):
        return None
    ordered = sorted(terms, key=lambda term: term.starts_on)
    free_from = _free_from(ordered, on)
    if free_from is None:
        before = [term.leaves_on for term in ordered if term.leaves_on <= on]
        return Vacancy(max([seat_starts_on, *before]), is_now=True)
    if free_from > months_after(on, MONTHS_AHEAD) or (seat_ends_before is not None and seat_ends_before <= free_from):
        return None
    return Vacancy(free_from, is_now=False)


def _free_from(ordered: list[Occupied], on: date) -> date | None:
    """The first day on which nobody sits, looking on from who sits there now; None when nobody does."""
    free_from: date | None = None
    for term in ordered:
        sits_now = free_from is None and term.starts_on <= on < term.leaves_on
        if sits_now or (free_from is not None and term.starts_on == free_from):
            free_from = term.leaves_on
    return free_from
