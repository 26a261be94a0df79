"""What the audit trail tells about tariffs and invoices."""

from __future__ import annotations

from core.audit import Event

TARIFFS_IMPORTED = Event("billing:tariff:imported", "{actor} legde de tarieftabel {table} vast, op besluit {decision}.")
ZERO_TARIFF_RECORDED = Event(
    "billing:zero_tariff:recorded",
    "{actor} legde vast dat nieuwe abonnementen vanaf {starts_on} een jaartarief van € 0,00 hebben"
    " (besluit {decision}).",
)
EXCEPTION_RECORDED = Event(
    "billing:exception:recorded",
    "{actor} legde vast dat de rol {role} tot {ends_before} in categorie {category} valt (besluit {decision}).",
)
INVOICE_ISSUED = Event("billing:invoice:issued", "{actor} maakte factuur {number} van {amount} voor {name}.")
STATEMENT_ISSUED = Event(
    "billing:statement:issued", "{actor} maakte mededeling {number} voor {name}: het jaartarief is {amount}."
)
INVOICE_CREDITED = Event(
    "billing:invoice:credited",
    "{actor} crediteerde factuur {number} van {name} met creditnota {credit_note}. Reden: {reason}",
)
CREDIT_REFUSED = Event(
    "billing:credit:refused", "{actor} wilde factuur {number} crediteren; dat kon niet: {why}", refusal=True
)
INVOICE_CREDITED_IN_PART = Event(
    "billing:invoice:credited_in_part",
    "{actor} crediteerde {amount} van factuur {number} van {name} met creditnota {credit_note}. Reden: {reason}",
)
