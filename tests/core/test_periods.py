"""Half-open periods of days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.periods import Period, started_months, year

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    starts_on = draw(DAYS)
    length = draw(st.none() | st.integers(0, 800))
    return Period(starts_on, None if length is None else starts_on + timedelta(days=length))


@given(periods(), periods())
def test_overlap_is_mutual_and_means_a_shared_day(one: Period, other: Period) -> None:
    assert one.overlaps(other) == other.overlaps(one)
    first_shared_day = max(one.starts_on, other.starts_on)
    assert one.overlaps(other) == (first_shared_day in one and first_shared_day in other)


@given(periods())
def test_a_period_overlaps_itself_unless_it_is_empty(period: Period) -> None:
    assert period.overlaps(period) != period.is_empty


@given(periods())
def test_the_end_is_outside_and_the_last_day_inside(period: Period) -> None:
    if period.ends_before is not None:
        assert period.ends_before not in period
    if period.last_day is not None and not period.is_empty:
        assert period.last_day in period
    assert (period.starts_on in period) != period.is_empty


@given(st.lists(periods(), max_size=6))
def test_periods_sort_by_start_and_without_end_comes_last(several: list[Period]) -> None:
    ordered = sorted(several)
    assert [period.starts_on for period in ordered] == sorted(period.starts_on for period in several)
    assert sorted([Period(date(2026, 1, 1)), Period(date(2026, 1, 1), date(2026, 2, 1))])[1].ends_before is None


def test_a_period_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="niet eindigen"):
        Period(date(2026, 1, 2), date(2026, 1, 1))


def test_a_year_has_all_its_days() -> None:
    assert date(2028, 1, 1) in year(2028)
    assert date(2028, 12, 31) in year(2028)
    assert date(2029, 1, 1) not in year(2028)


@pytest.mark.parametrize(
    ("starts_on", "ends_before", "months"),
    [
        (date(2026, 1, 1), date(2027, 1, 1), 12),
        (date(2026, 1, 31), date(2026, 2, 2), 2),
        (date(2026, 1, 1), date(2026, 2, 1), 1),
        (date(2026, 1, 31), date(2026, 2, 1), 1),
        (date(2025, 12, 31), date(2026, 1, 2), 2),
        (date(2026, 5, 5), date(2026, 5, 5), 0),
        (date(2026, 5, 5), date(2026, 5, 4), 0),
    ],
)
def test_a_month_begun_counts_whole(starts_on: date, ends_before: date, months: int) -> None:
    assert started_months(starts_on, ends_before) == months


@given(DAYS, st.integers(1, 1500))
def test_the_months_are_those_of_the_days_inside(starts_on: date, length: int) -> None:
    days = [starts_on + timedelta(days=n) for n in range(length)]
    assert started_months(starts_on, days[-1] + timedelta(days=1)) == len({(day.year, day.month) for day in days})
