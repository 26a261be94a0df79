"""Whom we write about tariffs and invoices."""

from __future__ import annotations

from participants.kinds import ContactRole
from participants.models import Participant


def recipient_of(participant: Participant) -> str | None:
    """The financial contact, else the address for invoices; None when nobody is known."""
    contact = next((one for one in participant.contacts if one.role is ContactRole.FINANCIAL), None)
    if contact is not None:
        return contact.email
    return participant.invoice_details.email if participant.invoice_details else None
