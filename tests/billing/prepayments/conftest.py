"""Participants with a prepayment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from billing.prepayments.kinds import EntryKind
from billing.prepayments.services import Entry, propose
from core import approvals
from core.audit import Actor
from identity.kinds import StaffRole
from identity.models import Account
from participants.models import Participant
from tests.billing.conftest import World
from tests.people import People

Prepay = Callable[..., None]


def actor(account: Account) -> Actor:
    return Actor("staff", account.person_key)


def entry(paid: str = "0", benefit: str = "0", **changes: object) -> Entry:
    values: dict[str, object] = {
        "kind": EntryKind.PREPAYMENT,
        "received_on": date(2020, 9, 1),
        "in_start_period": True,
        "source": "Voorbeeldafspraak van 1 september 2020",
        **changes,
    }
    return Entry(paid=Decimal(paid), benefit=Decimal(benefit), **values)  # type: ignore[arg-type]


@pytest.fixture
def two(people: People, world: World) -> tuple[Account, Account]:
    """Two colleagues of finance."""
    return people.staff(StaffRole.FINANCE), people.staff(StaffRole.FINANCE)


@pytest.fixture
def prepay(two: tuple[Account, Account], world: World) -> Prepay:
    """Enter a prepayment, and have it agreed to."""

    def enter(participant: Participant, paid: str = "0", benefit: str = "0", **changes: object) -> None:
        request = propose(participant, entry(paid, benefit, **changes), actor(two[0]))
        approvals.approve(request.id, actor(two[1]))
        world.session.commit()

    return enter


@pytest.fixture
def participant(world: World) -> Participant:
    """Category D: € 3.000 a year, connected before 2026."""
    return world.municipality(70_361, name="Gemeente Voorbeeldveld", connected_on=date(2024, 4, 15))
