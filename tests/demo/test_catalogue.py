"""The example roads of the modules."""

from __future__ import annotations

from sqlalchemy.orm import Session

from catalogue.decisions.queries import effects_of
from catalogue.versions.kinds import Gate
from catalogue.versions.queries import records, shut, versions
from demo.catalogue import load_roads
from demo.reference import load_rules


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
