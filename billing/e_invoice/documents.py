"""The content of an e-invoice in the terms of EN 16931 (BT and BG numbers): plain values, of which UBL is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.e_invoice.kinds import Profile, VatCategory

KVK, OIN = "0106", "0190"
"""ISO 6523 schemes of Dutch numbers."""


@dataclass(frozen=True)
class Number:
    """An identifier with its ISO 6523 scheme."""

    scheme: str
    value: str


@dataclass(frozen=True)
class Party:
    """Seller (BG-4) or buyer (BG-7)."""

    name: str
    legal_id: Number | None
    """BT-30, BT-47: KvK number or OIN."""
    endpoint: Number | None
    """BT-34, BT-49: the address on the network; without one the legal id serves."""
    street: str
    postal_code: str
    city: str
    country: str = "NL"
    trading_name: str | None = None
    """BT-28, BT-45: a business unit."""
    vat_id: str | None = None
    attention: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class Payment:
    """How to pay (BG-16): a SEPA credit transfer."""

    iban: str
    reference: str
    """BT-83, what the payer states."""


@dataclass(frozen=True)
class EInvoiceLine:
    """One line (BG-25). Its amount may be negative; the price never is, the quantity then is."""

    name: str
    net: Decimal
    category: VatCategory
    percentage: Decimal


@dataclass(frozen=True)
class VatBreakdown:
    """VAT per rate (BG-23)."""

    category: VatCategory
    percentage: Decimal
    net: Decimal
    vat: Decimal
    exemption: str | None = None
    """BT-120, as text; never a code (BR-NL-35)."""


@dataclass(frozen=True)
class EInvoice:
    """An invoice (380) or, when it credits something, a credit note (381) whose amounts are what is given back."""

    profile: Profile
    number: str
    issued_on: date
    due_on: date | None
    starts_on: date
    ends_on: date
    """The last day, inclusive as in BT-74."""
    notes: tuple[str, ...]
    buyer_reference: str | None
    order_number: str | None
    credits: str | None
    """Number of the invoice that is credited (BT-25)."""
    seller: Party
    buyer: Party
    payment: Payment | None
    terms: str | None
    """BT-20, in words."""
    lines: tuple[EInvoiceLine, ...]
    breakdown: tuple[VatBreakdown, ...]
    net: Decimal
    vat: Decimal
    gross: Decimal

    @property
    def is_credit_note(self) -> bool:
        return self.credits is not None
