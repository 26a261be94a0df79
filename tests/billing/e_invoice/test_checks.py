"""What the check says of any file, and that our own documents pass it."""

from __future__ import annotations

from decimal import Decimal
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.e_invoice.checks import LARGEST, check, is_accepted
from billing.e_invoice.documents import EInvoice
from billing.e_invoice.dutch_rules import Tree
from billing.e_invoice.kinds import Layer
from billing.e_invoice.ubl import write
from billing.kinds import VatCategory
from participants.kinds import Profile
from tests.billing.e_invoice.examples import bytes_of, e_invoice, one, remove, tree_of

ZERO = Decimal(0)
OURS = {
    "an ordinary one": e_invoice("750.00", "150.00"),
    "for Peppol": e_invoice(profile=Profile.PEPPOL),
    "a zero tariff": e_invoice("0.00", "0.00"),
    "exempt": e_invoice(rate=ZERO, category=VatCategory.EXEMPT),
    "a credit note": e_invoice("750.00", credits="2025-00009"),
    "a credit note over nothing": e_invoice("0.00", credits="2025-00009"),
    "a negative correction among others": e_invoice("750.00", "-62.50"),
    "only an order number": e_invoice(buyer_reference=None),
    "thirds of a year": e_invoice("83.33", "83.33", "83.34"),
    "a long name": e_invoice(notes=("Ï" * 4000,)),
}


@pytest.mark.parametrize("name", list(OURS))
def test_what_we_write_is_right(name: str) -> None:
    assert check(write(OURS[name])) == []


amounts = st.decimals(min_value=-99999, max_value=99999, places=2)


@given(st.lists(amounts, min_size=1, max_size=5), st.booleans())
@settings(max_examples=30, deadline=None)
def test_any_amounts_add_up_in_the_eyes_of_the_european_rules(given_amounts: list[Decimal], credit: bool) -> None:
    document = e_invoice(*map(str, given_amounts), credits="2025-00009" if credit else None)

    assert [finding for finding in check(write(document)) if finding.layer is not Layer.DUTCH] == []


def _spoilt(path: str, text: str | None) -> bytes:
    tree = tree_of()
    if text is None:
        remove(tree, path)
    else:
        one(tree, path).text = text
    return bytes_of(tree)


TOTAL = "cac:LegalMonetaryTotal/cbc:"


@pytest.mark.parametrize(
    ("path", "text", "layer", "sentence"),
    [
        (f"{TOTAL}TaxInclusiveAmount", "900.00", Layer.EUROPEAN, "Het totaal met btw is niet het totaal zonder btw"),
        ("cac:TaxTotal/cbc:TaxAmount", "157.51", Layer.EUROPEAN, "Het totaal van de btw is niet de som"),
        ("cac:InvoicePeriod/cbc:EndDate", "2025-12-31", Layer.EUROPEAN, "De periode eindigt voordat zij begint."),
        (
            "cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme",
            None,
            Layer.EUROPEAN,
            "btw-nummer van de verkoper",
        ),
        (
            "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID",
            "NL91ABNA0417164301",
            Layer.NUMBERS,
            "Dit IBAN klopt niet.",
        ),
        (
            "cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme/cbc:CompanyID",
            "NL810207358B01",
            Layer.NUMBERS,
            "Dit btw-nummer klopt niet.",
        ),
        (
            "cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity/cbc:CompanyID",
            "9900002",
            Layer.NUMBERS,
            "Een KvK-nummer heeft acht cijfers. U vulde er zeven in.",
        ),
        ("cac:InvoiceLine", None, Layer.SCHEMA, "de opbouw klopt niet met UBL 2.1"),
        ("cbc:IssueDate", "12 januari", Layer.SCHEMA, "de opbouw klopt niet met UBL 2.1"),
    ],
)
def test_what_is_wrong_is_said_in_dutch(path: str, text: str | None, layer: Layer, sentence: str) -> None:
    found = [finding for finding in check(_spoilt(path, text)) if finding.layer is layer]

    assert any(sentence in finding.text for finding in found), found
    assert not is_accepted(found)


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">&b;</Invoice>'
)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Het bestand is leeg."),
        (b"   \n", "Het bestand is leeg."),
        (b"%PDF-1.7 \x00\xff", "Dit is geen leesbaar XML-bestand"),
        (b"<Invoice>", "Dit is geen leesbaar XML-bestand (regel 1)"),
        (b"<Invoice/>", "begint met 'Invoice'"),
        (BOMB, "DOCTYPE"),
        (b"<x>" * 400 + b"</x>" * 400, "Dit is geen leesbaar XML-bestand"),
        (b"<x " + b"a" * LARGEST + b"/>", "groter dan 2 MB"),
        (b"<r>" + b"<x/>" * 70_000 + b"</r>", "meer dan 60000 onderdelen"),
        (b'<CrossIndustryInvoice xmlns="urn:un"/>', "formaat CII"),
    ],
    ids=["empty", "blank", "a PDF", "cut off", "no namespace", "entities", "deep", "too large", "too much", "CII"],
)
def test_a_file_that_is_no_ubl_gets_one_clear_answer(content: bytes, sentence: str) -> None:
    (finding,) = check(content)

    assert sentence in finding.text
    assert finding.layer is Layer.FILE


def test_a_thousand_lines_do_not_hold_the_server() -> None:
    document: EInvoice = e_invoice(*["1.00"] * 1000)
    began = monotonic()

    assert check(write(document)) == []
    assert monotonic() - began < 20


def test_a_european_rule_is_told_in_dutch_with_its_own_words_beside_it() -> None:
    tree: Tree = tree_of()
    remove(tree, "cbc:CustomizationID")

    (finding,) = check(bytes_of(tree))

    assert finding.rule == "BR-01"
    assert finding.text == "Het kenmerk van de gevolgde afspraken (CustomizationID) ontbreekt."
    assert finding.original is not None
    assert finding.original.startswith("An Invoice shall have a Specification identifier")
