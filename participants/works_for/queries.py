"""For whom a participant works: the municipalities of a debt counsellor, the creditors of a collector."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core.db import is_among, session
from participants.models import ActsForCreditor, Organisation, ServedMunicipality
from participants.queries import in_force


def served_municipalities(participant_id: int, on: date) -> list[ServedMunicipality]:
    """The municipalities for which a debt counsellor works on a day, by name."""
    query = (
        select(ServedMunicipality)
        .join(ServedMunicipality.organisation)
        .options(joinedload(ServedMunicipality.organisation))
        .where(ServedMunicipality.participant_id == participant_id)
        .where(in_force(ServedMunicipality.starts_on, ServedMunicipality.ends_before, on))
        .order_by(Organisation.search_text)
    )
    return list(session().execute(query).scalars())


def municipalities_served_by(participant_ids: Sequence[int], on: date) -> dict[int, list[Organisation]]:
    """The municipalities for which debt counsellors work on a day, by participant; without any it is not in it."""
    query = (
        select(ServedMunicipality)
        .join(ServedMunicipality.organisation)
        .options(joinedload(ServedMunicipality.organisation))
        .where(is_among(ServedMunicipality.participant_id, participant_ids))
        .where(in_force(ServedMunicipality.starts_on, ServedMunicipality.ends_before, on))
        .order_by(Organisation.search_text)
    )
    found: dict[int, list[Organisation]] = {}
    for row in session().execute(query).scalars():
        found.setdefault(row.participant_id, []).append(row.organisation)
    return found


def creditors_acted_for(participant_id: int, on: date) -> list[ActsForCreditor]:
    """The creditors in whose name a collector acts on a day, by name."""
    query = (
        select(ActsForCreditor)
        .where(ActsForCreditor.participant_id == participant_id)
        .where(in_force(ActsForCreditor.starts_on, ActsForCreditor.ends_before, on))
        .order_by(func.lower(ActsForCreditor.creditor_name))
    )
    return list(session().execute(query).scalars())
