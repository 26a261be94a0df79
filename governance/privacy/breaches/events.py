"""What the audit trail tells about data breaches."""

from __future__ import annotations

from core.audit import Event

RECORDED = Event("governance:breach:recorded", "{actor} legde datalek {number} vast ({role}): {title}.", internal=True)
CHANGED = Event("governance:breach:changed", "{actor} wijzigde datalek {number}: {fields}.", internal=True)
AUTHORITY_TOLD = Event(
    "governance:breach:reported",
    "{actor} legde vast dat datalek {number} is gemeld bij de Autoriteit Persoonsgegevens ({reference}).",
    internal=True,
)
PEOPLE_TOLD = Event(
    "governance:breach:explained",
    "{actor} legde vast dat de mensen om wie het gaat zijn ingelicht over datalek {number}.",
    internal=True,
)
AFFECTED = Event("governance:breach:affected", "{actor} noemde {count} deelnemers die datalek {number} raakt.")
NOTIFIED = Event("governance:breach:notified", "{actor} meldde datalek {number} aan {participant}.")
CLOSED = Event("governance:breach:closed", "{actor} sloot datalek {number} af.", internal=True)
NOT_CLOSED = Event(
    "governance:breach:refused",
    "{actor} wilde datalek {number} afsluiten; dat kon niet: {why}",
    refusal=True,
    internal=True,
)
