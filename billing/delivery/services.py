"""Make the files of an invoice and mail them. Callers hold scope staff or JOB and a transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from io import BytesIO

from segno.helpers import make_epc_qr

from billing import queries
from billing.delivery.events import INVOICE_SENT_AGAIN
from billing.documents import InvoiceDocument
from billing.e_invoice.services import ubl
from billing.languages.rules import in_its_language
from billing.languages.texts import WORDS
from billing.models import Invoice, InvoiceFile, InvoiceMail
from billing.payers.services import link_of
from core import clock, documents, pdf
from core.audit import Actor, record
from core.db import advisory_lock, session
from core.errors import Refused
from core.mail import Attachment, OutboxMessage, queue_mail
from governance.papers.services import logo_images
from participants.kinds import Language

LONGEST_NAME_IN_CODE = 70
"""Characters of a name in the QR code (EPC069-12)."""
UBL_TYPE = "application/xml"
MAIL_SUFFIX = {Language.DUTCH: "", Language.ENGLISH: "_en"}
"""Of the template of the mail."""


@dataclass(frozen=True)
class Rendered:
    """An invoice or credit note in both forms."""

    pdf: bytes
    """PDF/A-3a and PDF/UA-1, with the UBL inside."""
    ubl: bytes


def render(document: InvoiceDocument, *, link: str | None = None) -> Rendered:
    """PDF and UBL of a document: the same document gives the same UBL, whenever it is asked.

    `link`: where accounts payable, without an account, find the invoice; the PDF says so.
    """
    xml, words = ubl(document), WORDS[document.language]
    embedded = pdf.Embedded(
        document.ubl_name, xml, UBL_TYPE, words.of_ubl, datetime.combine(document.issued_on, time(12), UTC)
    )
    content = pdf.render(
        "pdf/invoice.html",
        stylesheet="css/invoice.css",
        variant=pdf.ARCHIVE,
        embedded=[embedded],
        images=logo_images(document.seller.logo_sha256) | _payment_code(document),
        document=in_its_language(document),
        link=link,
        words=words,
    )
    return Rendered(content, xml)


def _payment_code(document: InvoiceDocument) -> dict[str, bytes]:
    """The QR code for a bank's app (EPC069-12) as `image:qr`; none when nothing has to be paid."""
    if not (document.to_pay > 0 and document.seller.iban):
        return {}
    code = make_epc_qr(
        name=document.seller.name[:LONGEST_NAME_IN_CODE],
        iban=document.seller.iban,
        amount=document.to_pay,
        reference=document.payment_reference,
        encoding="utf-8",
    )
    svg = BytesIO()
    code.save(svg, kind="svg", border=0, xmldecl=False, nl=False, omitsize=True)
    return {"qr": svg.getvalue()}


def file_of(invoice: Invoice) -> InvoiceFile:
    """PDF and UBL, made now when they do not exist yet. Runs in scope staff or JOB."""
    advisory_lock(f"billing-file-{invoice.id}")
    session().expire(invoice, ["file"])
    if invoice.file is None:
        made = render(queries.document_of(invoice), link=link_of(invoice))
        invoice.file = InvoiceFile(
            sha256=documents.store(made.pdf, "application/pdf"),
            ubl_sha256=documents.store(made.ubl, UBL_TYPE),
            made_at=clock.now(),
        )
        session().flush()
    return invoice.file


def ubl_of(invoice: Invoice, file: InvoiceFile) -> bytes:
    """The UBL of an invoice; of before it was kept, made of the same frozen document."""
    return documents.read(file.ubl_sha256) if file.ubl_sha256 else ubl(queries.document_of(invoice))


def deliver(invoice: Invoice) -> None:
    """Make the files and mail them to the address for invoices, once."""
    if invoice.mailed_to is None:
        return
    advisory_lock(f"billing-mail-{invoice.id}")
    if session().get(InvoiceMail, invoice.id) is not None:
        return
    message = _mail(invoice, invoice.mailed_to)
    session().add(InvoiceMail(invoice_id=invoice.id, outbox_message_id=message.id))
    session().flush()


def send_again(invoice: Invoice, actor: Actor) -> str:
    """Mail an invoice once more, to the address for invoices as it is known now; returns that address. Raises Refused
    when there is none."""
    details = invoice.participant.invoice_details
    if details is None:
        raise Refused("Er is geen e-mailadres voor facturen bekend. Vul eerst de factuurgegevens van de deelnemer in.")
    _mail(invoice, details.email)
    record(
        INVOICE_SENT_AGAIN,
        actor,
        participant_id=invoice.participant_id,
        subject=f"invoice:{invoice.id}",
        kind=invoice.kind.label.lower(),
        number=invoice.number,
        name=invoice.participant.name,
    )
    return details.email


def _mail(invoice: Invoice, recipient: str) -> OutboxMessage:
    """With the PDF, in which the UBL is, and the UBL by itself, for software that reads only that."""
    file, document = file_of(invoice), in_its_language(queries.document_of(invoice))
    words = WORDS[document.language]
    attachments = [Attachment(document.file_name, file.sha256)]
    if file.ubl_sha256:
        attachments.append(Attachment(document.ubl_name, file.ubl_sha256, UBL_TYPE))
    return queue_mail(
        recipient,
        words.mail_subject.format(kind=words.kind(document), number=document.number),
        f"billing_{'credit_note' if document.is_credit_note else 'invoice'}{MAIL_SUFFIX[document.language]}",
        participant_id=invoice.participant_id,
        attachments=attachments,
        document=document,
        words=words,
    )
