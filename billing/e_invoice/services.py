"""The e-invoice of a document: written, and looked at before it may have a number."""

from __future__ import annotations

from dataclasses import replace

from billing.documents import InvoiceDocument
from billing.e_invoice.checks import check
from billing.e_invoice.documents import EInvoice
from billing.e_invoice.kinds import Mender
from billing.e_invoice.rules import Problem, mender_of
from billing.e_invoice.ubl import write
from billing.languages.rules import in_its_language
from billing.rules import invoice_number
from participants.kinds import Profile


def ubl(document: InvoiceDocument) -> bytes:
    """The invoice or credit note as UBL, in the profile and the language that the buyer wants."""
    return write(EInvoice.of(in_its_language(document)))


def problems(document: InvoiceDocument) -> list[Problem]:
    """Why an invoice or credit note may not leave; empty when it may. Looks at what we know ourselves, at all numbers,
    at the schema, and at the European and the Dutch rules. It needs no number yet, and no database.

    Of an example, the seller's VAT number and IBAN are impossible on purpose: those do not count.
    """
    numbered = document if document.number else replace(document, number=_any_number(document))
    found = _ours(document)
    for finding in check(ubl(numbered)):
        if finding.is_fatal and not (finding.of_seller and document.example):
            mender = mender_of(finding.layer, finding.rule, of_seller=finding.of_seller)
            found.append(Problem(finding.rule, finding.text, mender))
    return list(dict.fromkeys(found))


def _any_number(document: InvoiceDocument) -> str:
    return invoice_number(document.kind, document.issued_on.year, 1, 1)


def _ours(document: InvoiceDocument) -> list[Problem]:
    """What no set of rules notices."""
    found = []
    if document.prepaid < 0 or (document.prepaid > document.gross and not document.is_credit_note):
        text = "Er is meer vooruitbetaald dan de factuur bedraagt. Verreken hoogstens het totaal met btw."
        found.append(Problem("", text, Mender.FINANCE))
    buyer = EInvoice.of(document).buyer
    if document.profile is Profile.PEPPOL and not (buyer.endpoint or buyer.legal_id):
        text = "Peppol wil weten aan wie de e-factuur gaat. Vul het e-factuuradres in."
        found.append(Problem("PEPPOL-EN16931-R010", text, Mender.RELATIONS))
    if document.to_pay > 0 and not document.seller.iban:
        found.append(Problem("", "Er is geen IBAN waarop betaald kan worden.", Mender.OPERATOR))
    if document.to_pay > 0 and document.due_on is None:
        found.append(Problem("", "Er staat niet bij voor welke dag betaald moet worden.", Mender.FINANCE))
    return found
