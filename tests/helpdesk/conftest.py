"""A participant, a ticket system on a real socket, and a question to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from core.audit import SYSTEM, VISITOR
from helpdesk.models import HelpRequest
from helpdesk.requests.files import CheckedFile
from helpdesk.requests.services import Asked
from helpdesk.requests.services import ask as ask_for_help
from helpdesk.ticket_systems import chosen
from helpdesk.ticket_systems.zammad import Zammad as Client
from participants import services
from participants.kinds import OrganisationKind, Sector
from participants.models import Participant
from tests.helpdesk.zammad import GROUP, TOKEN, Zammad, serving


@pytest.fixture
def zammad() -> Zammad:
    return Zammad()


@pytest.fixture
def address(zammad: Zammad) -> Iterator[str]:
    with serving(zammad) as url:
        yield url


@pytest.fixture
def client(app: Flask, address: str) -> Iterator[Client]:
    """Our side of it, and the ticket system of this installation during the test."""
    made = Client(address, TOKEN, GROUP, timeout=0.5, deadline=1)
    chosen.use(app, made)
    yield made
    app.extensions.pop("ticket_system")


MakeParticipant = Callable[..., Participant]


@pytest.fixture
def make_participant(session: Session) -> MakeParticipant:
    def make(name: str = "Voorbeeld Incasso") -> Participant:
        organisation = services.create_organisation(
            SYSTEM, name=name, kind=OrganisationKind.COMPANY, sector=Sector.OTHER, fictional=True
        )
        row = services.register_participant(SYSTEM, organisation.id, "creditor")
        session.commit()
        return row

    return make


Ask = Callable[..., HelpRequest]


@pytest.fixture
def ask(session: Session) -> Ask:
    def make(participant: Participant | None = None, files: tuple[CheckedFile, ...] = (), **values: str) -> HelpRequest:
        question = {
            "subject": "Hoe werkt dit?",
            "question": "Ik kom er niet uit.",
            "name": "Voorbeeldpersoon A",
            "email": "a@deelnemer.invalid",
            **values,
        }
        asked = Asked(**question)  # type: ignore[arg-type]
        row = ask_for_help(asked, VISITOR, participant_id=participant.id if participant else None, files=files)
        session.commit()
        return row

    return make
