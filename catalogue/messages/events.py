"""What the audit trail tells about message types."""

from __future__ import annotations

from core.audit import Event

ADDED = Event("catalogue:message_type:added", "{actor} voegde het bericht {message} toe aan {name}.")
REMOVED = Event("catalogue:message_type:removed", "{actor} haalde het bericht {message} uit {name}.")
ADD_REFUSED = Event(
    "catalogue:message_type:refused",
    "{actor} wilde het bericht {message} toevoegen aan {name}; dat kon niet: {why}",
    refusal=True,
)
