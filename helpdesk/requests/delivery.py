"""Bringing requests to the ticket system or the mail address: retried with pauses, never delivered twice.

Three steps, so that nothing is lost and nothing is done twice: an attempt is counted in a transaction of its own; then
the ticket system is spoken to; then what came of it is written. An attempt of which the outcome is not known (a
time-out, a crash) is followed by a search for our reference before anything is filed again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from flask import render_template
from sqlalchemy import select

from core import clock, documents
from core.audit import SYSTEM
from core.db import session, transaction
from core.documents import DocumentDamaged
from core.mail import Attachment, Delivery, OutboxMessage, queue_mail
from core.transitions import Transition, move
from core.web import absolute_url
from helpdesk import events, rules
from helpdesk.kinds import RequestChannel, RequestStage, TicketState
from helpdesk.models import HelpDelivery, HelpRequest
from helpdesk.ticket_systems.chosen import mail_address, ticket_system
from helpdesk.ticket_systems.documents import (
    Reference,
    SystemAway,
    SystemRefuses,
    Ticket,
    TicketFile,
    TicketRefused,
    TicketSystem,
)

logger = logging.getLogger(__name__)
_UNDERWAY = timedelta(minutes=5)
"""So long an attempt is left alone by others."""
_LOOK_AGAIN = timedelta(minutes=1)
_NOT_YET = frozenset({RequestStage.QUEUED, RequestStage.FAILED})
DELIVER = Transition("doorsturen", _NOT_YET, RequestStage.DELIVERED, events.DELIVERED)
MAIL = Transition("mailen", _NOT_YET, RequestStage.DELIVERED, events.MAILED)
GIVE_UP = Transition("opgeven", frozenset({RequestStage.QUEUED}), RequestStage.FAILED, events.NOT_DELIVERED)


@dataclass(frozen=True)
class _Attempt:
    """One attempt that was counted."""

    request_id: int
    ticket: Ticket
    is_first: bool


def deliver_due(limit: int = 20) -> int:
    """Deliver what is due, each request by itself. Returns how many arrived. Opens its own transactions."""
    system = ticket_system()
    arrived = 0
    for _ in range(limit):
        with transaction():
            row = _next_due()
            if row is None:
                return arrived
            if row.outbox_message_id is not None or mail_address() is not None:
                arrived += _by_mail(row)
                continue
            attempt = _count(row) if system is not None else None
        if system is None:
            return arrived
        if attempt is not None:
            try:
                reference = _file(system, attempt)
            except (SystemAway, SystemRefuses, TicketRefused) as error:
                with transaction():
                    _note_failure(attempt.request_id, error)
                if not isinstance(error, TicketRefused):
                    return arrived
            else:
                with transaction():
                    _note_success(attempt.request_id, reference)
                arrived += 1
    return arrived


def _next_due() -> HelpDelivery | None:
    query = (
        select(HelpDelivery)
        .where(HelpDelivery.next_attempt_at <= clock.now())
        .order_by(HelpDelivery.next_attempt_at, HelpDelivery.request_id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return session().execute(query).scalar_one_or_none()


# ------------------------------------------------------------------------------------------- to the ticket system


def _count(row: HelpDelivery) -> _Attempt | None:
    """Count an attempt before it is made, and collect what goes along; None when that cannot be read."""
    row.attempts += 1
    row.next_attempt_at = clock.now() + _UNDERWAY
    request = session().get_one(HelpRequest, row.request_id)
    try:
        files = [TicketFile(one.name, one.media_type, documents.read(one.sha256)) for one in request.attachments]
    except DocumentDamaged:
        _note_failure(row.request_id, TicketRefused("Een bijlage is niet meer te lezen."))
        return None
    ticket = Ticket(
        key=request.key,
        subject=request.subject,
        text=ticket_text(request),
        name=request.name,
        email=request.email,
        by_phone=request.channel is RequestChannel.PHONE,
        files=files,
    )
    return _Attempt(request.id, ticket, row.attempts == 1)


def ticket_text(request: HelpRequest) -> str:
    """The question with everything that goes along, as plain text."""
    participant = request.participant
    url = absolute_url("participants.show_participant", participant_id=participant.id) if participant else None
    return render_template("helpdesk/ticket.txt", request=request, participant=participant, participant_url=url).strip()


def _file(system: TicketSystem, attempt: _Attempt) -> Reference:
    """File it, or find what an earlier attempt filed. A crash of ours counts as no answer."""
    try:
        found = None if attempt.is_first else system.find(attempt.ticket.key)
        return found or system.create(attempt.ticket)
    except (SystemAway, SystemRefuses, TicketRefused):
        raise
    except Exception as error:
        logger.exception("A request for help cannot be delivered")
        raise SystemAway(f"Doorsturen ging mis ({type(error).__name__}).") from error


def _note_success(request_id: int, reference: Reference) -> None:
    request = session().get_one(HelpRequest, request_id)
    _done(session().get_one(HelpDelivery, request_id, with_for_update=True))
    request.ticket_id, request.ticket_number = reference.ticket_id, reference.number
    request.ticket_state = TicketState.NEW
    _move(request, DELIVER, number=reference.number)


def _done(row: HelpDelivery) -> None:
    row.delivered_at, row.next_attempt_at = clock.now(), None
    row.last_error, row.failed_at, row.needs_attention = None, None, False


def _note_failure(request_id: int, error: Exception) -> None:
    """Plan the next attempt, or stop when there is no use in one."""
    row = session().get_one(HelpDelivery, request_id)
    row.last_error, row.failed_at = str(error)[:500], row.failed_at or clock.now()
    hopeless = isinstance(error, TicketRefused) or row.attempts >= rules.MOST_ATTEMPTS
    row.needs_attention = hopeless or isinstance(error, SystemRefuses) or row.attempts >= rules.VISIBLE_AFTER
    row.next_attempt_at = None if hopeless else clock.now() + rules.wait_after(row.attempts)
    if hopeless:
        request = session().get_one(HelpRequest, request_id)
        if request.stage is RequestStage.QUEUED:
            _move(request, GIVE_UP)


def _move(request: HelpRequest, transition: Transition[RequestStage], **facts: str) -> None:
    move(
        request,
        transition,
        SYSTEM,
        name=f"hulpvraag {request.key}",
        participant_id=request.participant_id,
        subject=f"help_request:{request.id}",
        key=request.key,
        **facts,
    )


# ------------------------------------------------------------------------------------------- by mail


def _by_mail(row: HelpDelivery) -> int:
    """Put the mail in the outbox, once; later see whether it went out. Returns 1 when it did."""
    request = session().get_one(HelpRequest, row.request_id)
    row.next_attempt_at = clock.now() + _LOOK_AGAIN
    address = mail_address()
    if row.outbox_message_id is None and address is not None:
        row.attempts += 1
        row.outbox_message_id = _queue(request, address).id
        return 0
    message = session().get_one(OutboxMessage, row.outbox_message_id)
    if message.delivery is Delivery.SENT:
        _done(row)
        _move(request, MAIL)
        return 1
    if message.delivery is Delivery.FAILED:
        _note_failure(row.request_id, TicketRefused(f"De mail is niet bezorgd: {message.last_error}"))
    return 0


def _queue(request: HelpRequest, address: str) -> OutboxMessage:
    return queue_mail(
        address,
        f"{request.subject} [{request.key}]",
        "help_request",
        participant_id=request.participant_id,
        attachments=[Attachment(one.name, one.sha256, one.media_type) for one in request.attachments],
        reply_to=request.email,
        text=ticket_text(request),
    )
