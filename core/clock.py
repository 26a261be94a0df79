"""The only place that reads the clock. Days are Dutch calendar days; moments are aware UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

_frozen: datetime | None = None


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _frozen or datetime.now(UTC)


def today() -> date:
    """The present day in the Netherlands; invoices and agreements are dated by it."""
    return now().astimezone(AMSTERDAM).date()


class at:  # noqa: N801  reads as `with clock.at(moment):`
    """Set the clock to a fixed moment: for tests, and for the example data whose years lie in the past."""

    def __init__(self, moment: datetime | date) -> None:
        if not isinstance(moment, datetime):
            moment = datetime(moment.year, moment.month, moment.day, 10, 0, tzinfo=AMSTERDAM)
        if moment.tzinfo is None:
            raise ValueError("A moment must know its time zone.")
        self._moment = moment.astimezone(UTC)
        self._before: datetime | None = None

    def __enter__(self) -> None:
        global _frozen  # noqa: PLW0603  the one switch of the one clock
        self._before = _frozen
        _frozen = self._moment

    def __exit__(self, *_: object) -> None:
        global _frozen  # noqa: PLW0603
        _frozen = self._before
