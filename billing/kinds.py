"""Kinds of fees and invoices."""

from __future__ import annotations

from core.kinds import Labelled


class FeeKind(Labelled):
    CONNECTION = "connection", "Aansluitkosten"
    ANNUAL = "annual", "Jaartarief"


class InvoiceKind(Labelled):
    INVOICE = "invoice", "Factuur"
    CREDIT_NOTE = "credit_note", "Creditnota"
