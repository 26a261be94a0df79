"""What the audit trail tells about settings."""

from __future__ import annotations

from core.audit import Event

SETTING_CHANGED = Event(
    "governance:setting:changed", "{actor} legde vast dat '{name}' vanaf {day} is: {value}. Bron: {source}"
)
