"""Participants for tests about modules."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from sqlalchemy.orm import Session

from catalogue import services
from core import clock
from core.audit import SYSTEM
from participants.kinds import Channel, OrganisationKind, Sector, Stage
from participants.models import Organisation, Participant

_numbers = count(1)

MakeParticipant = Callable[..., Participant]


@pytest.fixture
def modules(session: Session) -> None:
    """The catalogue, imported."""
    services.import_modules(SYSTEM)
    session.commit()


@pytest.fixture
def participant(session: Session, modules: None) -> MakeParticipant:
    """Makes a participant in a role and stage."""

    def make(role: str = "creditor", stage: Stage = Stage.LIVE, name: str | None = None) -> Participant:
        number = next(_numbers)
        name = name or f"Voorbeeld Incasso {number}"
        organisation = Organisation(
            name=name,
            short_name=name,
            kind=OrganisationKind.COMPANY,
            sector=Sector.COLLECTION,
            source="test",
            search_text=name.lower(),
        )
        made = Participant(
            organisation=organisation,
            role_code=role,
            channel=Channel.PORTAL,
            stage=stage,
            stage_since=clock.now(),
        )
        session.add(made)
        session.commit()
        return made

    return make
