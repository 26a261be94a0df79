"""Reads about participants that were taken over from an older administration."""

from __future__ import annotations

from sqlalchemy import select

from core.audit import AuditEvent
from core.db import session
from onboarding.take_over.events import TAKEN_OVER


def earlier_file(participant_id: int) -> str | None:
    """Where the signed agreement of a participant that was taken over is kept; None for any other."""
    query = select(AuditEvent.facts).where(
        AuditEvent.participant_id == participant_id, AuditEvent.name == TAKEN_OVER.name
    )
    facts = session().scalar(query.order_by(AuditEvent.id.desc()).limit(1))
    return str(facts["reference"]) if facts else None
