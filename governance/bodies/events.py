"""What the audit trail tells about seats and terms. Names of members stay out of it: they stand with the term."""

from __future__ import annotations

from core.audit import Event

SEAT_ADDED = Event("governance:seat:added", "{actor} legde in {body} vast: {seat} ({represents}), vanaf {starts_on}.")
SEAT_ENDED = Event("governance:seat:ended", "{actor} hief in {body} op: {seat}, na {last_day}.")
TERM_RECORDED = Event(
    "governance:term:recorded",
    "{actor} legde een benoeming vast in {body}: {seat}, van {starts_on} tot en met {last_day}.",
)
TERM_ENDED = Event(
    "governance:term:ended", "{actor} beëindigde een termijn in {body} eerder: {seat}, na {last_day}. Reden: {reason}"
)
