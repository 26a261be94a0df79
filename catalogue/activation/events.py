"""What the audit trail tells about the conditions of switching on."""

from __future__ import annotations

from core.audit import Event

ADDENDUM_ACCEPTED = Event(
    "catalogue:addendum:accepted",
    "{actor} legde vast dat {name} het addendum voor {version} aanvaardde op {day} ({reference}).",
)
PRODUCT_SUPPORTS = Event(
    "catalogue:product:recorded", "{actor} legde vast dat {product} de berichten van {version} ondersteunt ({source})."
)
COVENANT_ADDED = Event(
    "catalogue:covenant:added", "{actor} legde een convenant met {name} vast: {reference}, vanaf {day}."
)
COVENANT_ENDED = Event("catalogue:covenant:ended", "{actor} beëindigde het convenant {reference} met {name} op {day}.")
