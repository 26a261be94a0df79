"""A municipality that grew beyond its category, and two colleagues of finance."""

from __future__ import annotations

from datetime import date

import pytest

from billing.changes import queries, services
from billing.changes.models import CategoryChange
from billing.services import issue_annual_invoice
from core import approvals, clock
from core.audit import SYSTEM, Actor
from identity.kinds import StaffRole
from identity.models import Account
from participants.models import Participant
from tests.billing.conftest import World
from tests.people import People

JANUARY = date(2025, 1, 12)
AUTUMN = date(2025, 11, 3)
NEXT = date(2026, 1, 1)


@pytest.fixture
def asker(people: People) -> Account:
    return people.staff(StaffRole.FINANCE, name="Financiën A (voorbeeld)")


@pytest.fixture
def checker(people: People) -> Account:
    return people.staff(StaffRole.FINANCE, name="Financiën B (voorbeeld)")


def acts(account: Account) -> Actor:
    return Actor("staff", account.person_key)


@pytest.fixture
def grown(world: World) -> Participant:
    """A municipality of category B on its invoice of 2025, that was counted anew as C."""
    return grow(world, "Gemeente Groeidorp", 38_000, 41_000)


def grow(world: World, name: str, before: int, after: int) -> Participant:
    participant = world.municipality(None, name=name, connected_on=date(2023, 5, 1))
    world.inhabitants(participant.organisation, before, date(2023, 1, 1))
    with clock.at(JANUARY):
        issue_annual_invoice(participant, 2025, SYSTEM, by_mail=False)
    world.inhabitants(participant.organisation, after, date(2025, 1, 1))
    world.session.commit()
    return participant


def the_change(participant: Participant) -> CategoryChange:
    found = queries.open_change(participant.id)
    assert found is not None
    return found


def find_and_ask(asker: Account, effective_on: date = NEXT, on: date = AUTUMN) -> approvals.Approval:
    with clock.at(on):
        services.find_changes(on)
        rows = queries.changes_by_id([row.id for row in queries.open_changes().values()])
        return services.put_forward(rows, effective_on, acts(asker))
