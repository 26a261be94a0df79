"""The arithmetic of an invoice: VAT, totals, due date, number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from stdnum.iso7064 import mod_97_10

from billing.kinds import InvoiceKind, VatCategory
from core.countries import EUROPEAN_UNION, HOME
from core.money import ZERO, euros, vat

EXEMPT = "exempt"
"""Value of the setting VAT_TREATMENT of a seller whose service is exempt."""
EXEMPTION_TEXT = "Vrijgesteld van btw op grond van artikel 11 van de Wet op de omzetbelasting 1968"
REVERSE_CHARGE_TEXT = "Btw verlegd (VAT reverse charge)"
"""What has to stand on an invoice without VAT; the latter in the words of who reads it abroad as well."""

PREFIX = {InvoiceKind.INVOICE: "", InvoiceKind.CREDIT_NOTE: "C", InvoiceKind.STATEMENT: "M"}


class NoVatTreatment(ValueError):
    """It is not known how VAT works for a customer; the text says why and what to do, in Dutch."""


@dataclass(frozen=True)
class VatTreatment:
    """How VAT is charged to a customer."""

    category: VatCategory
    percentage: Decimal
    exemption_text: str | None = None
    """Why there is no VAT, as it stands on the invoice; None when there is VAT."""


def vat_treatment(
    seller_setting: str, percentage: Decimal, country: str, vat_id: str | None, exemption_text: str = EXEMPTION_TEXT
) -> VatTreatment:
    """The VAT of a customer in a country. At home the ordinary rate, or none when the seller is exempt; over € 0,00 too
    the ordinary rate stays the ordinary rate. To a customer with a VAT number elsewhere in the European Union the VAT
    is reverse-charged (article 196 of Directive 2006/112/EC).

    Raises NoVatTreatment for anybody else: Finance looks at that invoice first.
    """
    if country == HOME:
        if seller_setting == EXEMPT:
            return VatTreatment(VatCategory.EXEMPT, Decimal(0), exemption_text)
        return VatTreatment(VatCategory.STANDARD, percentage)
    if country not in EUROPEAN_UNION:
        raise NoVatTreatment(
            "Deze deelnemer heeft een adres buiten de Europese Unie. Welke btw dan geldt, zoekt Financiën eerst uit."
        )
    if not vat_id:
        raise NoVatTreatment(
            "Deze deelnemer heeft een adres in een ander land van de Europese Unie. Vul zijn btw-nummer in bij de"
            " factuurgegevens; dan wordt de btw verlegd."
        )
    return VatTreatment(VatCategory.REVERSE_CHARGE, Decimal(0), REVERSE_CHARGE_TEXT)


@dataclass(frozen=True)
class VatTotal:
    """What is charged under one VAT rate, in euros."""

    percentage: Decimal
    net: Decimal
    vat: Decimal
    category: VatCategory = VatCategory.STANDARD
    exemption: str | None = None
    """Why there is no VAT; None when there is."""


VatLine = tuple[Decimal, Decimal] | tuple[Decimal, Decimal, VatCategory]


def vat_totals(lines: Iterable[VatLine], exemption: str | None = None) -> tuple[VatTotal, ...]:
    """VAT per category and rate over (net, percentage, category) lines; without category it is the ordinary one.
    Calculated once over the sum of that rate's lines, rounded half up (EN 16931, BR-CO-17). A rate that is charged over
    € 0,00 is stated as well. `exemption`: why lines outside the ordinary category have no VAT."""
    sums: dict[tuple[VatCategory, Decimal], Decimal] = {}
    for line in lines:
        rate = (line[2] if len(line) == 3 else VatCategory.STANDARD, line[1])
        sums[rate] = sums.get(rate, ZERO) + line[0]
    return tuple(
        VatTotal(
            percentage,
            net,
            vat(net, percentage),
            category,
            None if category is VatCategory.STANDARD else exemption or DEFAULT_EXEMPTIONS[category],
        )
        for (category, percentage), net in sorted(sums.items(), key=lambda item: (item[0][1], str(item[0][0].value)))
    )


DEFAULT_EXEMPTIONS = {VatCategory.EXEMPT: EXEMPTION_TEXT, VatCategory.REVERSE_CHARGE: REVERSE_CHARGE_TEXT}


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


def referred_number(words: str) -> str | None:
    """The invoice number without hyphens in a payment reference as somebody types it, with right check digits; None
    for anything else."""
    compact = "".join(words.split()).upper()
    if not re.fullmatch(r"RF[0-9]{2}[0-9A-Z]{1,21}", compact):
        return None
    return compact[4:] if payment_reference(compact[4:]) == compact else None


def amount_in(words: str) -> Decimal | None:
    """The amount in euros that somebody types: 3630, 3.630,00 or € 3.630; None for anything else."""
    compact = re.sub(r"[\s€]", "", words).removesuffix(",-")
    if not re.fullmatch(r"-?([0-9]{1,9}|[0-9]{1,3}(\.[0-9]{3}){1,2})(,[0-9]{2})?", compact):
        return None
    return abs(euros(compact.replace(".", "").replace(",", ".")))
