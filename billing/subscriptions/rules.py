"""What a subscription costs year by year, from its first day to its end. Source: docs/domain.md §1.8, still to be
confirmed by the client."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from billing.kinds import FirstYear
from billing.tariffs.rules import (
    Classification,
    Fee,
    ZeroRule,
    annual_charge,
    connection_charge,
    first_year_charge,
    months_left,
)
from core.money import euros
from core.periods import started_months

NOTICE_MONTHS = 3


def ends_before_by_notice(given_on: date, notice_months: int = NOTICE_MONTHS) -> date:
    """The first day without a subscription of which notice was given: it ends at the end of a calendar year, and at
    least `notice_months` whole months after the notice. On or before 1 October with three months: the coming 1 January;
    later: the one after that."""
    month = given_on.month - 1 + notice_months
    earliest = date(given_on.year + month // 12, month % 12 + 1, 1)
    if given_on.day > 1:  # in the course of that month, so not by its first day
        earliest = date(earliest.year + earliest.month // 12, earliest.month % 12 + 1, 1)
    return earliest if earliest.month == 1 else date(earliest.year + 1, 1, 1)


@dataclass(frozen=True)
class Subscription:
    """From when a participant is connected until when; `ends_before` is the first day without it, None: it goes on."""

    connected_on: date
    ends_before: date | None = None

    @property
    def never_ran(self) -> bool:
        """Ended before its first day was over: nothing is paid, and what was invoiced is credited."""
        return self.ends_before is not None and self.ends_before <= self.connected_on

    def runs_in(self, year: int) -> bool:
        """Whether any day of the year is paid for."""
        if self.never_ran or year < self.connected_on.year:
            return False
        return self.ends_before is None or self.ends_before > max(self.connected_on, date(year, 1, 1))


def months_paid(subscription: Subscription, year: int, first_year: FirstYear) -> int:
    """Months of a year that are paid: from the month of connecting to December in the first year (or all twelve, by
    the setting), twelve in every later year that has begun. Ending in the course of a year lowers nothing: there is no
    refund."""
    if not subscription.runs_in(year):
        return 0
    if year > subscription.connected_on.year or first_year is FirstYear.WHOLE_YEAR:
        return 12
    return months_left(subscription.connected_on)


def fees_of_year(
    found: Classification, zero: ZeroRule | None, subscription: Subscription, year: int, first_year: FirstYear
) -> list[Fee]:
    """What is invoiced over a year: in the first the connection fee and the annual fee over the rest of that year,
    later the annual fee; nothing for a year in which the subscription does not run."""
    if not subscription.runs_in(year):
        return []
    if year > subscription.connected_on.year:
        return [annual_charge(found, zero, year)]
    return [
        connection_charge(found, zero),
        first_year_charge(found, zero, subscription.connected_on, first_year),
    ]


def classified_on(subscription: Subscription, year: int) -> date:
    """The day whose table, category and settings count over a year: the day of connecting in the first year, 1 January
    in later ones. What changes in the course of a year (a merger, a new count) counts from the next."""
    return max(subscription.connected_on, date(year, 1, 1))


@dataclass(frozen=True)
class Counted:
    """What was counted on a day."""

    on: date
    number: int


def count_on(counts: Sequence[Counted], reference: date) -> Counted | None:
    """The count that holds on a reference day: the latest on or before it, without one the first after it. So when a
    municipality merges in the course of a year, the inhabitants of its successor count from the first reference day
    after the merger: until then the successor is counted as it was, and the municipality that is gone pays no more."""
    ordered = sorted(counts, key=lambda counted: counted.on)
    before = [counted for counted in ordered if counted.on <= reference]
    return before[-1] if before else next(iter(ordered), None)


def months_by_part(starts_on: date, splits: Sequence[date], ends_before: date) -> list[int]:
    """The paid months of a period that is cut in parts on some days: a month begun belongs to the part in which it
    began, so that the parts add up to the whole and no month is paid twice."""
    inside = sorted(min(max(split, starts_on), ends_before) for split in splits)
    reached = [started_months(starts_on, bound) for bound in (starts_on, *inside, ends_before)]
    return [after - before for before, after in pairwise(reached)]


def amounts_by_part(amount: Decimal, months: Sequence[int]) -> list[Decimal]:
    """An amount over parts by their months, in whole cents: each part is what is reached by then minus what was
    reached before, so that the parts add up to the cent."""
    whole, reached, done = sum(months), 0, euros(0)
    parts = []
    for part in months:
        reached += part
        up_to_here = euros(amount * reached / whole) if whole else euros(0)
        parts.append(up_to_here - done)
        done = up_to_here
    return parts
