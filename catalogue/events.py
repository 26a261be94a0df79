"""What the audit trail tells about modules."""

from __future__ import annotations

from core.audit import Event

IMPORTED = Event(
    "catalogue:modules:imported",
    "{actor} werkte de lijst met modules bij: {added} nieuw, {changed} gewijzigd, {removed} combinaties vervallen.",
)
CHOSEN = Event("catalogue:modules:chosen", "{actor} koos de modules voor {name}: {modules}.")
ACTIVATED = Event("catalogue:module:activated", "{actor} zette de module {module} aan voor {name}, vanaf {day}.")
DEACTIVATED = Event("catalogue:module:deactivated", "{actor} zette de module {module} uit voor {name}, per {day}.")
ACTIVATION_REFUSED = Event(
    "catalogue:module:activation_refused",
    "{actor} wilde de module {module} aanzetten voor {name}; dat kon niet: {why}",
    refusal=True,
)
TAKEN_OVER = Event(
    "catalogue:module:taken_over",
    "{actor} nam over dat de module {module} aan staat voor {name} sinds {day}, nu met versie {version}.",
)
VERSION_SWITCHED = Event(
    "catalogue:module:version_switched", "{actor} liet {name} vanaf {day} overstappen van {before} op {after}."
)
