"""What the audit trail tells about bank accounts of the operator."""

from __future__ import annotations

from core.audit import Event

BANK_ACCOUNT_RECORDED = Event(
    "governance:bank_account:recorded",
    "{actor} legde vast dat facturen van {name} vanaf {starts_on} worden betaald op {iban}; een collega vroeg dat.",
)
