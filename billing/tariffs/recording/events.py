"""What the audit trail tells about recording tariffs."""

from __future__ import annotations

from core.audit import Event

TABLE_RECORDED = Event(
    "billing:tariff_table:recorded",
    "{actor} legde de tarieftabel {table} vast, vanaf {starts_on}, op besluit {decision}.",
)
ZERO_TARIFF_REVIEWED = Event(
    "billing:zero_tariff:reviewed",
    "{actor} legde vast over het jaartarief € 0,00 vanaf {starts_on}: {what} Besluit {decision}.",
)
FINANCE_WARNED = Event(
    "billing:zero_tariff:warned", "{actor} mailde Financiën dat het jaartarief € 0,00 op {due_on} aan de orde is."
)
