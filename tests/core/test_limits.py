"""Limits on attempts hold for all workers together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from app import create_app
from core import clock, limits
from core import db as database
from core.db import scoped, session, transaction
from core.errors import TooMany
from core.limits import RateCount, count_attempt
from tests.conftest import settings_for
from tests.core.conftest import Installation

MOMENT = datetime(2026, 11, 3, 12, 0, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def attempt(who: str = "198.51.100.7", *, limit: int = 3, kind: str = "test", window: timedelta = HOUR) -> None:
    with transaction():
        count_attempt(kind, who, limit=limit, window=window)


def attempts() -> list[int]:
    return sorted(session().scalars(select(RateCount.attempts)))


def test_up_to_the_limit_one_may_try(installation: Installation) -> None:
    with clock.at(MOMENT):
        for _ in range(3):
            attempt()
        with pytest.raises(TooMany) as refused:
            attempt()
    assert refused.value.message == "Dit is te vaak geprobeerd. Probeer het over 60 minuten opnieuw."
    assert (refused.value.status, refused.value.retry_after) == (429, 3570)


def test_a_refused_attempt_counts_too(installation: Installation) -> None:
    with clock.at(MOMENT):
        for _ in range(5):
            with pytest.raises(TooMany):
                attempt(limit=0)
        assert attempts() == [5]


def test_people_and_kinds_are_counted_apart(installation: Installation) -> None:
    with clock.at(MOMENT):
        for who, kind in (("a", "x"), ("b", "x"), ("a", "y")):
            attempt(who, kind=kind, limit=1)
    assert attempts() == [1, 1, 1]


def test_in_the_next_window_one_may_try_again(installation: Installation) -> None:
    with clock.at(MOMENT):
        attempt(limit=1)
        with pytest.raises(TooMany):
            attempt(limit=1)
    with clock.at(MOMENT + HOUR):
        attempt(limit=1)


@pytest.mark.parametrize(
    ("window", "moment", "wait"),
    [
        (timedelta(minutes=1), MOMENT, "1 minuut"),
        (timedelta(minutes=15), MOMENT, "15 minuten"),
        (timedelta(minutes=15), MOMENT + timedelta(minutes=13, seconds=10), "2 minuten"),
        (timedelta(days=1), MOMENT, "12 uur"),
    ],
)
def test_the_sentence_says_how_long_to_wait(
    installation: Installation, window: timedelta, moment: datetime, wait: str
) -> None:
    with clock.at(moment), pytest.raises(TooMany, match=f"over {wait} opnieuw"):
        attempt(limit=0, window=window)


def test_no_address_is_stored(installation: Installation) -> None:
    attempt("jan@voorbeeld.invalid")
    (key,) = session().scalars(select(RateCount.key))
    assert len(key) == 64
    assert "jan" not in key


def test_two_instances_on_one_database_count_together(installation: Installation) -> None:
    other = create_app(settings_for(installation.urls.app, installation.folder))
    with clock.at(MOMENT):
        attempt(limit=2)
        with other.app_context(), scoped(database.JOB):
            attempt(limit=2)
            with pytest.raises(TooMany):
                attempt(limit=2)
            database.db.engine.dispose()
        with pytest.raises(TooMany):
            attempt(limit=2)
    assert attempts() == [4]


def test_of_many_at_once_no_more_than_the_limit_get_through(installation: Installation) -> None:
    together = Barrier(6)

    def trying() -> bool:
        together.wait(5)
        try:
            attempt(limit=2)
        except TooMany:
            return False
        return True

    outcomes = [future.result() for future in installation.at_once(*[trying] * 6)]
    assert sorted(outcomes) == [False] * 4 + [True] * 2
    assert attempts() == [6]


def test_old_windows_are_forgotten(installation: Installation) -> None:
    with clock.at(MOMENT):
        attempt()
    with clock.at(MOMENT + timedelta(days=2)):
        attempt()
        with transaction():
            assert limits.forget_old() == 1
    assert attempts() == [1]
