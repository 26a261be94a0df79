"""What taking over leaves on the trail."""

from __future__ import annotations

from core.audit import Event

TAKEN_OVER = Event(
    "onboarding:participant:taken_over",
    "{actor} nam de bestaande aansluiting van {name} over: aangesloten sinds {day}, overeenkomst in {reference}.",
)
