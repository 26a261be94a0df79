"""The frozen content of an invoice survives its storage, and the arithmetic of an invoice adds up."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso11649

from billing import rules
from billing.documents import Buyer, Credited, InvoiceDocument, Line, Seller
from billing.kinds import InvoiceKind
from core.money import ZERO

INVOICE = InvoiceDocument(
    number="2024-00001",
    kind=InvoiceKind.INVOICE,
    issued_on=date(2024, 3, 15),
    due_on=date(2024, 4, 14),
    starts_on=date(2024, 3, 15),
    ends_on=date(2024, 12, 31),
    seller=Seller("Beheerder", "Straat 1", "9999 XX", "Stad", "99000010", None, "NL1", "NL02ABNA0123456789", None),
    buyer=Buyer("Súdwest-Fryslân & co", "", None, "Postbus 1", "9999 XX", "Stad", None, None, "PO-1", None),
    category="D",
    explanation="Gemeente Velsen: 70.361 inwoners volgens organisaties.overheid.nl, categorie D",
    decision="Tarieven A–G (2022-02, 13 november 2022)",
    why_nothing=None,
    lines=(Line("Aansluitkosten", Decimal("300.00"), Decimal("21")), Line("Jaar", Decimal("2500.00"), Decimal("21"))),
    vat_totals=(rules.VatTotal(Decimal("21"), Decimal("2800.00"), Decimal("588.00")),),
    net=Decimal("2800.00"),
    vat=Decimal("588.00"),
    gross=Decimal("3388.00"),
    credited=None,
    example=False,
)


@pytest.mark.parametrize(
    "document",
    [
        INVOICE,
        replace(
            INVOICE,
            kind=InvoiceKind.CREDIT_NOTE,
            due_on=None,
            credited=Credited("2024-00001", date(2024, 3, 15), "Beheerder", "Dubbel “gemaakt”"),
            example=True,
        ),
        replace(INVOICE, lines=(), vat_totals=(), net=ZERO, vat=ZERO, gross=ZERO),
    ],
)
def test_a_document_comes_back_from_storage_as_it_went_in(document: InvoiceDocument) -> None:
    stored = json.loads(json.dumps(document.to_json()))
    assert InvoiceDocument.from_json(stored) == document


def test_an_example_says_so_in_its_title_and_file_name() -> None:
    assert INVOICE.title == "Factuur 2024-00001"
    assert INVOICE.file_name == "factuur-2024-00001.pdf"
    assert replace(INVOICE, example=True).title == "VOORBEELD Factuur 2024-00001"
    assert replace(INVOICE, example=True).file_name == "voorbeeld-factuur-2024-00001.pdf"


amounts = st.decimals(min_value=-1_000_000, max_value=1_000_000, places=2)
rates = st.sampled_from([Decimal("21"), Decimal("9"), Decimal("0")])


@given(st.lists(st.tuples(amounts, rates), max_size=20))
def test_vat_is_taken_once_per_rate_and_mirrors(lines: list[tuple[Decimal, Decimal]]) -> None:
    totals = rules.vat_totals(lines)
    assert sum((total.net for total in totals), ZERO) == sum((net for net, _ in lines), ZERO)
    assert len({total.percentage for total in totals}) == len(totals)
    for total in totals:
        assert abs(total.vat - total.net * total.percentage / 100) <= Decimal("0.005")
    mirrored = rules.vat_totals((-net, rate) for net, rate in lines)
    assert [(total.net, total.vat) for total in mirrored] == [(-total.net, -total.vat) for total in totals]


def test_vat_over_nothing_is_stated() -> None:
    assert rules.vat_totals([(ZERO, Decimal("21"))]) == (rules.VatTotal(Decimal("21"), ZERO, ZERO),)


@pytest.mark.parametrize(
    ("kind", "position", "seller", "number"),
    [
        (InvoiceKind.INVOICE, 1, 1, "2026-00001"),
        (InvoiceKind.INVOICE, 99_999, 1, "2026-99999"),
        (InvoiceKind.INVOICE, 100_000, 1, "2026-100000"),
        (InvoiceKind.CREDIT_NOTE, 1, 1, "C2026-00001"),
        (InvoiceKind.INVOICE, 1, 2, "2026B-00001"),
        (InvoiceKind.CREDIT_NOTE, 12, 3, "C2026C-00012"),
    ],
)
def test_a_number_tells_kind_year_and_seller(kind: InvoiceKind, position: int, seller: int, number: str) -> None:
    assert rules.invoice_number(kind, 2026, position, seller) == number


@pytest.mark.parametrize(("gross", "due"), [("0.01", date(2024, 3, 1)), ("0.00", None), ("-5.00", None)])
def test_there_is_a_due_day_only_when_there_is_something_to_pay(gross: str, due: date | None) -> None:
    assert rules.due_day(date(2024, 1, 31), 30, Decimal(gross)) == due


@pytest.mark.parametrize("number", ["2026-00001", "C2026-00012", "2026B-99999"])
def test_the_payment_reference_has_right_check_digits(number: str) -> None:
    reference = rules.payment_reference(number)

    assert iso11649.validate(reference) == reference
    assert reference.endswith(number.replace("-", ""))


def test_what_was_issued_before_a_field_existed_is_read_with_its_default() -> None:
    stored = INVOICE.to_json()
    del stored["buyer"]["e_invoice_address"]

    assert InvoiceDocument.from_json(stored) == INVOICE
