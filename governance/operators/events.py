"""What the audit trail tells about who may sign for the operator. Names stay out of it: they stand in the list."""

from __future__ import annotations

from core.audit import Event

SIGNATORY_RECORDED = Event(
    "governance:signatory:recorded",
    "{actor} legde vast dat iemand ({function}) mag tekenen voor {name}, vanaf {starts_on}.",
)
SIGNATORY_ENDED = Event(
    "governance:signatory:ended",
    "{actor} legde vast dat iemand ({function}) niet meer tekent voor {name}, na {last_day}.",
)
