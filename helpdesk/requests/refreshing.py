"""Asking the ticket system how requests are doing."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, select

from core import clock
from core.audit import SYSTEM, record
from core.db import lock, session, transaction
from core.errors import UserError
from helpdesk import events, rules
from helpdesk.kinds import RequestStage, TicketState
from helpdesk.models import HelpRequest
from helpdesk.ticket_systems.chosen import ticket_system
from helpdesk.ticket_systems.documents import SystemAway, SystemRefuses, TicketRefused, TicketView

OFTEN = timedelta(minutes=4)


def refresh_due(limit: int = 30) -> int:
    """Ask about the open requests, the longest not asked first. Returns how many. Opens its own transactions."""
    system = ticket_system()
    if system is None:
        return 0
    asked = 0
    for request_id, ticket_id in _due(limit):
        try:
            view = system.look(ticket_id)
        except (SystemRefuses, TicketRefused):  # one ticket that was removed does not stop the others
            with transaction():
                session().get_one(HelpRequest, request_id).refreshed_at = clock.now()
            continue
        with transaction():
            take_over(session().get_one(HelpRequest, request_id), view)
        asked += 1
    return asked


def _due(limit: int) -> list[tuple[int, str]]:
    now = clock.now()
    query = (
        select(HelpRequest.id, HelpRequest.ticket_id)
        .where(HelpRequest.stage == RequestStage.DELIVERED, HelpRequest.ticket_id.is_not(None))
        .where(HelpRequest.ticket_state != TicketState.CLOSED, HelpRequest.asked_at > now - rules.REFRESHED_FOR)
        .where(or_(HelpRequest.refreshed_at.is_(None), HelpRequest.refreshed_at < now - OFTEN))
        .order_by(HelpRequest.refreshed_at.asc().nulls_first(), HelpRequest.id)
        .limit(limit)
    )
    with transaction():
        return [(key, str(ticket)) for key, ticket in session().execute(query)]


def look_now(ticket_id: str | None) -> TicketView:
    """What the ticket system says now; outside a transaction. Raises UserError when it cannot say."""
    system = ticket_system()
    if system is None or ticket_id is None:
        raise UserError("Deze vraag staat nog niet in het hulpsysteem. Kijk later nog eens.")
    try:
        return system.look(ticket_id)
    except (SystemAway, SystemRefuses, TicketRefused) as error:
        raise UserError("Het hulpsysteem antwoordt nu niet. Probeer het over een paar minuten opnieuw.") from error


def take_over(request: HelpRequest, view: TicketView) -> None:
    """Keep what the ticket system says; an answer and an end leave a sentence."""
    lock(request)
    about = {"participant_id": request.participant_id, "subject": f"help_request:{request.id}"}
    is_new = view.answer is not None and (view.answer, view.answered_at) != (request.answer, request.answered_at)
    is_closed = view.state is TicketState.CLOSED and request.ticket_state is not TicketState.CLOSED
    if view.answer is not None:
        request.answer, request.answered_at = view.answer, view.answered_at
    request.ticket_state, request.refreshed_at = view.state, clock.now()
    if is_new:
        record(events.ANSWERED, SYSTEM, key=request.key, **about)  # type: ignore[arg-type]
    if is_closed:
        record(events.CLOSED, SYSTEM, key=request.key, **about)  # type: ignore[arg-type]
    session().flush()
