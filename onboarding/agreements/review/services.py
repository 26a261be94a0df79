"""Letting lawyers read along, and answering what they ask. Nothing here commits."""

from __future__ import annotations

import secrets

from core import clock, identifiers
from core import db as database
from core.audit import VISITOR, Actor, record
from core.db import next_id, scoped, session
from core.errors import Refused
from core.filters import day
from core.identifiers import InvalidIdentifier
from core.mail import queue_mail
from core.web import absolute_url
from identity.queries import hash_of
from onboarding.agreements import events
from onboarding.agreements.rules import SHARE_TERM
from onboarding.models import LegalQuestion, ShareLink
from onboarding.tasks.queries import addresses_of, staff_addresses
from participants.kinds import CLOSED, ContactRole
from participants.models import Participant
from participants.queries import participant as find_participant

LONGEST_QUESTION = 4000


def share(participant: Participant, actor: Actor, *, email: str | None = None) -> str:
    """Make a link to read along with, good for thirty days, and mail it when an address is given.

    Returns its secret, which is stored nowhere.
    """
    if participant.stage in CLOSED:
        raise Refused("Deze aanmelding is gesloten. Er is niets meer om mee te lezen.")
    token = secrets.token_urlsafe(32)
    row = ShareLink(
        id=next_id(ShareLink),
        token_hash=hash_of(token),
        participant_id=participant.id,
        created_at=clock.now(),
        expires_at=clock.now() + SHARE_TERM,
    )
    session().add(row)
    session().flush()
    until = day((clock.now() + SHARE_TERM).astimezone(clock.AMSTERDAM).date())
    record(events.LINK_SHARED, actor, participant_id=participant.id, subject=f"share_link:{row.id}", until=until)
    if email:
        queue_mail(
            email,
            f"Lees mee met de overeenkomst van {participant.name}",
            "agreement_share",
            participant_id=participant.id,
            name=participant.name,
            until=until,
            url=absolute_url("agreements.read_along", token=token),
        )
    return token


def revoke(link: ShareLink, actor: Actor) -> None:
    """The link works no more. Revoking it again changes nothing."""
    if link.revoked_at is not None:
        return
    link.revoked_at = clock.now()
    session().flush()
    record(events.LINK_REVOKED, actor, participant_id=link.participant_id, subject=f"share_link:{link.id}")


def ask(link: ShareLink, asked_by: str, question: str, *, email: str | None = None) -> LegalQuestion:
    """Somebody who reads along asks something, by name. The operator hears of it."""
    with scoped(database.JOB):  # who reads along sees nothing of ours but this page
        participant = find_participant(link.participant_id)
        row = LegalQuestion(
            participant_id=participant.id,
            asked_by=_cleaned(asked_by, "asked_by", "Vul uw naam in."),
            asked_by_email=email or None,
            question=_cleaned(question, "question", "Schrijf uw vraag op."),
            asked_at=clock.now(),
        )
        session().add(row)
        session().flush()
        subject = f"legal_question:{row.id}"
        record(events.QUESTION_ASKED, VISITOR, participant_id=participant.id, subject=subject)
        for address in staff_addresses(participant, clock.today()):
            queue_mail(
                address,
                f"Vraag over de overeenkomst met {participant.name}",
                "agreement_question",
                participant_id=participant.id,
                name=participant.name,
                asked_by=row.asked_by,
                question=row.question,
                url=absolute_url("agreements.list_questions", participant_id=participant.id),
            )
    return row


def answer(question: LegalQuestion, text: str, actor: Actor) -> None:
    """Staff answer, once; the participant and who asked get it by mail."""
    if question.answered_at is not None:
        raise Refused("Een collega heeft deze vraag al beantwoord.")
    if actor.person is None:
        raise Refused("Alleen een medewerker beantwoordt vragen.")
    question.answer = _cleaned(text, "answer", "Schrijf een antwoord.")
    question.answered_by, question.answered_at = actor.person, clock.now()
    session().flush()
    subject = f"legal_question:{question.id}"
    record(events.QUESTION_ANSWERED, actor, participant_id=question.participant_id, subject=subject)
    participant = find_participant(question.participant_id)
    addresses = addresses_of(participant.id, ContactRole.SIGNATORY)
    if question.asked_by_email:
        addresses.append(question.asked_by_email)
    for address in dict.fromkeys(addresses):
        queue_mail(
            address,
            "Antwoord op een vraag over de overeenkomst",
            "agreement_answer",
            participant_id=participant.id,
            name=participant.name,
            asked_by=question.asked_by,
            question=question.question,
            answer=question.answer,
        )


def _cleaned(text: str, field: str, when_empty: str) -> str:
    try:
        found = identifiers.clean_text(text, several_lines=True)
    except InvalidIdentifier as error:
        raise Refused(str(error), field=field) from error
    if not found:
        raise Refused(when_empty, field=field)
    return found[:LONGEST_QUESTION]
