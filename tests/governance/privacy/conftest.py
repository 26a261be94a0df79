"""Colleagues who look after privacy, and a participant to tell something."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.audit import SYSTEM, AuditEvent, Person
from identity.kinds import StaffRole
from participants import services as participants
from participants.kinds import Channel, ContactRole, OrganisationKind, Sector
from participants.models import Participant
from tests.browser import Browser
from tests.people import People

_numbers = count(1)


@pytest.fixture
def privacy(app: Flask, people: People) -> Browser:
    return Browser(app).sign_in(people.staff(StaffRole.PRIVACY, name="Voorbeeldpersoon P"))


@pytest.fixture
def colleague(app: Flask, people: People) -> Browser:
    """The second pair of eyes."""
    return Browser(app).sign_in(people.staff(StaffRole.PRIVACY, name="Voorbeeldpersoon Q"))


@pytest.fixture
def participant(session: Session) -> Callable[..., Participant]:
    """A new participant; with the address of its privacy contact, when given."""

    def make(email: str | None = None, role: ContactRole = ContactRole.PRIVACY) -> Participant:
        number = next(_numbers)
        organisation = participants.create_organisation(
            SYSTEM,
            name=f"Privacyvoorbeeld {number}",
            kind=OrganisationKind.COMPANY,
            sector=Sector.OTHER,
            kvk=f"98{number:06}",
            fictional=True,
        )
        row = participants.register_participant(SYSTEM, organisation.id, "creditor", "", Channel.PORTAL)
        if email:
            participants.set_contact(SYSTEM, row, role, name="Voorbeeldpersoon C", email=email)
        session.commit()
        return row

    return make


@pytest.fixture
def sentences(session: Session) -> Callable[[], list[str]]:
    """The audit trail, oldest first, as staff read it."""

    def read() -> list[str]:
        query = select(AuditEvent, Person.name).outerjoin(Person, Person.key == AuditEvent.actor_key)
        rows = session.execute(query.order_by(AuditEvent.id))
        return [audit.sentence(row, audit.actor_name(row, name, for_staff=True)) for row, name in rows]

    return read
