"""A withdrawn name is nowhere, at once, and comes back the same way."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from core import clock
from participants.models import Participant
from tests.browser import Browser
from tests.register.conftest import MakeOrganisation, MakeParticipant

TODAY = date(2026, 11, 20)
EVERYWHERE = [
    "/deelnemers",
    "/deelnemers?q=zeist",
    "/deelnemers.csv",
    "/deelnemers.json",
    "/deelnemers/wijzigingen",
    "/deelnemers/op/2026-11-20",
    "/deelnemers/op/2026-11-10",
    "/api/v1/deelnemers",
    "/api/v1/deelnemers?q=zeist",
]


@pytest.fixture
def made(participant: MakeParticipant, municipality: MakeOrganisation) -> Participant:
    """A municipality that came this month."""
    participant("Blijft BV", since=date(2026, 1, 1))
    return participant(municipality("GM0355", "Zeist"), "shv_phase_2", since=date(2026, 11, 3))


def bodies(browser: Browser) -> dict[str, tuple[str, str]]:
    """Body and entity tag of every place."""
    answers = {path: browser.client.get(path) for path in EVERYWHERE}
    return {path: (found.get_data(as_text=True), found.headers["ETag"]) for path, found in answers.items()}


def test_a_withdrawn_name_is_nowhere_at_once_and_returns(browser: Browser, session: Session, made: Participant) -> None:
    own = [f"/deelnemers/{made.directory_id}", f"/api/v1/deelnemers/{made.directory_id}"]
    with clock.at(TODAY):
        before = bodies(browser)
        assert all("Gemeente Zeist" in body for body, _ in before.values())
        assert "1 van de 1 gemeenten" in browser.get("/deelnemers").text
        made.name_withdrawn_at = clock.now()
        session.commit()
        after = bodies(browser)
        for path, (body, tag) in after.items():
            assert "Gemeente Zeist" not in body, path
            assert tag != before[path][1], path
        assert "0 van de 1 gemeenten" in browser.get("/deelnemers").text
        assert [browser.client.get(path).status_code for path in own] == [404, 404]
        made.name_withdrawn_at = None
        session.commit()
        assert bodies(browser) == before
        assert [browser.client.get(path).status_code for path in own] == [200, 200]


def test_a_withdrawn_name_of_somebody_who_left_goes_from_the_past_too(
    browser: Browser, session: Session, made: Participant
) -> None:
    with clock.at(TODAY):
        made.list_publicly = False
        session.commit()
        for path in EVERYWHERE:
            assert "Gemeente Zeist" not in browser.client.get(path).get_data(as_text=True), path
