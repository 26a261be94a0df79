"""Who still uses a version that ends, who was told, and who went on with another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from catalogue.models import ModuleActivation, ModuleVersion
from catalogue.queries import in_force
from catalogue.retirement.models import RetirementNotice
from catalogue.versions.queries import users
from core.db import session
from participants.kinds import ContactRole
from participants.models import Contact, Participant

TOLD_ROLES = (ContactRole.TECHNICAL, ContactRole.FUNCTIONAL)


@dataclass(frozen=True)
class Standing:
    """One participant that uses, or when it was told used, a version that ends."""

    participant: Participant
    addresses: Sequence[str]
    """Of its technical contact and functional administrator."""
    told_at: datetime | None
    reminded_at: datetime | None
    moves_on: date | None
    """First day on another version, when that is known; for who switched the module off, that day."""
    has_moved: bool
    """On or before the day."""


def campaign(row: ModuleVersion, on: date) -> list[Standing]:
    """Everybody whom the end of a version concerns, by name."""
    told, reminded = _notices(row.id, is_reminder=False), _notices(row.id, is_reminder=True)
    still = {one.id: one for one in users(row.id, on)}
    missing = [key for key in told if key not in still]
    query = (
        select(Participant)
        .options(joinedload(Participant.organisation), joinedload(Participant.role))
        .where(Participant.id.in_(missing))
    )
    everybody = {**still, **{one.id: one for one in session().execute(query).scalars()}}
    addresses = _addresses(list(everybody))
    ends = _ends(row.id, list(everybody))
    found = [
        Standing(
            one,
            addresses.get(key, ()),
            told.get(key),
            reminded.get(key),
            ends.get(key),
            key not in still,
        )
        for key, one in everybody.items()
    ]
    return sorted(found, key=lambda one: (one.participant.name.casefold(), one.participant.id))


def _notices(version_id: int, *, is_reminder: bool) -> dict[int, datetime]:
    query = (
        select(RetirementNotice.participant_id, func.max(RetirementNotice.sent_at))
        .where(RetirementNotice.module_version_id == version_id, RetirementNotice.is_reminder == is_reminder)
        .group_by(RetirementNotice.participant_id)
    )
    return dict(session().execute(query).all())


def _addresses(keys: Sequence[int]) -> dict[int, list[str]]:
    query = select(Contact).where(Contact.participant_id.in_(keys), Contact.role.in_(TOLD_ROLES)).order_by(Contact.id)
    found: dict[int, list[str]] = {}
    for contact in session().execute(query).scalars():
        known = found.setdefault(contact.participant_id, [])
        if contact.email not in known:
            known.append(contact.email)
    return found


def _ends(version_id: int, keys: Sequence[int]) -> dict[int, date]:
    """The first day after the last period in the version, when it ends."""
    query = select(ModuleActivation).where(
        ModuleActivation.module_version_id == version_id, ModuleActivation.participant_id.in_(keys)
    )
    found: dict[int, date] = {}
    for period in session().execute(query.order_by(ModuleActivation.starts_on)).scalars():
        if period.ends_before is None:
            found.pop(period.participant_id, None)
        else:
            found[period.participant_id] = period.ends_before
    return found


def retired(on: date) -> list[ModuleVersion]:
    """Versions whose last day is past and that are still on for somebody."""
    query = select(ModuleVersion).where(ModuleVersion.retires_on <= on).order_by(ModuleVersion.id)
    return [row for row in session().execute(query).scalars() if row.retires_on and still_on(row.id, row.retires_on)]


def still_on(version_id: int, on: date) -> list[int]:
    """Participants of which a period in the version holds on a day."""
    query = select(ModuleActivation.participant_id).where(
        ModuleActivation.module_version_id == version_id, in_force(on)
    )
    return list(session().execute(query.order_by(ModuleActivation.participant_id)).scalars())
