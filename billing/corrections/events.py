"""What the audit trail tells about requests to correct an invoice. Who asks stays out of it: that stands in the row."""

from __future__ import annotations

from core.audit import Event

CORRECTION_ASKED = Event(
    "billing:correction:asked", "{actor} vroeg met de link op factuur {number} om een correctie: {what}."
)
CORRECTION_TAKEN_OVER = Event(
    "billing:correction:taken_over", "{actor} nam een correctie bij factuur {number} over: {what}. Antwoord: {reason}"
)
CORRECTION_DECLINED = Event(
    "billing:correction:declined",
    "{actor} nam een correctie bij factuur {number} niet over: {what}. Reden: {reason}",
)
