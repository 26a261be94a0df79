"""What the audit trail tells about scenarios."""

from __future__ import annotations

from core.audit import Event

SCENARIO_MADE = Event("billing:scenario:made", "{actor} maakte het scenario '{name}'.")
SCENARIO_CHANGED = Event("billing:scenario:changed", "{actor} wijzigde het scenario '{name}'.")
SCENARIO_REFRESHED = Event("billing:scenario:refreshed", "{actor} rekende het scenario '{name}' opnieuw uit.")
SCENARIO_ATTACHED = Event("billing:scenario:attached", "{actor} legde het scenario '{name}' vast bij {what}.")
