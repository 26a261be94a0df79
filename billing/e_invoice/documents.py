"""The content of an e-invoice in the terms of EN 16931 (BT and BG numbers): plain values, of which UBL is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.documents import Buyer, InvoiceDocument
from billing.kinds import VatCategory
from billing.languages.texts import WORDS
from core.countries import HOME
from core.money import ZERO
from participants.kinds import Profile

KVK, OIN = "0106", "0190"
"""ISO 6523 schemes of Dutch numbers."""


VAT_SCHEMES = {
    "AT": "9914",
    "BE": "9925",
    "BG": "9926",
    "CY": "9928",
    "CZ": "9929",
    "DE": "9930",
    "DK": "0184",
    "EE": "9931",
    "ES": "9920",
    "FI": "0213",
    "FR": "9957",
    "GR": "9933",
    "HR": "9934",
    "HU": "9910",
    "IE": "9935",
    "IT": "0211",
    "LT": "9937",
    "LU": "9938",
    "LV": "9939",
    "MT": "9943",
    "PL": "9945",
    "PT": "9946",
    "RO": "9947",
    "SI": "9949",
    "SK": "9950",
}
"""The scheme (EAS) under which a VAT number of each country is an address on the network; Sweden has none."""

NOT_GIVEN = "niet opgegeven"
"""Buyer reference of who has none: it has to be there (BR-NL-2), and nothing invented may stand in its place."""


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
    country: str = HOME
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
    prepaid: Decimal = ZERO
    """BT-113."""

    @property
    def is_credit_note(self) -> bool:
        return self.credits is not None

    @classmethod
    def of(cls, document: InvoiceDocument, profile: Profile | None = None) -> EInvoice:
        """The same invoice or credit note as the PDF, in the terms of EN 16931; in the profile that the buyer wants, or
        another."""
        sign = -1 if document.is_credit_note else 1  # a credit note states what is given back as positive
        seller, buyer = document.seller, document.buyer
        notes = [f"{document.explanation}.", f"{document.decision}."]
        words = WORDS[document.language]
        if document.example:
            notes.insert(0, words.example.format(kind=words.kind(document).lower()))
        if document.why_nothing:
            notes.append(document.why_nothing)
        if document.reason:
            notes.append(f"{words.by_hand}: {document.reason}")
        if document.credited:
            notes.append(f"{words.credit_reason} {document.credited.reason}")
        reference = buyer.reference or (None if buyer.purchase_order_number else NOT_GIVEN)
        pays = document.to_pay > 0 and seller.iban is not None
        return cls(
            profile=profile or document.profile,
            number=document.number,
            issued_on=document.issued_on,
            due_on=document.due_on,
            starts_on=document.starts_on,
            ends_on=document.ends_on,
            notes=(" ".join(notes),),
            buyer_reference=reference,
            order_number=buyer.purchase_order_number,
            credits=document.credited.number if document.credited else None,
            seller=Party(
                name=seller.name,
                legal_id=Number(KVK, seller.kvk),
                endpoint=Number(OIN, seller.oin) if seller.oin else None,
                street=seller.street,
                postal_code=seller.postal_code,
                city=seller.city,
                vat_id=seller.vat_id,
                email=seller.email,
            ),
            buyer=Party(
                name=buyer.name,
                legal_id=_legal_id(buyer.kvk, buyer.oin),
                endpoint=_endpoint(buyer),
                street=buyer.street,
                postal_code=buyer.postal_code,
                city=buyer.city,
                country=buyer.country,
                vat_id=buyer.vat_id,
                trading_name=buyer.unit or None,
                attention=buyer.attention,
            ),
            payment=Payment(seller.iban, document.payment_reference) if pays and seller.iban else None,
            terms=None if document.due_on else words.nothing_to_pay,
            lines=tuple(
                EInvoiceLine(line.description, sign * line.net, line.vat_category, line.vat_percentage)
                for line in document.lines
            ),
            breakdown=tuple(
                VatBreakdown(total.category, total.percentage, sign * total.net, sign * total.vat, total.exemption)
                for total in document.vat_totals
            ),
            net=sign * document.net,
            vat=sign * document.vat,
            gross=sign * document.gross,
            prepaid=ZERO if document.is_credit_note else document.prepaid,
        )


def _legal_id(kvk: str | None, oin: str | None) -> Number | None:
    """The KvK number, or the OIN of who has none."""
    if kvk:
        return Number(KVK, kvk)
    return Number(OIN, oin) if oin else None


def _endpoint(buyer: Buyer) -> Number | None:
    """The address that the buyer gave, or else its OIN, or abroad its VAT number."""
    if buyer.e_invoice_address:
        scheme, _, value = buyer.e_invoice_address.partition(":")
        return Number(scheme, value)
    if buyer.oin:
        return Number(OIN, buyer.oin)
    if buyer.vat_id and buyer.country in VAT_SCHEMES:
        return Number(VAT_SCHEMES[buyer.country], buyer.vat_id)
    return None
