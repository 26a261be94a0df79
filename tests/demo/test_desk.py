"""In the demonstration there is something to do for everybody who can do something."""

from __future__ import annotations

from sqlalchemy.orm import Session

from core import approvals
from demo import desk, load
from demo import journeys as steps
from demo.fictional import creditors
from demo.reference import load_rules
from onboarding.agreements.review.queries import open_questions
from tests.demo.test_load import run


def test_requests_and_a_question_are_left_about_invented_organisations(session: Session) -> None:
    load_rules()
    colleagues = load.staff()
    run(creditors()[0], steps.LIVE, colleagues)
    run(creditors()[1], steps.ACCEPTED, colleagues)
    desk.leave()
    assert {row.permission for row in approvals.waiting()} == {"role:approve", "declaration:approve"}
    assert [row.asked_by for row in open_questions()] == ["Een jurist (voorbeeld)"]


def test_without_participants_only_the_staff_are_asked(session: Session) -> None:
    load_rules()
    load.staff()
    desk.leave()
    assert [row.permission for row in approvals.waiting()] == ["role:approve"]
    assert open_questions() == []
