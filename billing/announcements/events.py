"""What the audit trail tells about letters on a new bank account."""

from __future__ import annotations

from core.audit import Event

IBAN_ANNOUNCED = Event(
    "billing:iban:announced", "{actor} stuurde een brief: facturen worden vanaf {starts_on} betaald op {iban}."
)
