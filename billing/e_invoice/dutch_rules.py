"""The Dutch rules for e-invoices (NLCIUS, SI-UBL 2.0.3; and the one that only Peppol checks), each a question to the
document. Their ids, severity and meaning stand in data/nl_einvoice_rules.csv; a test holds both together."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

Tree = etree._Element
Rule = Callable[[Tree], bool]
"""True when the document breaks the rule."""

NAMESPACES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
LEGAL_ID = "cac:PartyLegalEntity/cbc:CompanyID[(@schemeID='0106' or @schemeID='0190') and normalize-space(.)]"
COUNTRY = "cac:PostalAddress/cac:Country/cbc:IdentificationCode"
SELLER, BUYER = "cac:AccountingSupplierParty/cac:Party", "cac:AccountingCustomerParty/cac:Party"
REPRESENTATIVE = "cac:TaxRepresentativeParty"
TYPE_CODE = "cbc:InvoiceTypeCode | cbc:CreditNoteTypeCode"
SEPA = "(normalize-space(cbc:PaymentMeansCode)='58' or normalize-space(cbc:PaymentMeansCode)='59')"


def _has(tree: Tree, path: str) -> bool:
    found = tree.xpath(path, namespaces=NAMESPACES)
    return bool(found)


def _text(tree: Tree, path: str) -> str:
    found = tree.xpath(f"normalize-space(({path})[1])", namespaces=NAMESPACES)
    return str(found)


def _is_dutch(tree: Tree, party: str) -> bool:
    return _text(tree, f"{party}/{COUNTRY}") == "NL"


def _address_is_incomplete(tree: Tree, party: str) -> bool:
    return any(
        not _text(tree, f"{party}/cac:PostalAddress/cbc:{part}") for part in ("StreetName", "CityName", "PostalZone")
    )


def _between_dutch(tree: Tree) -> bool:
    return _is_dutch(tree, SELLER) and _is_dutch(tree, BUYER)


def _amount_due(tree: Tree) -> float:
    text = _text(tree, "cac:LegalMonetaryTotal/cbc:PayableAmount")
    try:
        return float(text)
    except ValueError:
        return 0.0


def _wrong_kind_of_document(tree: Tree) -> bool:
    is_credit_note = etree.QName(tree).localname == "CreditNote"
    return (_text(tree, TYPE_CODE) == "381") != is_credit_note


def _has_any(*paths: str) -> Rule:
    """Broken when one of these is there."""
    return lambda tree: any(_has(tree, path) for path in paths)


RULES: dict[str, Rule] = {
    "BR-NL-1": lambda tree: _is_dutch(tree, SELLER) and not _has(tree, f"{SELLER}/{LEGAL_ID}"),
    "BR-NL-2": lambda tree: (
        _is_dutch(tree, SELLER) and not (_text(tree, "cbc:BuyerReference") or _text(tree, "cac:OrderReference/cbc:ID"))
    ),
    "BR-NL-3": lambda tree: _is_dutch(tree, SELLER) and _address_is_incomplete(tree, SELLER),
    "BR-NL-4": lambda tree: _between_dutch(tree) and _address_is_incomplete(tree, BUYER),
    "BR-NL-5": lambda tree: _is_dutch(tree, REPRESENTATIVE) and _address_is_incomplete(tree, REPRESENTATIVE),
    "BR-NL-7": lambda tree: _text(tree, TYPE_CODE) not in {"380", "381", "384", "389"},
    "BR-NL-8": _wrong_kind_of_document,
    "BR-NL-9": lambda tree: (
        _text(tree, TYPE_CODE) == "384" and not _text(tree, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID")
    ),
    "NL-R-001": lambda tree: (
        _is_dutch(tree, SELLER)
        and _text(tree, TYPE_CODE) == "381"
        and not _text(tree, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID")
    ),
    "BR-NL-10": lambda tree: _between_dutch(tree) and not _has(tree, f"{BUYER}/{LEGAL_ID}"),
    "BR-NL-11": lambda tree: (
        _is_dutch(tree, SELLER)
        and _text(tree, TYPE_CODE) != "381"
        and _amount_due(tree) > 0
        and not _has(tree, "cac:PaymentMeans")
    ),
    "BR-NL-12": lambda tree: (
        _between_dutch(tree)
        and any(
            code.text is None or code.text.strip() not in {"30", "48", "49", "57", "58", "59"}
            for code in tree.iterfind("cac:PaymentMeans/cbc:PaymentMeansCode", NAMESPACES)
        )
    ),
    "BR-NL-13": lambda tree: (
        _has(tree, "//cac:OrderLineReference/cbc:LineID") and not _text(tree, "cac:OrderReference/cbc:ID")
    ),
    "BR-NL-19": _has_any("cbc:TaxCurrencyCode"),
    "BR-NL-20": _has_any("cbc:TaxPointDate"),
    "BR-NL-21": _has_any("cac:InvoicePeriod/cbc:DescriptionCode"),
    "BR-NL-24": _has_any("cac:BillingReference/cac:InvoiceDocumentReference/cbc:IssueDate"),
    "BR-NL-25": _has_any(f"{SELLER}/cac:PartyTaxScheme[normalize-space(cac:TaxScheme/cbc:ID)!='VAT']"),
    "BR-NL-26": _has_any(f"{SELLER}/cac:PartyLegalEntity/cbc:CompanyLegalForm"),
    "BR-NL-27": _has_any("//cac:PostalAddress/cac:AddressLine", "//cac:DeliveryLocation/cac:Address/cac:AddressLine"),
    "BR-NL-28": _has_any(
        "//cac:PostalAddress/cbc:CountrySubentity", "//cac:DeliveryLocation/cac:Address/cbc:CountrySubentity"
    ),
    "BR-NL-29": _has_any("cac:PaymentMeans/cbc:PaymentMeansCode/@name"),
    "BR-NL-30": _has_any("cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:Name"),
    "BR-NL-31": _has_any(f"cac:PaymentMeans[{SEPA}]/cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch"),
    "BR-NL-32": _has_any(
        "//cac:AllowanceCharge[normalize-space(cbc:ChargeIndicator)='false']/cbc:AllowanceChargeReasonCode"
    ),
    "BR-NL-33": lambda tree: len(tree.findall("cac:TaxTotal", NAMESPACES)) > 1,
    "BR-NL-34": _has_any(
        "//cac:AllowanceCharge[normalize-space(cbc:ChargeIndicator)='true']/cbc:AllowanceChargeReasonCode"
    ),
    "BR-NL-35": _has_any("//cac:TaxCategory/cbc:TaxExemptionReasonCode"),
}


def broken(tree: Tree) -> list[str]:
    """Ids of the rules that a document breaks, in the order of the list."""
    return [name for name, is_broken in RULES.items() if is_broken(tree)]
