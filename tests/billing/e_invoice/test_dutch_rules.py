"""Each Dutch rule has a document that breaks it, and only it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from billing.e_invoice import dutch_rules
from billing.e_invoice.checks import check
from billing.e_invoice.dutch_rules import RULES, Tree
from billing.e_invoice.kinds import Layer, Severity
from participants.kinds import Profile
from tests.billing.e_invoice.examples import BUYER, SELLER, add, bytes_of, e_invoice, one, remove, tree_of

SELLER_PARTY, BUYER_PARTY = "cac:AccountingSupplierParty/cac:Party", "cac:AccountingCustomerParty/cac:Party"
LINE = "cac:InvoiceLine"
CREDITED = (
    "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>1</cbc:ID></cac:InvoiceDocumentReference>"
    "</cac:BillingReference>"
)
REPRESENTATIVE = (
    "<cac:TaxRepresentativeParty><cac:PartyName><cbc:Name>Fiscaal</cbc:Name></cac:PartyName><cac:PostalAddress>"
    "<cbc:StreetName>Weg 1</cbc:StreetName><cbc:CityName>Plaats</cbc:CityName>"
    "<cac:Country><cbc:IdentificationCode>NL</cbc:IdentificationCode></cac:Country></cac:PostalAddress>"
    "<cac:PartyTaxScheme><cbc:CompanyID>NL810207357B01</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID>"
    "</cac:TaxScheme></cac:PartyTaxScheme></cac:TaxRepresentativeParty>"
)
ALLOWANCE = (
    "<cac:AllowanceCharge><cbc:ChargeIndicator>{}</cbc:ChargeIndicator>"
    "<cbc:AllowanceChargeReasonCode>{}</cbc:AllowanceChargeReasonCode>"
    '<cbc:Amount currencyID="EUR">0.00</cbc:Amount><cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>21</cbc:Percent>'
    "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:AllowanceCharge>"
)


def _without(path: str) -> Callable[[], Tree]:
    def make() -> Tree:
        tree = tree_of()
        remove(tree, path)
        return tree

    return make


def _with(after: str, xml: str) -> Callable[[], Tree]:
    def make() -> Tree:
        tree = tree_of()
        add(tree, after, xml)
        return tree

    return make


def _saying(path: str, text: str) -> Callable[[], Tree]:
    def make() -> Tree:
        tree = tree_of()
        one(tree, path).text = text
        return tree

    return make


def _order_line_without_order() -> Tree:
    tree = tree_of(e_invoice(order_number=None))
    xml = "<cac:OrderLineReference><cbc:LineID>1</cbc:LineID></cac:OrderLineReference>"
    add(tree, f"{LINE}/cbc:LineExtensionAmount", xml)
    return tree


def _named_payment_means() -> Tree:
    tree = tree_of()
    one(tree, "cac:PaymentMeans/cbc:PaymentMeansCode").set("name", "SEPA")
    return tree


def _invoice_that_says_381() -> Tree:
    tree = _saying("cbc:InvoiceTypeCode", "381")()
    add(tree, "cac:OrderReference", CREDITED)
    return tree


def _credit_note_of_nothing() -> Tree:
    tree = tree_of(e_invoice(credits="2025-00009"))
    remove(tree, "cac:BillingReference")
    return tree


def _exempt_with_a_code() -> Tree:
    tree = tree_of()
    xml = "<cbc:TaxExemptionReasonCode>VATEX-EU-O</cbc:TaxExemptionReasonCode>"
    add(tree, "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:Percent", xml)
    return tree


def _vat_in_another_currency() -> Tree:
    tree = tree_of()
    add(tree, "cac:TaxTotal", '<cac:TaxTotal><cbc:TaxAmount currencyID="USD">1.00</cbc:TaxAmount></cac:TaxTotal>')
    return tree


BREAKING: dict[str, Callable[[], Tree]] = {
    "BR-NL-1": lambda: tree_of(e_invoice(seller=replace(SELLER, legal_id=None))),
    "BR-NL-2": lambda: tree_of(e_invoice(buyer_reference=None, order_number=None)),
    "BR-NL-3": _without(f"{SELLER_PARTY}/cac:PostalAddress/cbc:PostalZone"),
    "BR-NL-4": _without(f"{BUYER_PARTY}/cac:PostalAddress/cbc:StreetName"),
    "BR-NL-5": _with("cac:AccountingCustomerParty", REPRESENTATIVE),
    "BR-NL-7": _saying("cbc:InvoiceTypeCode", "326"),
    "BR-NL-8": _invoice_that_says_381,
    "BR-NL-9": _saying("cbc:InvoiceTypeCode", "384"),
    "NL-R-001": _credit_note_of_nothing,
    "BR-NL-10": lambda: tree_of(e_invoice(buyer=replace(BUYER, legal_id=None))),
    "BR-NL-11": _without("cac:PaymentMeans"),
    "BR-NL-12": _saying("cac:PaymentMeans/cbc:PaymentMeansCode", "10"),
    "BR-NL-13": _order_line_without_order,
    "BR-NL-19": _with("cbc:DocumentCurrencyCode", "<cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode>"),
    "BR-NL-20": _with("cbc:Note", "<cbc:TaxPointDate>2026-01-12</cbc:TaxPointDate>"),
    "BR-NL-21": _with("cac:InvoicePeriod/cbc:EndDate", "<cbc:DescriptionCode>35</cbc:DescriptionCode>"),
    "BR-NL-24": _with(
        "cac:OrderReference",
        "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>1</cbc:ID><cbc:IssueDate>2025-01-12</cbc:IssueDate>"
        "</cac:InvoiceDocumentReference></cac:BillingReference>",
    ),
    "BR-NL-25": _with(
        f"{SELLER_PARTY}/cac:PartyTaxScheme",
        "<cac:PartyTaxScheme><cbc:CompanyID>1</cbc:CompanyID><cac:TaxScheme><cbc:ID>LOC</cbc:ID></cac:TaxScheme>"
        "</cac:PartyTaxScheme>",
    ),
    "BR-NL-26": _with(
        f"{SELLER_PARTY}/cac:PartyLegalEntity/cbc:CompanyID", "<cbc:CompanyLegalForm>Stichting</cbc:CompanyLegalForm>"
    ),
    "BR-NL-27": _with(
        f"{BUYER_PARTY}/cac:PostalAddress/cbc:PostalZone",
        "<cac:AddressLine><cbc:Line>Gebouw C</cbc:Line></cac:AddressLine>",
    ),
    "BR-NL-28": _with(
        f"{BUYER_PARTY}/cac:PostalAddress/cbc:PostalZone", "<cbc:CountrySubentity>Drenthe</cbc:CountrySubentity>"
    ),
    "BR-NL-29": _named_payment_means,
    "BR-NL-30": _with("cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID", "<cbc:Name>Rekening</cbc:Name>"),
    "BR-NL-31": _with(
        "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID",
        "<cac:FinancialInstitutionBranch><cbc:ID>ABNANL2A</cbc:ID></cac:FinancialInstitutionBranch>",
    ),
    "BR-NL-32": _with("cac:PaymentMeans", ALLOWANCE.format("false", "95")),
    "BR-NL-33": _vat_in_another_currency,
    "BR-NL-34": _with("cac:PaymentMeans", ALLOWANCE.format("true", "FC")),
    "BR-NL-35": _exempt_with_a_code,
}


@pytest.mark.parametrize("rule", list(BREAKING))
def test_a_document_breaks_this_rule_and_only_this_one(rule: str) -> None:
    assert dutch_rules.broken(BREAKING[rule]()) == [rule]


@pytest.mark.parametrize("rule", sorted(set(BREAKING) - {"BR-NL-26"}))
def test_what_is_broken_is_still_ubl_so_that_the_answer_names_the_rule(rule: str) -> None:
    found = check(bytes_of(BREAKING[rule]()))

    assert [one.text for one in found if one.layer is Layer.SCHEMA] == []
    (dutch,) = [one for one in found if one.layer is Layer.DUTCH]
    assert dutch.rule == rule
    assert dutch.text.startswith("Nodig is: ")


def test_the_list_and_the_rules_are_the_same() -> None:
    with Path("data/nl_einvoice_rules.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["id"]: row["ernst"] for row in csv.DictReader(file)}

    assert set(listed) == set(RULES) == set(BREAKING)
    assert set(listed.values()) == {"fataal", "waarschuwing"}


@pytest.mark.parametrize("profile", list(Profile), ids=lambda profile: profile.value)
def test_our_own_documents_break_none(profile: Profile) -> None:
    for document in (
        e_invoice(profile=profile),
        e_invoice(profile=profile, buyer_reference=None),
        e_invoice(profile=profile, order_number=None),
        e_invoice("0.00", profile=profile),
        e_invoice("10.00", "20.00", profile=profile, credits="2025-00009"),
    ):
        assert dutch_rules.broken(tree_of(document)) == []


def test_a_warning_does_not_keep_an_invoice() -> None:
    (finding,) = [one for one in check(bytes_of(BREAKING["BR-NL-30"]())) if one.layer is Layer.DUTCH]

    assert finding.severity is Severity.WARNING
