"""What loading the example leaves on the trail."""

from __future__ import annotations

from core.audit import Event

LOADED = Event("demo:data:loaded", "{actor} zette de voorbeeldgegevens klaar.", internal=True)
