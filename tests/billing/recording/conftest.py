"""Decisions of the board to record things on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.approvals import Approval
from core.audit import SYSTEM
from governance.kinds import Body, DecisionKind
from governance.models import Decision
from governance.services import record_decision
from tests.billing.conftest import World
from tests.browser import Browser, Page

TODAY = date(2026, 11, 22)
Decide = Callable[..., Decision]
Approve = Callable[[Browser], Page]


@pytest.fixture
def decide(world: World) -> Decide:
    """Advice and decision about one thing."""

    def make(kind: DecisionKind, title: str = "Voorbeeldbesluit", starts_on: date = date(2027, 1, 1)) -> Decision:
        advice = record_decision(
            body=Body.ADVISORY_BOARD,
            kind=kind,
            decided_on=date(2026, 10, 1),
            title=f"Advies: {title}",
            text="Verzonnen.",
            source="voorbeeld",
            actor=SYSTEM,
        )
        made = record_decision(
            body=Body.BOARD,
            kind=kind,
            decided_on=date(2026, 11, 1),
            title=title,
            text="Verzonnen.",
            source="voorbeeld",
            actor=SYSTEM,
            advice=advice,
            starts_on=starts_on,
        )
        world.session.commit()
        return made

    return make


@pytest.fixture
def approve(session: Session) -> Approve:
    """A colleague agrees with the last request."""

    def press(browser: Browser) -> Page:
        key = session.scalar(select(Approval.id).order_by(Approval.id.desc()).limit(1))
        return browser.submit(browser.get(f"/beheer/akkoord/{key}"), "Akkoord geven")

    return press
