"""What the audit trail tells about modules that were asked for and could not be switched on with the others."""

from __future__ import annotations

from core.audit import Event

PARKED = Event("catalogue:request:parked", "{actor} zette de aanvraag van {name} voor {module} apart. Reden: {reason}")
