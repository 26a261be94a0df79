"""What the audit trail tells about purchase order numbers."""

from __future__ import annotations

from core.audit import Event

ORGANISATION_NUMBER_SET = Event(
    "participants:order_number:inherited",
    "{actor} vulde het inkoopordernummer van {name} in: {number}. Het geldt waar geen eigen nummer is.",
)
