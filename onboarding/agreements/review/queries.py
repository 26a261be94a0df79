"""Reads for people who read along, and about them."""

from __future__ import annotations

from sqlalchemy import select

from core import clock, documents
from core import db as database
from core.db import scoped, session
from core.errors import NotFound, UserError
from identity.queries import hash_of
from onboarding.agreements import queries
from onboarding.agreements.drafting.services import draft_contract
from onboarding.models import LegalQuestion, ShareLink
from participants.models import Participant


class LinkExpired(UserError):
    """The link was good once."""

    status = 410


def link_of(token: str) -> ShareLink:
    """The link behind the secret in its address. Raises NotFound, or LinkExpired after its term or revocation."""
    with scoped(database.JOB):
        query = select(ShareLink).where(ShareLink.token_hash == hash_of(token))
        found = session().execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound("Deze link klopt niet. Controleer of het hele adres is overgenomen.")
    if found.revoked_at is not None:
        raise LinkExpired("Deze link is ingetrokken. Vraag de deelnemer om een nieuwe.")
    if found.expires_at <= clock.now():
        raise LinkExpired("Deze link is verlopen. Vraag de deelnemer om een nieuwe; uw vragen zijn bewaard.")
    return found


def share_links(participant_id: int) -> list[ShareLink]:
    """All links of a participant, newest first."""
    query = select(ShareLink).where(ShareLink.participant_id == participant_id).order_by(ShareLink.id.desc())
    return list(session().execute(query).scalars())


def share_link(participant_id: int, link_id: int) -> ShareLink:
    """One link of this participant. Raises NotFound."""
    query = select(ShareLink).where(ShareLink.id == link_id, ShareLink.participant_id == participant_id)
    found = session().execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound("Deze link bestaat niet.")
    return found


def questions(participant_id: int) -> list[LegalQuestion]:
    """What was asked about the agreement of a participant, oldest first."""
    query = select(LegalQuestion).where(LegalQuestion.participant_id == participant_id).order_by(LegalQuestion.id)
    return list(session().execute(query).scalars())


def question(participant_id: int, question_id: int) -> LegalQuestion:
    """One question about this participant's agreement. Raises NotFound."""
    query = select(LegalQuestion).where(LegalQuestion.id == question_id, LegalQuestion.participant_id == participant_id)
    found = session().execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound("Deze vraag bestaat niet.")
    return found


def open_questions() -> list[LegalQuestion]:
    """Questions without an answer, oldest first."""
    query = select(LegalQuestion).where(LegalQuestion.answered_at.is_(None)).order_by(LegalQuestion.id)
    return list(session().execute(query).scalars())


def document_to_read(participant: Participant) -> bytes:
    """The frozen agreement if it is there, else a draft with the facts of today."""
    agreement = queries.current_agreement(participant.id)
    return documents.read(agreement.document_sha256) if agreement else draft_contract(participant)
