"""What the audit trail tells about prepayments; their use is told with the invoice."""

from __future__ import annotations

from core.audit import Event

ENTERED = Event(
    "billing:prepayment:entered",
    "{actor} legde vast voor {name}: {kind}, {paid} betaald en {benefit} voordeel. Bron: {source}",
)
USED = Event(
    "billing:prepayment:used",
    "{actor} verrekende op factuur {number} van {name} {paid} vooruitbetaling en {benefit} voordeel.",
)
GIVEN_BACK = Event(
    "billing:prepayment:given_back",
    "{actor} gaf met creditnota {number} van {name} {paid} vooruitbetaling en {benefit} voordeel terug, om later te"
    " verrekenen.",
)
