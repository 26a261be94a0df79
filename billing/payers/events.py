"""What the audit trail tells about the links on invoices. That a link was printed is not told: each invoice has one."""

from __future__ import annotations

from core.audit import Event

LINK_REVOKED = Event("billing:link:revoked", "{actor} trok de link op factuur {number} in.")
LINK_RENEWED = Event(
    "billing:link:renewed", "{actor} maakte een nieuwe link bij factuur {number}, tot en met {last_day}."
)
