"""What the audit trail says about going live, suspension and ending."""

from __future__ import annotations

from core.audit import Event

READY = Event("onboarding:participant:declared_ready", "{actor} meldde: {name} is klaar.")
NOT_READY = Event(
    "onboarding:participant:ready_refused",
    "{actor} wilde melden dat {name} klaar is; dat kon nog niet: {why}",
    refusal=True,
)
ACTIVATED = Event("onboarding:participant:activated", "{actor} activeerde {name} voor {modules}.")
NOT_ACTIVATED = Event(
    "onboarding:participant:activation_refused",
    "{actor} wilde {name} activeren; dat kon niet: {why}",
    refusal=True,
)
SUSPENDED = Event("onboarding:participant:suspended", "{actor} schorste {name}. Reden: {reason}")
RESUMED = Event("onboarding:participant:resumed", "{actor} hief de schorsing van {name} op.")
ENDING_PLANNED = Event(
    "onboarding:participant:ending_planned", "{actor} legde vast dat {name} stopt op {day}. Reden: {reason}"
)
ENDED = Event("onboarding:participant:ended", "{actor} beëindigde de aansluiting van {name} op {day}. Reden: {reason}")
END_REACHED = Event(
    "onboarding:participant:end_reached", "{actor} sloot de aansluiting van {name}: {day} was de einddatum."
)
