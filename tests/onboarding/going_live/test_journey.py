"""The whole road, through the services."""

from __future__ import annotations

from tests.onboarding.conftest import Journey


def test_whole(journey: Journey) -> None:
    row = journey.live()
    for s in journey.timeline(row): print(s)
