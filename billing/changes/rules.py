"""From which day a change of category holds. Source: issue 4 ("effective from a future date")."""

from __future__ import annotations

from datetime import date


def next_first_of_january(on: date) -> date:
    """The coming 1 January: the annual fee goes by the category of that day."""
    return date(on.year + 1, 1, 1)


def why_not_effective_on(effective_on: date, today: date) -> str | None:
    """A change never takes effect today or earlier, and not further away than anybody can foresee; a sentence when it
    would."""
    if effective_on <= today:
        return "Een wijziging van categorie gaat niet met terugwerkende kracht in. Kies een dag na vandaag."
    if effective_on > date(today.year + 3, 1, 1):
        return "Deze dag ligt te ver weg. Controleer het jaar."
    return None
