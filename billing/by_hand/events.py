"""What the audit trail tells about invoices by hand; that one was issued is told as of every invoice."""

from __future__ import annotations

from core.audit import Event

PROPOSED = Event(
    "billing:by_hand:proposed",
    "{actor} vroeg een collega om akkoord op een factuur met de hand voor {name}, {amount} zonder btw. Reden: {reason}",
)
