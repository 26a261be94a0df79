"""Asking for help: what is asked is stored with its outbox row and a confirmation, in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from core import clock, documents
from core.audit import Actor, Event, record
from core.db import next_id, session
from core.errors import Refused
from core.mail import Delivery, OutboxMessage, queue_mail
from core.transitions import Transition, move
from helpdesk import events
from helpdesk.kinds import RequestChannel, RequestKind, RequestStage
from helpdesk.models import HelpAttachment, HelpDelivery, HelpRequest
from helpdesk.requests.files import CheckedFile

_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without those that look alike."""

RETRY = Transition(
    "opnieuw doorsturen",
    frozenset({RequestStage.FAILED}),
    RequestStage.QUEUED,
    events.RETRIED,
)


@dataclass(frozen=True)
class Asked:
    """What somebody asks."""

    subject: str
    question: str
    name: str
    email: str
    phone: str | None = None
    organisation: str | None = None
    kind: RequestKind = RequestKind.HELP
    channel: RequestChannel = RequestChannel.WEB
    page: str | None = None
    last_event: str | None = None


def new_key() -> str:
    """A reference that can be read out on the telephone, and is one word for a search engine."""
    return "HV" + "".join(secrets.choice(_SIGNS) for _ in range(8))


def ask(
    asked: Asked,
    actor: Actor,
    *,
    participant_id: int | None = None,
    account_id: int | None = None,
    files: Sequence[CheckedFile] = (),
) -> HelpRequest:
    """Store a request, its files and its outbox row, and confirm it by mail. A job delivers it.

    The mail repeats nothing of what was typed: nobody has proven yet that the address is his.
    """
    row = HelpRequest(
        id=next_id(HelpRequest),
        key=new_key(),
        kind=asked.kind,
        channel=asked.channel,
        stage=RequestStage.QUEUED,
        asked_at=clock.now(),
        participant_id=participant_id,
        account_id=account_id,
        name=asked.name,
        email=asked.email,
        phone=asked.phone,
        organisation=asked.organisation,
        page=asked.page,
        last_event=asked.last_event,
        subject=asked.subject,
        question=asked.question,
    )
    session().add(row)
    session().flush()
    for file in files:
        session().add(
            HelpAttachment(
                id=next_id(HelpAttachment),
                request_id=row.id,
                name=file.name,
                sha256=documents.store(file.content, file.media_type),
                media_type=file.media_type,
                size=len(file.content),
            )
        )
    session().add(HelpDelivery(request_id=row.id, attempts=0, next_attempt_at=clock.now(), needs_attention=False))
    queue_mail(
        asked.email,
        f"Wij hebben uw {asked.kind.label.lower()} ontvangen ({row.key})",
        "help_received",
        participant_id=participant_id,
        key=row.key,
        is_invitation=asked.kind is RequestKind.INVITATION,
    )
    record(_event(asked), actor, participant_id=participant_id, subject=f"help_request:{row.id}", key=row.key)
    return row


def _event(asked: Asked) -> Event:
    if asked.kind is RequestKind.INVITATION:
        return events.INVITED
    return events.RECORDED if asked.channel is RequestChannel.PHONE else events.ASKED


def retry(row: HelpRequest, actor: Actor) -> None:
    """Deliver it again, now. The ticket system is searched first, so that it is never filed twice."""
    delivery = session().get_one(HelpDelivery, row.id, with_for_update=True, populate_existing=True)
    if row.stage is RequestStage.DELIVERED or not delivery.needs_attention:
        raise Refused("Deze hulpvraag is al doorgestuurd of gaat vanzelf. Ververs de pagina om de stand te zien.")
    if row.stage is RequestStage.FAILED:
        move(row, RETRY, actor, name=f"hulpvraag {row.key}", subject=f"help_request:{row.id}", key=row.key)
    else:
        record(events.RETRIED, actor, subject=f"help_request:{row.id}", key=row.key)
    message = session().get(OutboxMessage, delivery.outbox_message_id) if delivery.outbox_message_id else None
    if message is not None and message.delivery is Delivery.FAILED:
        message.delivery, message.attempts, message.next_attempt_at = Delivery.QUEUED, 0, clock.now()
    delivery.attempts = min(delivery.attempts, 1)
    delivery.next_attempt_at, delivery.needs_attention, delivery.last_error = clock.now(), False, None
    session().flush()
