"""What the audit trail tells about the register of processing activities."""

from __future__ import annotations

from core.audit import Event

RECORDED = Event("governance:processing:recorded", "{actor} legde verwerking {name} vast, geldig vanaf {starts_on}.")
STOPPED = Event("governance:processing:stopped", "{actor} legde vast dat verwerking {name} stopt vanaf {starts_on}.")
IMPORTED = Event("governance:processing:imported", "{actor} las {count} verwerkingen in, nog te bevestigen.")
