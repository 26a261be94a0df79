"""Kinds of fees and invoices."""

from __future__ import annotations

from core.kinds import Labelled


class FeeKind(Labelled):
    CONNECTION = "connection", "Aansluitkosten"
    ANNUAL = "annual", "Jaartarief"
    CORRECTION = "correction", "Correctie"
    DISCOUNT = "discount", "Korting"


class InvoiceKind(Labelled):
    INVOICE = "invoice", "Factuur"
    CREDIT_NOTE = "credit_note", "Creditnota"
    STATEMENT = "statement", "Mededeling"
    """That nothing has to be paid, instead of an invoice of € 0,00; by the setting ZERO_INVOICE."""


class VatCategory(Labelled):
    """How VAT is charged. € 0,00 at the ordinary rate stays ordinary: the rate is not zero, the amount is."""

    STANDARD = "standard", "btw"
    EXEMPT = "exempt", "vrijgesteld van btw"
    REVERSE_CHARGE = "reverse_charge", "btw verlegd"

    @property
    def code(self) -> str:
        """Code of UNCL 5305."""
        return {"standard": "S", "exempt": "E", "reverse_charge": "AE"}[str(self.value)]


class OpenTop(Labelled):
    """How the surcharge of the open highest category counts its blocks."""

    STARTED_BLOCK = "started_block", "per begonnen blok"
    FULL_BLOCK = "full_block", "per vol blok"


class FirstYear(Labelled):
    """What a subscription pays over the year in which it begins."""

    STARTED_MONTHS = "started_months", "per begonnen maand"
    WHOLE_YEAR = "whole_year", "het hele jaartarief"


NO_CATEGORY = "–"
"""Shown as the category of a role that pays no fee."""


class CarryOver(Labelled):
    """What subscriptions that began under a zero tariff pay after it ended."""

    KEEP_ZERO = "keep_zero", "Zij houden voorlopig het jaartarief € 0,00"
    PAY_FROM_NEXT_YEAR = "pay_from_next_year", "Zij betalen het gewone jaartarief vanaf het jaar na het einde"
