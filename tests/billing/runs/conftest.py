"""Runs as they are done: prepared by one, approved by another, issued by the system."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from billing.issuing.queries import Circumstances
from billing.runs.execution.services import issue_batch
from billing.runs.kinds import RunScope
from billing.runs.models import InvoiceRun
from billing.runs.services import calculate, put_forward, start_run
from core import approvals, clock
from core.audit import SYSTEM, Actor
from identity.kinds import StaffRole
from identity.models import Account
from tests.billing.conftest import World
from tests.people import People

JANUARY = date(2026, 1, 5)
Prepare = Callable[..., InvoiceRun]


def actor_of(account: Account) -> Actor:
    return Actor("staff", account.person_key)


class Finance:
    """Two colleagues of finance and what they do with a run."""

    def __init__(self, session: Session, people: People) -> None:
        self.session = session
        self.one = actor_of(people.staff(StaffRole.FINANCE))
        self.other = actor_of(people.staff(StaffRole.FINANCE))

    def preview(self, year: int = 2026, scope: RunScope = RunScope.EVERYBODY, on: date = JANUARY) -> InvoiceRun:
        with clock.at(on):
            run = start_run(year, scope, self.one)
            calculate(run, SYSTEM)
        return run

    def approve(self, run: InvoiceRun, on: date = JANUARY) -> None:
        with clock.at(on):
            approval = put_forward(run, self.one)
            approvals.approve(approval.id, self.other)

    def issue(self, run: InvoiceRun, on: date = JANUARY, size: int = 250) -> int:
        """Everything that can be issued, in batches; returns how many participants were dealt with."""
        done = 0
        with clock.at(on):
            while batch := issue_batch(run, Circumstances.now(), size=size):
                done += batch
                self.session.expire_all()
        return done

    def whole(self, year: int = 2026, on: date = JANUARY) -> InvoiceRun:
        """From preview to the last invoice."""
        run = self.preview(year, on=on)
        self.approve(run, on)
        self.issue(run, on)
        return run


@pytest.fixture
def finance(session: Session, people: People, world: World) -> Finance:
    return Finance(session, people)
