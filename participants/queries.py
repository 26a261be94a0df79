"""Reads about participants and organisations, named after what they return."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select

from core.db import session
from identity.kinds import PARTICIPANT_PERMISSIONS
from participants.models import Representation


def permissions_of(account_id: int, on: date) -> dict[int, frozenset[str]]:
    """What an account may do for each participant on a day."""
    query = (
        select(Representation.participant_id, Representation.role)
        .where(Representation.account_id == account_id, Representation.starts_on <= on)
        .where(or_(Representation.ends_before.is_(None), Representation.ends_before > on))
    )
    allowed: dict[int, frozenset[str]] = {}
    for participant_id, role in session().execute(query):
        allowed[participant_id] = allowed.get(participant_id, frozenset()) | PARTICIPANT_PERMISSIONS[role]
    return allowed
