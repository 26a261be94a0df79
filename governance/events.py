"""What the audit trail tells about decisions, operators and settings."""

from __future__ import annotations

from core.audit import Event

DECISION_RECORDED = Event(
    "governance:decision:recorded", "{actor} legde besluit {number} vast: {title} ({body}, {decided_on})."
)
OPERATOR_RECORDED = Event(
    "governance:operator:recorded", "{actor} legde vast dat {name} stelselbeheerder is vanaf {starts_on}."
)
OPERATOR_COMPLETED = Event("governance:operator:completed", "{actor} vulde gegevens van {name} aan: {fields}.")
SETTINGS_LOADED = Event("governance:settings:loaded", "{actor} legde {count} instellingen vast die nog ontbraken.")
