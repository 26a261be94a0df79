"""What the audit trail tells about assessments."""

from __future__ import annotations

from core.audit import Event

STARTED = Event("governance:assessment:started", "{actor} begon een toets: {kind} van {release}.")
CHANGED = Event("governance:assessment:changed", "{actor} wijzigde de toets {kind} van {release}: {fields}.")
REPORT_ADDED = Event(
    "governance:assessment:reported", "{actor} voegde het rapport toe van de toets {kind} van {release} ({sha256})."
)
CLOSED = Event("governance:assessment:closed", "{actor} sloot de toets {kind} van {release} af: {verdict}.")
NOT_CLOSED = Event(
    "governance:assessment:refused",
    "{actor} wilde de toets {kind} van {release} afsluiten als {verdict}; dat kon niet: {why}",
    refusal=True,
)
FINDING_ADDED = Event(
    "governance:finding:added", "{actor} voegde een bevinding ({severity}) toe aan de toets {kind} van {release}."
)
FINDING_CHANGED = Event(
    "governance:finding:changed", "{actor} wijzigde bevinding {finding} van de toets {kind} van {release}."
)
FINDING_SETTLED = Event(
    "governance:finding:settled", "{actor} handelde bevinding {finding} van {release} af als {state}: {reason}"
)
