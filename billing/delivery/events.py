"""What the audit trail tells about sending invoices."""

from __future__ import annotations

from core.audit import Event

INVOICE_SENT_AGAIN = Event(
    "billing:invoice:sent_again", "{actor} stuurde {kind} {number} van {name} opnieuw naar het adres voor facturen."
)
