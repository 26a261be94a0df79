"""Make the files of an invoice and mail them. Callers hold scope staff or JOB and a transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from sqlalchemy import insert, select

from billing import queries
from billing.delivery.events import INVOICE_SENT_AGAIN
from billing.delivery.rules import payment_code
from billing.documents import InvoiceDocument
from billing.e_invoice.services import ubl
from billing.kinds import InvoiceKind
from billing.languages.rules import in_its_language
from billing.languages.texts import WORDS
from billing.models import Invoice, InvoiceFile, InvoiceMail
from billing.payers.services import links_of
from core import clock, documents, pdf
from core.audit import Actor, record
from core.db import advisory_locks, is_among, session
from core.errors import NotFound, Refused
from core.mail import Attachment, Mail, queue_mails
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
    return files_of([invoice])[invoice.id]


def files_of(invoices: Sequence[Invoice]) -> dict[int, InvoiceFile]:
    """The files of some invoices, by the id of the invoice; made now as far as they do not exist yet."""
    keys = [invoice.id for invoice in invoices]
    advisory_locks("billing-file", keys)
    query = select(InvoiceFile).where(is_among(InvoiceFile.invoice_id, keys))
    found = {row.invoice_id: row for row in session().execute(query).scalars()}
    missing = [invoice for invoice in invoices if invoice.id not in found]
    links = links_of([invoice.id for invoice in missing]) if missing else {}
    for invoice in missing:
        made = render(queries.document_of(invoice), link=links[invoice.id])
        found[invoice.id] = InvoiceFile(
            invoice_id=invoice.id,
            sha256=documents.store(made.pdf, "application/pdf"),
            ubl_sha256=documents.store(made.ubl, UBL_TYPE) if made.ubl else None,
            made_at=clock.now(),
        )
    if missing:
        session().add_all(found[invoice.id] for invoice in missing)
        session().flush()
        for invoice in missing:
            session().expire(invoice, ["file"])
    return found


def ubl_of(invoice: Invoice, file: InvoiceFile) -> bytes:
    """The UBL of an invoice; of before it was kept, made of the same frozen document."""
    if invoice.kind is InvoiceKind.STATEMENT:
        raise NotFound("Een mededeling is geen factuur en heeft geen e-factuur. Bekijk de PDF.")
    return documents.read(file.ubl_sha256) if file.ubl_sha256 else ubl(queries.document_of(invoice))


def deliver(invoice: Invoice) -> None:
    """Make the files and mail them to the address for invoices, once."""
    deliver_all([invoice])


def deliver_all(invoices: Sequence[Invoice]) -> None:
    """The same for some at once; who got the mail before does not get it again."""
    by_mail = [invoice for invoice in invoices if invoice.mailed_to is not None]
    keys = [invoice.id for invoice in by_mail]
    advisory_locks("billing-mail", keys)
    mailed = set(
        session().execute(select(InvoiceMail.invoice_id).where(is_among(InvoiceMail.invoice_id, keys))).scalars()
    )
    to_do = [invoice for invoice in by_mail if invoice.id not in mailed]
    queue_invoices(to_do, files_of(to_do))


def queue_invoices(invoices: Sequence[Invoice], files: Mapping[int, InvoiceFile]) -> None:
    """Put the mails of invoices that have their files in the outbox."""
    messages = queue_mails([_mail(row, row.mailed_to or "", files[row.id]) for row in invoices])
    if messages:
        rows = [{"invoice_id": row.id, "outbox_message_id": key} for row, key in zip(invoices, messages, strict=True)]
        session().execute(insert(InvoiceMail), rows)


def send_again(invoice: Invoice, actor: Actor) -> str:
    """Mail an invoice once more, to the address for invoices as it is known now; returns that address. Raises Refused
    when there is none."""
    details = invoice.participant.invoice_details
    if details is None:
        raise Refused("Er is geen e-mailadres voor facturen bekend. Vul eerst de factuurgegevens van de deelnemer in.")
    queue_mails([_mail(invoice, details.email, file_of(invoice))])
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


def _mail(invoice: Invoice, recipient: str, file: InvoiceFile) -> Mail:
    """With the PDF, in which the UBL is, and the UBL by itself, for software that reads only that."""
    document = in_its_language(queries.document_of(invoice))
    words = WORDS[document.language]
    attachments = [Attachment(document.file_name, file.sha256)]
    if file.ubl_sha256:
        attachments.append(Attachment(document.ubl_name, file.ubl_sha256, UBL_TYPE))
    return Mail(
        recipient,
        words.mail_subject.format(title=words.title(document)),
        f"billing_{document.kind.value}{MAIL_SUFFIX[document.language]}",
        {"document": document, "words": words},
        invoice.participant_id,
        attachments,
    )
