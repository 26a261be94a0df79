"""Make the files of an invoice and mail them. Callers hold scope staff or JOB and a transaction."""

from __future__ import annotations

from billing import queries
from billing.documents import InvoiceDocument
from billing.models import Invoice, InvoiceFile, InvoiceMail
from core import clock, documents, pdf
from core.db import advisory_lock, session
from core.mail import Attachment, queue_mail
from governance.papers.services import logo_images


def render(document: InvoiceDocument) -> bytes:
    """The PDF of an invoice or credit note."""
    return pdf.render("pdf/invoice.html", images=logo_images(document.seller.logo_sha256), document=document)


def file_of(invoice: Invoice) -> InvoiceFile:
    """The PDF, made now when it does not exist yet. Runs in scope staff or JOB."""
    advisory_lock(f"billing-file-{invoice.id}")
    session().expire(invoice, ["file"])
    if invoice.file is None:
        content = render(queries.document_of(invoice))
        invoice.file = InvoiceFile(sha256=documents.store(content, "application/pdf"), made_at=clock.now())
        session().flush()
    return invoice.file


def deliver(invoice: Invoice) -> None:
    """Make the PDF and mail it to the address for invoices, once."""
    if invoice.mailed_to is None:
        return
    advisory_lock(f"billing-mail-{invoice.id}")
    if session().get(InvoiceMail, invoice.id) is not None:
        return
    file, document = file_of(invoice), queries.document_of(invoice)
    message = queue_mail(
        invoice.mailed_to,
        f"{document.kind.label} {document.number} van het Schuldenknooppunt",
        "billing_credit_note" if document.is_credit_note else "billing_invoice",
        participant_id=invoice.participant_id,
        attachments=[Attachment(document.file_name, file.sha256)],
        document=document,
    )
    session().add(InvoiceMail(invoice_id=invoice.id, outbox_message_id=message.id))
    session().flush()
