"""What keeps an invoice back before it has its number, said with who can mend it; and that a mixed set passes."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from time import process_time

import pytest
from lxml import etree

from billing.documents import InvoiceDocument
from billing.e_invoice.checks import check
from billing.e_invoice.dutch_rules import NAMESPACES
from billing.e_invoice.kinds import Layer, Mender
from billing.e_invoice.rules import mender_of
from billing.e_invoice.services import problems, ubl
from core.countries import EUROPEAN_UNION, PREFIX
from participants.kinds import Profile
from tests.billing.documents import ABROAD, ALL, PLAIN, PREPAID, REVERSE_CHARGED
from tests.billing.e_invoice.examples import one


@pytest.mark.parametrize("name", list(ALL))
def test_each_document_of_a_mixed_set_passes_every_check_without_a_warning(name: str) -> None:
    assert check(ubl(ALL[name])) == []
    assert problems(replace(ALL[name], number="")) == []


def _payable(document: InvoiceDocument, name: str) -> str | None:
    path = f"cac:LegalMonetaryTotal/cbc:{name}"
    return etree.fromstring(ubl(document)).findtext(path, None, NAMESPACES)


def test_what_was_paid_before_stands_apart() -> None:
    assert (_payable(PREPAID, "PrepaidAmount"), _payable(PREPAID, "PayableAmount")) == ("1000.00", "2388.00")
    assert _payable(PLAIN, "PrepaidAmount") is None


def test_a_reverse_charge_names_the_vat_number_of_the_buyer_and_says_so() -> None:
    tree = etree.fromstring(ubl(REVERSE_CHARGED))

    party = "cac:AccountingCustomerParty/cac:Party"
    assert one(tree, f"{party}/cac:PartyTaxScheme/cbc:CompanyID").text == "BE0411905847"
    assert one(tree, f"{party}/cac:PostalAddress/cac:Country/cbc:IdentificationCode").text == "BE"
    category = one(tree, "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory")
    assert category.findtext("cbc:ID", None, NAMESPACES) == "AE"
    assert "verlegd" in str(category.findtext("cbc:TaxExemptionReason", None, NAMESPACES))


@pytest.mark.parametrize("country", sorted(EUROPEAN_UNION - {"NL", "SE"}))
def test_every_country_of_the_european_union_has_an_address_on_the_network(country: str) -> None:
    """The official rules know the scheme; the number itself is not looked at here."""
    number = f"{PREFIX.get(country, country)}1"
    document = replace(REVERSE_CHARGED, buyer=replace(ABROAD, country=country, vat_id=number))

    assert [finding for finding in check(ubl(document)) if finding.layer is not Layer.NUMBERS] == []
    assert b'<cbc:EndpointID schemeID="' in ubl(document)
    assert ubl(document).count(b"<cbc:EndpointID") == 2


def test_at_home_the_vat_number_of_the_buyer_is_left_out() -> None:
    assert b"cac:AccountingCustomerParty" in ubl(PLAIN)
    assert ubl(PLAIN).count(b"<cac:PartyTaxScheme>") == 1


Spoil = Callable[[InvoiceDocument], InvoiceDocument]
SPOILT: dict[str, tuple[Spoil, str, Mender]] = {
    "a KvK number of seven digits": (
        lambda document: replace(document, buyer=replace(document.buyer, kvk="9900000")),
        "Een KvK-nummer heeft acht cijfers",
        Mender.RELATIONS,
    ),
    "a VAT number with a typing error": (
        lambda document: replace(document, buyer=replace(ABROAD, vat_id="BE0411905848")),
        "BE0411905848: Dit btw-nummer klopt niet",
        Mender.RELATIONS,
    ),
    "a buyer without any number": (
        lambda document: replace(document, buyer=replace(document.buyer, kvk=None, oin=None)),
        "BR-NL-10",
        Mender.RELATIONS,
    ),
    "a buyer without a street": (
        lambda document: replace(document, buyer=replace(document.buyer, street="")),
        "BR-NL-4",
        Mender.RELATIONS,
    ),
    "an IBAN of the seller with a typing error": (
        lambda document: replace(document, seller=replace(document.seller, iban="NL91ABNA0417164301")),
        "Dit IBAN klopt niet",
        Mender.OPERATOR,
    ),
    "a VAT number of the seller with a typing error": (
        lambda document: replace(document, seller=replace(document.seller, vat_id="NL810207358B01")),
        "Dit btw-nummer klopt niet",
        Mender.OPERATOR,
    ),
    "no IBAN while there is something to pay": (
        lambda document: replace(document, seller=replace(document.seller, iban=None)),
        "Er is geen IBAN waarop betaald kan worden",
        Mender.OPERATOR,
    ),
    "Peppol without an address of the buyer": (
        lambda document: replace(document, profile=Profile.PEPPOL, buyer=replace(ABROAD, country="SE", vat_id="SE1")),
        "Vul het e-factuuradres in",
        Mender.RELATIONS,
    ),
    "totals that do not add up": (
        lambda document: replace(document, gross=document.gross + 1),
        "BR-CO-15",
        Mender.FINANCE,
    ),
    "more prepaid than there is to pay": (
        lambda document: replace(document, prepaid=Decimal("9999.00"), due_on=None),
        "Er is meer vooruitbetaald",
        Mender.FINANCE,
    ),
    "something to pay and no day to do it": (
        lambda document: replace(document, due_on=None),
        "Er staat niet bij voor welke dag betaald moet worden",
        Mender.FINANCE,
    ),
}


@pytest.mark.parametrize("name", list(SPOILT))
def test_what_keeps_an_invoice_back_is_said_with_who_can_mend_it(name: str) -> None:
    spoil, sentence, mender = SPOILT[name]

    found = problems(spoil(PLAIN))

    (one,) = [problem for problem in found if sentence in str(problem)]
    assert one.mender is mender
    assert f"Dit kan worden opgelost door: {mender.label}." in str(one)


def test_the_impossible_numbers_of_an_example_seller_do_not_count_but_those_of_a_real_one_do() -> None:
    seller = replace(PLAIN.seller, iban="NL02ABNA0123456780", vat_id="NL000000000B00")

    assert problems(replace(PLAIN, seller=seller, example=True)) == []
    assert [problem.mender for problem in problems(replace(PLAIN, seller=seller))] == [Mender.OPERATOR] * 2


def test_an_example_buyer_is_checked_as_any_other() -> None:
    assert problems(replace(PLAIN, buyer=replace(PLAIN.buyer, kvk="1"), example=True)) != []


def test_every_fatal_dutch_rule_has_a_mender_who_is_not_a_technician() -> None:
    with Path("data/nl_einvoice_rules.csv").open(encoding="utf-8", newline="") as file:
        fatal = [row["id"] for row in csv.DictReader(file) if row["ernst"] == "fataal"]
    technical = {"BR-NL-5", "BR-NL-7", "BR-NL-8", "BR-NL-13"}  # of what our documents never have

    for rule in set(fatal) - technical:
        assert mender_of(Layer.DUTCH, rule, of_seller=False) is not Mender.TECHNICAL, rule


def test_looking_is_cheap() -> None:
    problems(PLAIN)
    begun = process_time()
    for _ in range(20):
        problems(PLAIN)
    assert (process_time() - begun) / 20 < 0.05, "a tenth of this on a machine with nothing else to do"
