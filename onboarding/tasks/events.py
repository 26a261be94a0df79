"""What the audit trail says about the task list. Names of people are not facts: they can be erased."""

from __future__ import annotations

from core.audit import Event

CHECKED = Event("onboarding:check:recorded", "{actor} legde vast: {what}, op {day}.")
AUTHORITY_RECORDED = Event(
    "onboarding:authority:recorded",
    "{actor} stelde vast dat de tekeningsbevoegde van {name} mag tekenen (grond: {basis}).",
)
NUDGED = Event("onboarding:participant:nudged", "{actor} stuurde een herinnering: {what}.")
