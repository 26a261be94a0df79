"""The clock: Dutch days, moments in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from core import clock
from core.db import utc


def test_moments_know_that_they_are_utc() -> None:
    assert clock.now().tzinfo is UTC
    assert abs((datetime.now(UTC) - clock.now()).total_seconds()) < 5


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 1, 31, 22, 59, tzinfo=UTC), date(2026, 1, 31)),
        (datetime(2026, 1, 31, 23, 0, tzinfo=UTC), date(2026, 2, 1)),
        (datetime(2026, 7, 31, 21, 59, tzinfo=UTC), date(2026, 7, 31)),
        (datetime(2026, 7, 31, 22, 0, tzinfo=UTC), date(2026, 8, 1)),
        (datetime(2025, 12, 31, 23, 30, tzinfo=UTC), date(2026, 1, 1)),
    ],
)
def test_the_day_changes_at_dutch_midnight_in_winter_and_summer(moment: datetime, day: date) -> None:
    with clock.at(moment):
        assert clock.today() == day
        assert clock.now() == moment


def test_a_set_clock_goes_back_also_when_nested_or_after_an_error() -> None:
    with clock.at(date(2020, 1, 1)):
        with pytest.raises(RuntimeError), clock.at(date(2021, 1, 1)):
            raise RuntimeError
        assert clock.today() == date(2020, 1, 1)
    assert clock.today() >= date(2026, 1, 1)


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        clock.at(datetime(2026, 1, 1))  # noqa: DTZ001  the point of the test
    with pytest.raises(ValueError, match="time zone"):
        utc(datetime(2026, 1, 1))  # noqa: DTZ001
