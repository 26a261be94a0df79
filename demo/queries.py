"""Which people of participants one can sign in as."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from core.audit import Person
from core.db import session
from identity.models import Account
from participants.models import Participant, Representation


@dataclass(frozen=True)
class ParticipantPersona:
    """Somebody of a fictional participant."""

    email: str
    name: str
    roles: str
    participant: str
    stage: str


def participant_personas(limit: int = 40) -> list[ParticipantPersona]:
    """People of the fictional participants, one row per person and participant: those with something to do first."""
    query = (
        select(Account.email, Person.name, Representation.role, Participant)
        .join(Representation, Representation.account_id == Account.id)
        .join(Participant, Participant.id == Representation.participant_id)
        .join(Person, Person.key == Account.person_key)
        .where(Participant.organisation.has(fictional=True))
        .order_by(Participant.stage == "live", Participant.id.desc(), Account.id)
    )
    found: dict[tuple[str, int], ParticipantPersona] = {}
    for email, name, role, participant in session().execute(query):
        key = (email, participant.id)
        before = f"{found[key].roles}, " if key in found else ""
        found[key] = ParticipantPersona(
            email, name or email, before + role.label, participant.name, participant.stage.label
        )
        if len(found) >= limit:
            break
    return list(found.values())
