"""Make the files of an invoice and mail them. Callers hold scope staff or JOB and a transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time

from billing import queries
from billing.delivery.events import INVOICE_SENT_AGAIN
from billing.delivery.rules import payment_code
from billing.documents import InvoiceDocument
from billing.e_invoice.services import ubl
from billing.kinds import InvoiceKind
from billing.languages.rules import in_its_language
from billing.languages.texts import WORDS
from billing.models import Invoice, InvoiceFile, InvoiceMail
from billing.payers.services import link_of
from core import clock, documents, pdf
from core.audit import Actor, record
from core.db import advisory_lock, session
from core.errors import NotFound, Refused
from core.mail import Attachment, OutboxMessage, queue_mail
from governance.papers.services import logo_images
from participants.kinds import Language

UBL_TYPE = "application/xml"
MAIL_SUFFIX = {Language.DUTCH: "", Language.ENGLISH: "_en"}
"""Of the template of the mail."""


@dataclass(frozen=True)
class Rendered:
    """An invoice or credit note in both forms."""

    pdf: bytes
    """PDF/A-3a and PDF/UA-1, with the UBL inside."""
    ubl: bytes | None
    """None of a statement, which is no invoice."""


def render(document: InvoiceDocument, *, link: str | None = None) -> Rendered:
    """PDF and UBL of a document: the same document gives the same UBL, whenever it is asked.

    `link`: where accounts payable, without an account, find the invoice; the PDF says so.
    """
    xml, words = None if document.is_statement else ubl(document), WORDS[document.language]
    made_at = datetime.combine(document.issued_on, time(12), UTC)
    embedded = [pdf.Embedded(document.ubl_name, xml, UBL_TYPE, words.of_ubl, made_at)] if xml else []
    content = pdf.render(
        "pdf/invoice.html",
        stylesheet="css/invoice.css",
        whole_style=True,
        variant=pdf.ARCHIVE,
        embedded=embedded,
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
    seller = document.seller
    return {"qr": payment_code(seller.name, seller.iban or "", document.to_pay, document.payment_reference)}


def file_of(invoice: Invoice) -> InvoiceFile:
    """PDF and UBL, made now when they do not exist yet. Runs in scope staff or JOB."""
    advisory_lock(f"billing-file-{invoice.id}")
    session().expire(invoice, ["file"])
    if invoice.file is None:
        made = render(queries.document_of(invoice), link=link_of(invoice))
        invoice.file = InvoiceFile(
            sha256=documents.store(made.pdf, "application/pdf"),
            ubl_sha256=documents.store(made.ubl, UBL_TYPE) if made.ubl else None,
            made_at=clock.now(),
        )
        session().flush()
    return invoice.file


def ubl_of(invoice: Invoice, file: InvoiceFile) -> bytes:
    """The UBL of an invoice; of before it was kept, made of the same frozen document."""
    if invoice.kind is InvoiceKind.STATEMENT:
        raise NotFound("Een mededeling is geen factuur en heeft geen e-factuur. Bekijk de PDF.")
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
        words.mail_subject.format(title=words.title(document)),
        f"billing_{document.kind.value}{MAIL_SUFFIX[document.language]}",
        participant_id=invoice.participant_id,
        attachments=attachments,
        document=document,
        words=words,
    )
