"""What the audit trail tells about the end of a version."""

from __future__ import annotations

from core.audit import Event

ANNOUNCED = Event("catalogue:retirement:announced", "{actor} kondigde aan dat {name} afloopt op {day}. Reden: {reason}")
CANCELLED = Event("catalogue:retirement:cancelled", "{actor} trok het einde van {name} in. Reden: {reason}")
TOLD = Event("catalogue:retirement:told", "{actor} mailde {count} deelnemers dat {name} afloopt op {day}.")
PARTICIPANT_TOLD = Event(
    "catalogue:retirement:participant_told", "{actor} mailde {participant} dat {name} afloopt op {day}."
)
