"""Hold invoices, and no longer. Callers hold scope staff and a transaction."""

from __future__ import annotations

from datetime import date, timedelta

from billing.runs import queries
from billing.runs.events import HOLD_LIFTED, HOLD_PLACED
from billing.runs.models import InvoiceHold
from core import clock, filters
from core.audit import Actor, record
from core.db import advisory_lock, lock, session
from core.errors import Refused
from participants.models import Participant

LONGEST = timedelta(days=366)
"""Nobody is forgotten: after this it is looked at again at the latest."""


def hold(participant: Participant, reason: str, recheck_on: date, actor: Actor) -> InvoiceHold:
    """Let no run invoice a participant until somebody lifts this. Raises Refused for a day that cannot be, without a
    reason, and when its invoices are held already."""
    today = clock.today()
    if not reason.strip():
        raise Refused("Schrijf in één of twee zinnen waarom u de facturen aanhoudt.", field="reason")
    if not today < recheck_on <= today + LONGEST:
        raise Refused("Kies een dag na vandaag, binnen een jaar.", field="recheck_on")
    advisory_lock(f"billing-hold-{participant.id}")
    if queries.hold_of(participant.id) is not None:
        raise Refused("De facturen van deze deelnemer worden al aangehouden.")
    if actor.person is None:
        raise Refused("Alleen een medewerker kan facturen aanhouden.")
    row = InvoiceHold(
        participant_id=participant.id,
        reason=reason.strip(),
        recheck_on=recheck_on,
        placed_by=actor.person,
        placed_at=clock.now(),
    )
    session().add(row)
    session().flush()
    record(
        HOLD_PLACED,
        actor,
        participant_id=participant.id,
        subject=f"invoice_hold:{row.id}",
        name=participant.name,
        recheck_on=filters.day(recheck_on),
        reason=row.reason,
    )
    return row


def lift(row: InvoiceHold, actor: Actor) -> None:
    """Invoice the participant again. Raises Refused when it was lifted before."""
    lock(row)
    if row.lifted_at is not None:
        raise Refused("Een collega houdt de facturen al niet meer aan.")
    row.lifted_by, row.lifted_at = actor.person, clock.now()
    session().flush()
    record(
        HOLD_LIFTED,
        actor,
        participant_id=row.participant_id,
        subject=f"invoice_hold:{row.id}",
        name=row.participant.name,
    )
