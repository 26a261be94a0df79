"""Participants at every point of the road, colleagues of every role, and two small traces to find things by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.kinds import WorkKind
from core import audit, clock
from core.audit import AuditEvent, Person
from identity.kinds import StaffRole
from participants.models import Participant
from tests.browser import Browser, Page
from tests.onboarding.conftest import TODAY, Journey
from tests.people import People

SignIn = Callable[..., Browser]
WORK = "/beheer/"


@pytest.fixture
def today() -> Iterator[date]:
    """A fixed day after the change of operator and under the zero tariff."""
    with clock.at(TODAY):
        yield TODAY


@pytest.fixture
def journey(today: date, app: Flask, session: Session, people: People) -> Journey:
    return Journey(app, session, people)


@pytest.fixture
def sign_in(app: Flask, people: People) -> SignIn:
    """A browser of a new colleague with these roles."""

    def make(*roles: StaffRole, name: str | None = None) -> Browser:
        return Browser(app).sign_in(people.staff(*roles, name=name))

    return make


@pytest.fixture
def sentences(session: Session) -> Callable[[], list[str]]:
    """The audit trail, oldest first, as staff read it."""

    def read() -> list[str]:
        query = select(AuditEvent, Person.name).outerjoin(Person, Person.key == AuditEvent.actor_key)
        rows = session.execute(query.order_by(AuditEvent.id))
        return [audit.sentence(row, audit.actor_name(row, name, for_staff=True)) for row, name in rows]

    return read


def rows_of(page: Page) -> list[list[str]]:
    """The cells of every row of the first table, as text."""
    table = page.soup.table
    if table is None or table.tbody is None:
        return []
    return [
        [" ".join(cell.get_text(" ", strip=True).split()) for cell in row.find_all(["th", "td"])]
        for row in table.tbody.find_all("tr")
    ]


def kinds(page: Page) -> list[str]:
    return [row[0] for row in rows_of(page)]


def about(page: Page, kind: WorkKind) -> list[str]:
    """The name and the explanation of every item of a kind."""
    return [row[1] for row in rows_of(page) if row[0] == kind.label]


def action(page: Page, participant: Participant) -> str:
    """Address of the action of the only item about a participant."""
    found = [row for row in page.soup.select("tbody tr") if participant.name in row.get_text()]
    assert len(found) == 1, [row.get_text(" ", strip=True) for row in found]
    return str(found[0].find_all("a")[-1]["href"])


@pytest.fixture
def relations(sign_in: SignIn) -> Browser:
    return sign_in(StaffRole.RELATIONS, name="Rik Relatie")


@pytest.fixture
def finance(sign_in: SignIn) -> Browser:
    return sign_in(StaffRole.FINANCE)
