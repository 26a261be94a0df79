"""The arithmetic of an invoice: VAT, totals, due date, number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from stdnum.iso7064 import mod_97_10

from billing.kinds import InvoiceKind
from core.money import ZERO, vat

PREFIX = {InvoiceKind.INVOICE: "", InvoiceKind.CREDIT_NOTE: "C"}


@dataclass(frozen=True)
class VatTotal:
    """What is charged under one VAT rate, in euros."""

    percentage: Decimal
    net: Decimal
    vat: Decimal


def vat_totals(lines: Iterable[tuple[Decimal, Decimal]]) -> tuple[VatTotal, ...]:
    """VAT per rate over (net, percentage) lines: calculated once over the sum of that rate's lines, rounded half up.
    A rate that is charged over € 0,00 is stated as well."""
    sums: dict[Decimal, Decimal] = {}
    for net, percentage in lines:
        sums[percentage] = sums.get(percentage, ZERO) + net
    return tuple(VatTotal(percentage, net, vat(net, percentage)) for percentage, net in sorted(sums.items()))


def due_day(issued_on: date, term_days: int, gross: Decimal) -> date | None:
    """The last day to pay; None when there is nothing to pay."""
    return issued_on + timedelta(days=term_days) if gross > 0 else None


def payment_reference(number: str) -> str:
    """What a payer states, with check digits (ISO 11649): `RF02202600001` for invoice 2026-00001. Banks refuse a typing
    error, and it finds the invoice back without a person reading it."""
    reference = "".join(sign for sign in number.upper() if sign.isalnum())
    return f"RF{98 - mod_97_10.checksum(f'{reference}RF00'):02}{reference}"


def invoice_number(kind: InvoiceKind, year: int, position: int, seller: int) -> str:
    """`2026-00001`, for a credit note `C2026-00001`. `seller` is 1 for the operator with which the year began; a second
    one in the same year has its own series and gets a letter: `2026B-00001`. One of before the year (-1, -2 …) gets a
    letter from the end of the alphabet: `C2026Z-00001`."""
    letter = ""
    if seller != 1:
        letter = chr(ord("A") + seller - 1) if seller > 0 else chr(ord("Z") + seller + 1)
    return f"{PREFIX[kind]}{year}{letter}-{position:05}"
