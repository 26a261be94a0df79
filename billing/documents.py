"""The frozen content of an invoice or credit note: plain values, of which the PDF and the mail are made.

It is stored as JSON with the invoice, so that every form of it can be made again, exactly, years later.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, Union

from billing.kinds import InvoiceKind, VatCategory
from billing.rules import VatTotal, payment_reference
from core import clock
from core.countries import HOME
from core.errors import UserError
from core.kinds import Labelled
from core.money import ZERO
from governance.models import Operator
from governance.queries import iban_on
from participants.kinds import Language, Profile
from participants.models import Participant
from participants.order_numbers.queries import OrderNumber, order_number

D = TypeVar("D")


@dataclass(frozen=True)
class Seller:
    """The operator as it was on the day of issue."""

    name: str
    street: str
    postal_code: str
    city: str
    kvk: str
    oin: str | None
    vat_id: str
    iban: str | None
    """None when nothing has to be paid: then there is no account to pay to."""
    email: str | None
    logo_sha256: str | None = None
    """Of the logo in the document store; documents of before there were logos have none."""

    @classmethod
    def of(cls, operator: Operator, *, something_to_pay: bool, on: date | None = None) -> Seller:
        """With the account in force `on` the day of issue, by default today. Raises UserError when something that must
        stand on an invoice is unknown."""
        iban = iban_on(operator, on or clock.today())
        needed = {
            "KvK-nummer": operator.kvk,
            "btw-nummer": operator.vat_id,
            "straat": operator.street,
            "postcode": operator.postal_code,
            "plaats": operator.city,
        }
        if something_to_pay:
            needed["IBAN"] = iban
        missing = [name for name, value in needed.items() if not value]
        if missing:
            raise UserError(
                f"Van stelselbeheerder {operator.name} ontbreekt: {', '.join(missing)}. Vul dit aan bij Besluiten,"
                " Stelselbeheerder; een collega geeft akkoord. Daarna kan de factuur worden gemaakt."
            )
        return cls(
            name=operator.name,
            street=operator.street or "",
            postal_code=operator.postal_code or "",
            city=operator.city or "",
            kvk=operator.kvk or "",
            oin=operator.oin,
            vat_id=operator.vat_id or "",
            iban=iban if something_to_pay else None,
            email=operator.email,
            logo_sha256=operator.logo_sha256,
        )


@dataclass(frozen=True)
class Buyer:
    """The participant as it was on the day of issue."""

    name: str
    unit: str
    """Name of the business unit; empty when it is the whole organisation."""
    attention: str | None
    street: str
    postal_code: str
    city: str
    kvk: str | None
    oin: str | None
    purchase_order_number: str | None
    reference: str | None
    """What the buyer wants to see on the invoice to find it back."""
    e_invoice_address: str | None = None
    """Peppol participant id, scheme:number."""
    country: str = HOME
    """ISO 3166 code."""
    vat_id: str | None = None
    """Only of a buyer to whom the VAT is reverse-charged, elsewhere in the European Union."""

    @classmethod
    def of(cls, participant: Participant, order: OrderNumber | None = None) -> Buyer:
        """`order`: the purchase order number, when many are made; otherwise it is looked up. Raises UserError when the
        invoice details are not known yet."""
        details = participant.invoice_details
        if details is None:
            raise UserError(
                f"Van {participant.name} zijn nog geen factuurgegevens bekend. Vul adres en e-mailadres voor facturen"
                " in bij de deelnemer; daarna kan de factuur worden gemaakt."
            )
        return cls(
            name=participant.organisation.name,
            unit=participant.unit_name,
            attention=details.attention,
            street=details.street,
            postal_code=details.postal_code,
            city=details.city,
            kvk=participant.organisation.kvk,
            oin=participant.own_oin or participant.organisation.oin,
            purchase_order_number=(order or order_number(participant)).number,
            reference=details.buyer_reference,
            e_invoice_address=details.e_invoice_address,
            country=details.country,
            vat_id=None if details.country == HOME else details.vat_id,
        )


@dataclass(frozen=True)
class Line:
    """One line, in euros without VAT."""

    description: str
    net: Decimal
    vat_percentage: Decimal
    vat_category: VatCategory = VatCategory.STANDARD


@dataclass(frozen=True)
class Credited:
    """Which invoice a credit note takes back, and why."""

    number: str
    issued_on: date
    seller: str
    reason: str
    is_whole: bool = True
    """False when it takes back part of the invoice."""


@dataclass(frozen=True)
class InvoiceDocument:
    """Everything that stands on an invoice or credit note."""

    number: str
    kind: InvoiceKind
    issued_on: date
    due_on: date | None
    starts_on: date
    """First day of the period it is about …"""
    ends_on: date
    """… and the last."""
    seller: Seller
    buyer: Buyer
    category: str
    explanation: str
    """Why this category, in one sentence without full stop."""
    decision: str
    """The decision it rests on: number and title."""
    why_nothing: str | None
    """Why the annual fee is € 0,00; None when it is not."""
    lines: tuple[Line, ...]
    vat_totals: tuple[VatTotal, ...]
    net: Decimal
    vat: Decimal
    gross: Decimal
    credited: Credited | None
    example: bool
    """Made with invented data: says "VOORBEELD" all over."""
    language: Language = Language.DUTCH
    profile: Profile = Profile.NLCIUS
    """What kind of e-invoice the buyer wants."""
    prepaid: Decimal = ZERO
    """Paid before, in euros with VAT (BT-113); at most the total. A credit note has none."""
    reason: str | None = None
    """Why an invoice was made by hand."""

    @property
    def to_pay(self) -> Decimal:
        """What remains to be paid, in euros; never less than nothing."""
        return max(self.gross - self.prepaid, ZERO)

    @property
    def title(self) -> str:
        """`Factuur 2026-00012`, in the example `VOORBEELD Factuur 2026-00012`."""
        named = f"jaartarief {self.starts_on.year}" if self.is_statement else self.number
        return f"{'VOORBEELD ' if self.example else ''}{self.kind.label} {named}"

    @property
    def payment_reference(self) -> str:
        """What the payer states (ISO 11649)."""
        return payment_reference(self.number)

    @property
    def file_name(self) -> str:
        return f"{self.title.replace(' ', '-').lower()}.pdf"

    @property
    def ubl_name(self) -> str:
        """Of the e-invoice, inside the PDF and beside it."""
        return f"{self.title.replace(' ', '-').lower()}.xml"

    @property
    def is_credit_note(self) -> bool:
        return self.kind is InvoiceKind.CREDIT_NOTE

    @property
    def is_statement(self) -> bool:
        """That nothing has to be paid: no invoice, so it shows no number and has no e-invoice."""
        return self.kind is InvoiceKind.STATEMENT

    def to_json(self) -> dict[str, Any]:
        """As stored: amounts as text, days in ISO form."""
        stored: dict[str, Any] = _plain(self)
        return stored

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> InvoiceDocument:
        return _typed(cls, stored)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Labelled):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def _typed(wanted: type[D], stored: dict[str, Any]) -> D:
    hints = _hints(wanted)  # type: ignore[arg-type]  # a class can be hashed
    # what was issued before a field existed has its default
    return wanted(**{name: _value(hint, stored[name]) for name, hint in hints.items() if name in stored})


@cache
def _hints(wanted: type[Any]) -> dict[str, Any]:
    return typing.get_type_hints(wanted)


def _value(hint: Any, stored: Any) -> Any:
    if typing.get_origin(hint) in (Union, types.UnionType):
        if stored is None:
            return None
        hint = next(option for option in typing.get_args(hint) if option is not type(None))
    if typing.get_origin(hint) is tuple:
        return tuple(_value(typing.get_args(hint)[0], item) for item in stored)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _typed(hint, stored)
    if hint is date:
        return date.fromisoformat(stored)
    return stored if hint in (str, bool) else hint(stored)
