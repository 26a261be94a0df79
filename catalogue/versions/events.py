"""What the audit trail tells about versions of modules."""

from __future__ import annotations

from core.audit import Event

ADDED = Event("catalogue:version:added", "{actor} voegde de versie {name} toe.")
CHANGED = Event("catalogue:version:changed", "{actor} wijzigde de gegevens van {name}: {fields}.")
AUDIENCE_SET = Event("catalogue:module:audience_set", "{actor} legde vast voor wie {module} is: {roles}.")
AGREEMENT_ADDED = Event("catalogue:process_agreement:added", "{actor} voegde procesafspraken toe aan {name}: {title}.")
GATE_RECORDED = Event(
    "catalogue:gate:recorded", "{actor} legde vast voor {name}: {gate} op {day}, door {done_by} ({reference})."
)
GATE_REFUSED = Event(
    "catalogue:gate:refused", "{actor} wilde vastleggen voor {name}: {gate}; dat kon niet: {why}", refusal=True
)
GATE_WITHDRAWN = Event("catalogue:gate:withdrawn", "{actor} trok voor {name} in: {gate}. Reden: {reason}")
ADVICE_LINKED = Event("catalogue:advice:linked", "{actor} koppelde advies {number} aan {name}.")
RELEASE_REQUESTED = Event(
    "catalogue:release:requested", "{actor} vroeg een collega om {name} vrij te geven vanaf {day}."
)
RELEASED = Event("catalogue:version:released", "{actor} gaf {name} vrij vanaf {day}, op grond van besluit {number}.")
RELEASE_REFUSED = Event(
    "catalogue:version:release_refused", "{actor} wilde {name} vrijgeven; dat kon niet: {why}", refusal=True
)
