"""The e-invoice says the same as the PDF, because both are made of one frozen document."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.documents import Buyer, Credited, InvoiceDocument
from billing.e_invoice.checks import check
from billing.e_invoice.documents import NOT_GIVEN, EInvoice
from billing.e_invoice.dutch_rules import NAMESPACES
from billing.e_invoice.ubl import write
from billing.kinds import InvoiceKind
from billing.rules import vat_totals
from core.money import ZERO
from participants.kinds import Profile
from tests.billing.e_invoice.examples import tree_of
from tests.billing.test_documents import INVOICE

ISSUED = replace(
    INVOICE,
    seller=replace(INVOICE.seller, vat_id="NL810207357B01", iban="NL91ABNA0417164300", oin="00000099000000001000"),
    buyer=replace(INVOICE.buyer, kvk="99000002", oin="00000099000000002000"),
)


def with_lines(document: InvoiceDocument, sign: int) -> InvoiceDocument:
    """The same with all amounts times a sign; 0 for a zero tariff."""
    lines = tuple(replace(line, net=sign * line.net) for line in document.lines)
    totals = vat_totals((line.net, line.vat_percentage) for line in lines)
    return replace(
        document,
        lines=lines,
        vat_totals=totals,
        net=sign * document.net,
        vat=sign * document.vat,
        gross=sign * document.gross,
    )


CREDIT_NOTE = replace(
    with_lines(ISSUED, -1),
    kind=InvoiceKind.CREDIT_NOTE,
    number="C2024-00001",
    due_on=None,
    credited=Credited("2024-00001", date(2024, 3, 15), "Beheerder", "Dubbel gemaakt"),
)
NOTHING = replace(with_lines(ISSUED, 0), due_on=None, why_nothing="Voor nieuwe abonnementen is het jaartarief € 0,00.")
EXAMPLES = {"an invoice": ISSUED, "a credit note": CREDIT_NOTE, "nothing to pay": NOTHING}


@pytest.mark.parametrize("profile", list(Profile), ids=lambda profile: profile.value)
@pytest.mark.parametrize("name", list(EXAMPLES))
def test_what_we_issue_passes_every_check(name: str, profile: Profile) -> None:
    assert check(write(EInvoice.of(EXAMPLES[name], profile))) == []


def test_amounts_number_and_reference_are_those_of_the_invoice() -> None:
    tree = tree_of(EInvoice.of(ISSUED, Profile.NLCIUS))

    assert tree.findtext("cbc:ID", None, NAMESPACES) == "2024-00001"
    assert tree.findtext("cac:LegalMonetaryTotal/cbc:PayableAmount", None, NAMESPACES) == "3388.00"
    assert tree.findtext("cac:PaymentMeans/cbc:PaymentID", None, NAMESPACES) == ISSUED.payment_reference
    assert tree.findtext("cac:OrderReference/cbc:ID", None, NAMESPACES) == "PO-1"
    note = tree.findtext("cbc:Note", "", NAMESPACES)
    assert ISSUED.explanation in note
    assert ISSUED.decision in note


def test_a_credit_note_gives_back_a_positive_amount_and_names_the_invoice() -> None:
    tree = tree_of(EInvoice.of(CREDIT_NOTE, Profile.NLCIUS))

    assert str(tree.tag).endswith("}CreditNote")
    assert tree.findtext("cac:LegalMonetaryTotal/cbc:PayableAmount", None, NAMESPACES) == "3388.00"
    reference = "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"
    assert tree.findtext(reference, None, NAMESPACES) == "2024-00001"


def test_nothing_to_pay_is_the_ordinary_rate_over_nothing() -> None:
    tree = tree_of(EInvoice.of(NOTHING, Profile.NLCIUS))

    category = "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:"
    assert (
        tree.findtext(f"{category}ID", None, NAMESPACES),
        tree.findtext(f"{category}Percent", None, NAMESPACES),
    ) == (
        "S",
        "21",
    )
    assert NOTHING.gross == ZERO
    assert tree.find("cac:PaymentMeans", NAMESPACES) is None
    assert tree.find("cbc:DueDate", NAMESPACES) is None
    assert tree.findtext("cac:PaymentTerms/cbc:Note", None, NAMESPACES) == "U hoeft niets te betalen."


def buyer(**changes: str | None) -> Buyer:
    return replace(ISSUED.buyer, **changes)  # type: ignore[arg-type]  # fields of a buyer, all text


def test_who_gave_no_reference_gets_an_honest_one() -> None:
    document = EInvoice.of(replace(ISSUED, buyer=buyer(purchase_order_number=None)), Profile.NLCIUS)

    assert document.buyer_reference == NOT_GIVEN
    assert EInvoice.of(ISSUED, Profile.NLCIUS).buyer_reference is None, "an order number is enough"


def test_the_e_invoice_goes_to_the_address_that_was_given_or_to_the_oin() -> None:
    given = EInvoice.of(replace(ISSUED, buyer=buyer(e_invoice_address="0106:99000002")), Profile.NLCIUS).buyer.endpoint
    ours = EInvoice.of(ISSUED, Profile.NLCIUS).buyer.endpoint

    assert (given and given.scheme, given and given.value) == ("0106", "99000002")
    assert (ours and ours.scheme, ours and ours.value) == ("0190", "00000099000000002000")


def test_who_has_no_kvk_number_is_known_by_its_oin() -> None:
    document = EInvoice.of(replace(ISSUED, buyer=buyer(kvk=None)), Profile.NLCIUS)

    assert document.buyer.legal_id is not None
    assert document.buyer.legal_id.scheme == "0190"
    assert check(write(document)) == []


def test_an_example_says_so() -> None:
    document = EInvoice.of(replace(ISSUED, example=True), Profile.NLCIUS)

    assert document.notes[0].startswith("VOORBEELD")
    assert Decimal(document.gross) == ISSUED.gross
