"""What the audit trail tells about the yearly request."""

from __future__ import annotations

from core.audit import Event

ASKED = Event("billing:declaration:asked", "{actor} vroeg de jaaropgave {year}: {what}.")
ASKED_AGAIN = Event("billing:declaration:asked_again", "{actor} vroeg opnieuw om de jaaropgave {year}.")
ANSWERED = Event("billing:declaration:answered", "{actor} deed de jaaropgave {year}: {what}.")
