"""Reads about the links on invoices, and what who opens one sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from billing.documents import InvoiceDocument
from billing.models import Invoice
from billing.payers.models import InvoiceLink
from billing.queries import document_of
from core import codes
from core.db import session
from core.money import ZERO
from core.web import absolute_url

PURPOSE = "billing:invoice-link"


@dataclass(frozen=True)
class CreditNote:
    """A credit note to an invoice; `gross` is negative, in euros with VAT."""

    number: str
    issued_on: date
    gross: Decimal


@dataclass(frozen=True)
class OpenInvoice:
    """What who opens a link sees, as plain values: the page is made in the scope of a visitor."""

    invoice_id: int
    participant_id: int
    document: InvoiceDocument
    credit_notes: tuple[CreditNote, ...]
    last_day: date
    """On which the link opens it."""

    @property
    def credited(self) -> Decimal:
        """What was taken back, in euros with VAT; positive."""
        return -sum((note.gross for note in self.credit_notes), ZERO)

    @property
    def is_wholly_credited(self) -> bool:
        return bool(self.credit_notes) and self.credited >= self.document.gross

    @property
    def to_pay(self) -> Decimal:
        """What the invoice asks for after its credit notes, in euros with VAT; payments are not known here."""
        return max(ZERO, self.document.to_pay - self.credited)


def link_with(code: str) -> InvoiceLink | None:
    """The link that a code is of, whether it opens anything or not; None for a code that we did not make."""
    number = codes.number_in(code)
    found = session().get(InvoiceLink, number) if number is not None else None
    return found if found is not None and codes.is_real(code, PURPOSE, found.invoice_id) else None


def address_of(link: InvoiceLink) -> str:
    """The address that stands on the invoice, complete with https."""
    return absolute_url("billing.open_invoice", token=codes.code_of(PURPOSE, link.id, link.invoice_id))


def latest_link(invoice_id: int) -> InvoiceLink | None:
    """The link of an invoice that is not revoked, else the last one; None when none was made."""
    query = select(InvoiceLink).where(InvoiceLink.invoice_id == invoice_id)
    query = query.order_by(InvoiceLink.revoked_at.is_not(None), InvoiceLink.id.desc()).limit(1)
    return session().execute(query).scalar_one_or_none()


def links_of_invoice(invoice_id: int) -> list[InvoiceLink]:
    """All links that an invoice ever had, newest first."""
    query = select(InvoiceLink).where(InvoiceLink.invoice_id == invoice_id).order_by(InvoiceLink.id.desc())
    return list(session().execute(query).scalars())


def credit_notes_of(invoice_id: int) -> tuple[CreditNote, ...]:
    """Oldest first."""
    query = select(Invoice.number, Invoice.issued_on, Invoice.gross).where(Invoice.credits_id == invoice_id)
    return tuple(CreditNote(*row) for row in session().execute(query.order_by(Invoice.id)))


def open_invoice(link: InvoiceLink) -> OpenInvoice:
    """What a link shows."""
    invoice = session().get_one(Invoice, link.invoice_id)
    return OpenInvoice(
        invoice.id,
        invoice.participant_id,
        document_of(invoice),
        credit_notes_of(invoice.id),
        link.expires_on - timedelta(days=1),
    )
