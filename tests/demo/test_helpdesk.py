"""The stand-in ticket system of the demonstration, and the example requests and meetings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.audit import SYSTEM
from demo import helpdesk, load
from helpdesk.kinds import TicketState
from helpdesk.meetings.queries import coming_meetings, past_meetings
from helpdesk.models import HelpRequest, SignUp
from helpdesk.ticket_systems import chosen
from helpdesk.ticket_systems.documents import SystemAway, Ticket
from participants.kinds import OrganisationKind, Sector, Stage
from participants.services import create_organisation, register_participant


@pytest.fixture
def stand_in(app: Flask, session: Session) -> Iterator[helpdesk.StandIn]:
    made = helpdesk.STAND_IN
    chosen.use(app, made)
    yield made
    app.extensions.pop("ticket_system")
    for path in made._files():
        path.unlink()


def test_the_stand_in_keeps_answers_and_finds_by_key(stand_in: helpdesk.StandIn) -> None:
    ticket = Ticket("HVABCDEFGH", "Vraag", "Tekst", "Voorbeeldpersoon A", "a@b.invalid", by_phone=False)
    made = stand_in.create(ticket)
    assert stand_in.find("HVABCDEFGH") == made
    assert stand_in.find("HVANDERS") is None
    assert stand_in.look(made.ticket_id).state is TicketState.NEW
    stand_in.answer(made.ticket_id, "Zo moet het.", TicketState.CLOSED)
    view = stand_in.look(made.ticket_id)
    assert (view.state, view.answer) == (TicketState.CLOSED, "Zo moet het.")
    assert int(stand_in.create(ticket).ticket_id) == int(made.ticket_id) + 1
    with pytest.raises(SystemAway):
        stand_in.look("1")


@pytest.mark.usefixtures("stand_in")
def test_there_is_an_open_an_answered_and_a_closed_request_and_an_agenda(session: Session) -> None:
    load.staff()
    for n in range(3):
        organisation = create_organisation(
            SYSTEM, name=f"Voorbeeld {n}", kind=OrganisationKind.COMPANY, sector=Sector.OTHER, fictional=True
        )
        register_participant(SYSTEM, organisation.id, "creditor").stage = Stage.LIVE
    session.commit()
    helpdesk.leave()
    session.expire_all()
    rows = list(session.execute(select(HelpRequest).order_by(HelpRequest.asked_at)).scalars())
    assert [row.ticket_state for row in rows] == [TicketState.CLOSED, TicketState.WAITING, TicketState.NEW]
    assert [bool(row.answer) for row in rows] == [True, True, False]
    assert all(row.asked_at < clock.now() for row in rows)
    assert len(coming_meetings()) == 2
    assert len(past_meetings()) == 1
    assert all((row.email or "").endswith("@voorbeeld.invalid") for row in session.execute(select(SignUp)).scalars())
