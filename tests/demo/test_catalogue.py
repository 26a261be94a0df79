"""The example roads of the modules."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from catalogue.decisions.queries import effects_of
from catalogue.requests.queries import judged, requests
from catalogue.versions.kinds import Gate
from catalogue.versions.queries import records, shut, versions
from core import clock
from demo.catalogue import leave_requests, load_roads
from demo.fictional import creditors
from demo.journeys import LIVE, Colleagues, Journey
from demo.reference import load_rules
from participants.kinds import Channel


def test_everything_that_was_released_hangs_from_an_example_decision_after_advice(session: Session) -> None:
    load_rules()
    load_roads()  # again changes nothing
    for row in versions():
        if row.released_on is None:
            continue
        assert shut(row.id) == [], row.name
        decision = records(row.id)[Gate.DECISION].decision
        assert decision is not None
        assert decision.advice is not None
        assert decision.advice.decided_on < decision.decided_on < row.released_on
        assert decision.title.startswith("Voorbeeldbesluit")
        assert [effect.title for effect in effects_of(decision.id)] == [row.name]


def test_one_module_of_the_roadmap_is_halfway(session: Session) -> None:
    load_rules()
    pause = versions("national_pause")[0]
    assert pause.started_on is not None
    assert {Gate.TESTED, Gate.DPIA, Gate.SECURITY, Gate.DECISION} <= set(shut(pause.id))
    assert len(shut(pause.id)) < len(Gate)


def test_invented_participants_leave_requests_that_can_and_cannot_be_granted(session: Session) -> None:
    load_rules()
    for who in [one for one in creditors() if one.number % 20 == 5 or one.channel is Channel.CSV][:6]:
        journey = Journey(who, "", [], date(2024, 6, 1), LIVE, None, Colleagues("a@x.invalid", "b@x.invalid"))
        with clock.at(journey.connected_on):
            journey.take_over()
    leave_requests()
    found = judged(requests(clock.today()), clock.today())
    assert found
    assert {row.request.participant.channel for row in found} <= {Channel.PORTAL, Channel.CSV}
    assert all((row.why is not None) == (row.request.participant.channel is Channel.CSV) for row in found)
