"""Reads about data breaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.db import session
from core.errors import NotFound
from governance.privacy.breaches.rules import Facts
from governance.privacy.models import Breach, BreachParticipant
from participants.kinds import CLOSED, ContactRole
from participants.models import Contact, Participant
from participants.queries import participants_by_id


def breaches() -> list[Breach]:
    """All breaches, latest discovered first."""
    query = select(Breach).options(selectinload(Breach.affected))
    return list(session().execute(query.order_by(Breach.discovered_at.desc(), Breach.id.desc())).scalars())


def breach(number: str) -> Breach:
    """One breach by its number. Raises NotFound."""
    found = session().execute(select(Breach).where(Breach.number == number)).scalar_one_or_none()
    if found is None:
        raise NotFound("Dit datalek bestaat niet.")
    return found


def open_breaches() -> list[Breach]:
    """Those that are not closed, longest ago first."""
    query = select(Breach).options(selectinload(Breach.affected)).where(Breach.closed_on.is_(None))
    return list(session().execute(query.order_by(Breach.discovered_at)).scalars())


def facts_of(row: Breach) -> Facts:
    """What the rules ask of a breach."""
    return Facts(
        role=row.role,
        risk=row.risk,
        told_authority=row.authority_told_at is not None,
        why_not_authority=bool(row.not_told_reason),
        told_people=row.people_told_at is not None,
        why_not_people=bool(row.people_not_told_reason),
        affected=len(row.affected),
        affected_untold=sum(one.told_at is None for one in row.affected),
    )


@dataclass(frozen=True)
class Recipient:
    """An affected participant and who hears of it there."""

    affected: BreachParticipant
    participant: Participant
    contact: Contact | None
    """The privacy contact; in its absence the functional administrator or the signatory. None: nobody is known."""

    @property
    def is_privacy_contact(self) -> bool:
        return self.contact is not None and self.contact.role is ContactRole.PRIVACY


ASKED_IN_ORDER = (ContactRole.PRIVACY, ContactRole.FUNCTIONAL, ContactRole.SIGNATORY)


def recipients(row: Breach) -> list[Recipient]:
    """Everybody affected, by name, with who hears of it."""
    keys = [one.participant_id for one in row.affected]
    participants = {found.id: found for found in participants_by_id(keys)}
    contacts = session().execute(select(Contact).where(Contact.participant_id.in_(keys))).scalars().all()
    found = []
    for one in row.affected:
        of_this = {contact.role: contact for contact in contacts if contact.participant_id == one.participant_id}
        contact = next((of_this[role] for role in ASKED_IN_ORDER if role in of_this), None)
        found.append(Recipient(one, participants[one.participant_id], contact))
    return sorted(found, key=lambda one: one.participant.name.casefold())


def candidates() -> Sequence[Participant]:
    """Participants that a breach can affect: all that did not end."""
    query = select(Participant.id).where(Participant.stage.not_in(CLOSED))
    keys = list(session().execute(query).scalars())
    return sorted(participants_by_id(keys), key=lambda row: row.name.casefold())
