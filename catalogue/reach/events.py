"""What the audit trail tells about whom somebody approaches."""

from __future__ import annotations

from core.audit import Event

CHOSEN = Event(
    "catalogue:creditors:chosen", "{actor} koos welke schuldeisers {name} benadert vanaf {day}: {creditors}."
)
