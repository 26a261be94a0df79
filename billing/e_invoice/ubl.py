"""Writing UBL 2.1 (ISO/IEC 19845) of an e-invoice. No library on PyPI writes NLCIUS; this is all that it takes."""

from __future__ import annotations

from decimal import Decimal

from lxml import etree

from billing.e_invoice.documents import EInvoice, EInvoiceLine, Number, Party, VatBreakdown
from billing.e_invoice.kinds import CUSTOMIZATION, PROCESS

ROOT = "urn:oasis:names:specification:ubl:schema:xsd:{}-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
EURO = {"currencyID": "EUR"}
ONE = "C62"
"""Unit "one" of UN/ECE Recommendation 20: a fee is one piece."""
SEPA_CREDIT_TRANSFER = "58"
INVOICE, CREDIT_NOTE = "380", "381"


def _text(parent: etree._Element, name: str, value: object, **attributes: str) -> None:
    """A basic element; nothing when there is no value."""
    if value is not None and value != "":
        etree.SubElement(parent, f"{{{CBC}}}{name}", attributes).text = str(value)


def _group(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{CAC}}}{name}")


def _amount(parent: etree._Element, name: str, value: Decimal) -> None:
    _text(parent, name, f"{value:.2f}", **EURO)


def write(document: EInvoice) -> bytes:
    """The UBL document as UTF-8 XML. The order of elements is that of the schema."""
    kind = "CreditNote" if document.is_credit_note else "Invoice"
    namespace = ROOT.format(kind)
    root = etree.Element(f"{{{namespace}}}{kind}", nsmap={None: namespace, "cac": CAC, "cbc": CBC})
    _head(root, document)
    _party(_group(_group(root, "AccountingSupplierParty"), "Party"), document.seller)
    _party(_group(_group(root, "AccountingCustomerParty"), "Party"), document.buyer)
    _payment(root, document)
    _totals(root, document)
    for position, line in enumerate(document.lines, start=1):
        _line(root, position, line, is_credit_note=document.is_credit_note)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _head(root: etree._Element, document: EInvoice) -> None:
    _text(root, "CustomizationID", CUSTOMIZATION[document.profile])
    _text(root, "ProfileID", PROCESS)
    _text(root, "ID", document.number)
    _text(root, "IssueDate", document.issued_on.isoformat())
    if document.is_credit_note:
        _text(root, "CreditNoteTypeCode", CREDIT_NOTE)
    else:
        _text(root, "DueDate", document.due_on.isoformat() if document.due_on else None)
        _text(root, "InvoiceTypeCode", INVOICE)
    for note in document.notes:
        _text(root, "Note", note)
    _text(root, "DocumentCurrencyCode", "EUR")
    _text(root, "BuyerReference", document.buyer_reference)
    period = _group(root, "InvoicePeriod")
    _text(period, "StartDate", document.starts_on.isoformat())
    _text(period, "EndDate", document.ends_on.isoformat())
    if document.order_number:
        _text(_group(root, "OrderReference"), "ID", document.order_number)
    if document.credits:
        _text(_group(_group(root, "BillingReference"), "InvoiceDocumentReference"), "ID", document.credits)


def _party(parent: etree._Element, party: Party) -> None:
    endpoint: Number | None = party.endpoint or party.legal_id
    if endpoint:
        _text(parent, "EndpointID", endpoint.value, schemeID=endpoint.scheme)
    if party.trading_name:
        _text(_group(parent, "PartyName"), "Name", party.trading_name)
    address = _group(parent, "PostalAddress")
    _text(address, "StreetName", party.street)
    _text(address, "CityName", party.city)
    _text(address, "PostalZone", party.postal_code)
    _text(_group(address, "Country"), "IdentificationCode", party.country)
    if party.vat_id:
        scheme = _group(parent, "PartyTaxScheme")
        _text(scheme, "CompanyID", party.vat_id)
        _text(_group(scheme, "TaxScheme"), "ID", "VAT")
    entity = _group(parent, "PartyLegalEntity")
    _text(entity, "RegistrationName", party.name)
    if party.legal_id:
        _text(entity, "CompanyID", party.legal_id.value, schemeID=party.legal_id.scheme)
    if party.attention or party.email:
        contact = _group(parent, "Contact")
        _text(contact, "Name", party.attention)
        _text(contact, "ElectronicMail", party.email)


def _payment(root: etree._Element, document: EInvoice) -> None:
    if document.payment:
        means = _group(root, "PaymentMeans")
        _text(means, "PaymentMeansCode", SEPA_CREDIT_TRANSFER)
        _text(means, "PaymentID", document.payment.reference)
        _text(_group(means, "PayeeFinancialAccount"), "ID", document.payment.iban)
    if document.terms:
        _text(_group(root, "PaymentTerms"), "Note", document.terms)


def _totals(root: etree._Element, document: EInvoice) -> None:
    total = _group(root, "TaxTotal")
    _amount(total, "TaxAmount", document.vat)
    for part in document.breakdown:
        _breakdown(total, part)
    money = _group(root, "LegalMonetaryTotal")
    _amount(money, "LineExtensionAmount", document.net)
    _amount(money, "TaxExclusiveAmount", document.net)
    _amount(money, "TaxInclusiveAmount", document.gross)
    if document.prepaid:
        _amount(money, "PrepaidAmount", document.prepaid)
    _amount(money, "PayableAmount", document.gross - document.prepaid)


def _breakdown(total: etree._Element, part: VatBreakdown) -> None:
    group = _group(total, "TaxSubtotal")
    _amount(group, "TaxableAmount", part.net)
    _amount(group, "TaxAmount", part.vat)
    category = _group(group, "TaxCategory")
    _text(category, "ID", part.category.code)
    _text(category, "Percent", _percentage(part.percentage))
    _text(category, "TaxExemptionReason", part.exemption)
    _text(_group(category, "TaxScheme"), "ID", "VAT")


def _line(root: etree._Element, position: int, line: EInvoiceLine, *, is_credit_note: bool) -> None:
    group = _group(root, "CreditNoteLine" if is_credit_note else "InvoiceLine")
    _text(group, "ID", position)
    quantity = "CreditedQuantity" if is_credit_note else "InvoicedQuantity"
    _text(group, quantity, -1 if line.net < 0 else 1, unitCode=ONE)
    _amount(group, "LineExtensionAmount", line.net)
    item = _group(group, "Item")
    _text(item, "Name", line.name)
    category = _group(item, "ClassifiedTaxCategory")
    _text(category, "ID", line.category.code)
    _text(category, "Percent", _percentage(line.percentage))
    _text(_group(category, "TaxScheme"), "ID", "VAT")
    _amount(_group(group, "Price"), "PriceAmount", abs(line.net))


def _percentage(value: Decimal) -> str:
    """Without superfluous zeros: 21, 9, 0, 10.5."""
    return f"{value.normalize():f}"
