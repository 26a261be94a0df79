"""Pages about invoices: for staff, and for the participant itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from billing import queries, services
from billing.delivery.services import file_of
from billing.forms import CreditForm, credit_form
from billing.kinds import InvoiceKind
from billing.languages.texts import WORDS
from billing.missing.queries import missing_years
from billing.models import Invoice
from billing.prepayments.queries import has_entries
from billing.queries import InvoiceFilter
from billing.runs.queries import hold_of
from core import clock, documents, filters
from core import db as database
from core.db import scoped, session, transaction
from core.errors import UserError
from core.listing import Sort, csv_address, csv_response, paginate, without
from core.money import ZERO
from core.permissions import caller, current_actor, demand, requires
from core.web import notice
from participants.kinds import Language
from participants.queries import participant as find_participant
from participants.queries import participants_of
from participants.rules import register_detail_panel, register_own_panel

blueprint = Blueprint("billing", __name__)
Page = str | tuple[str, int] | AnyResponse

KINDS = {"factuur": InvoiceKind.INVOICE, "creditnota": InvoiceKind.CREDIT_NOTE, "mededeling": InvoiceKind.STATEMENT}
CSV_HEADINGS = (
    "Nummer",
    "Soort",
    "Datum",
    "Betalen voor of op",
    "Jaar",
    "Deelnemer",
    "KvK-nummer",
    "OIN",
    "Categorie",
    "Bedrag zonder btw",
    "Btw",
    "Bedrag met btw",
    "Gecrediteerd met",
    "Land",
    "Btw-nummer",
)


def _summary(participant_id: int) -> str | None:
    rows = queries.invoices_of(participant_id)
    if not rows:
        return "Er zijn nog geen facturen."
    return f"Laatste: {rows[0].kind.label.lower()} {rows[0].number} van {filters.day(rows[0].issued_on)}."


register_detail_panel("Facturen", "billing.list_invoices_of_participant", "invoice:view", position=40, summary=_summary)
register_own_panel("Facturen", "billing.list_own_invoices", "own:invoice", position=40, summary=_summary)


# ------------------------------------------------------------------------------------------------- staff: the list


def _chosen() -> InvoiceFilter:
    """The filter in the address; what makes no sense is left out."""
    year, participant = request.args.get("jaar", ""), request.args.get("deelnemer", "")
    return InvoiceFilter(
        text=request.args.get("q", "").strip()[:100],
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        kind=KINDS.get(request.args.get("soort", "")),
        participant_id=int(participant)
        if participant.isascii() and participant.isdigit() and len(participant) < 16
        else None,
        decision=request.args.get("besluit", "").replace("\0", "").strip()[:100],
    )


def _sort() -> Sort:
    return Sort.chosen(queries.SORT_COLUMNS, "-nummer")


@blueprint.get("/beheer/facturen")
@requires("invoice:view")
def list_invoices() -> str:
    chosen, sort = _chosen(), _sort()
    query = queries.invoice_list(chosen).order_by(sort.clause(queries.SORT_COLUMNS), Invoice.id.desc())
    return render_template(
        "billing/invoices.html",
        page=paginate(query),
        sort=sort,
        chosen=chosen,
        kinds=KINDS,
        years=queries.invoice_years(),
        totals=queries.totals(chosen),
        active=_active_filters(chosen),
        csv_url=f"{url_for('billing.export_invoices')}?{request.query_string.decode('ascii', 'ignore')}",
    )


def _active_filters(chosen: InvoiceFilter) -> list[tuple[str, str]]:
    active = []
    if chosen.text:
        active.append((f"Gezocht op: {chosen.text}", without("q")))
    if chosen.year is not None:
        active.append((f"Jaar: {chosen.year}", without("jaar")))
    if chosen.kind is not None:
        active.append((f"Soort: {chosen.kind.label.lower()}", without("soort")))
    if chosen.participant_id is not None:
        name = find_participant(chosen.participant_id).name
        active.append((f"Deelnemer: {name}", without("deelnemer")))
    if chosen.decision:
        active.append((f"Rust op besluit: {chosen.decision}", without("besluit")))
    return active


@blueprint.get("/beheer/facturen.csv")
@requires("invoice:view")
def export_invoices() -> Response:
    """Exactly the filtered list, all pages, in the order that is shown."""
    query = queries.invoice_list(_chosen()).order_by(_sort().clause(queries.SORT_COLUMNS), Invoice.id.desc())
    rows = session().execute(query).unique().scalars()
    return csv_response(f"facturen-{clock.today().isoformat()}.csv", CSV_HEADINGS, _csv_rows(rows))


def _csv_rows(invoices: Iterable[Invoice]) -> Iterator[tuple[str, ...]]:
    for row in invoices:
        document = queries.document_of(row)
        yield (
            row.number,
            row.kind.label,
            filters.short_day(row.issued_on),
            filters.short_day(row.due_on) if row.due_on else "",
            str(row.year),
            row.participant.name,
            document.buyer.kvk or "",
            document.buyer.oin or "",
            document.category,
            *(f"{amount:.2f}".replace(".", ",") for amount in (row.net, row.vat, row.gross)),
            ", ".join(note.number for note in row.credit_notes),
            document.buyer.country,
            document.buyer.vat_id or "",
        )


@blueprint.get("/beheer/deelnemers/<int:participant_id>/facturen")
@requires("invoice:view")
def list_invoices_of_participant(participant_id: int) -> str:
    participant = find_participant(participant_id)
    return render_template(
        "billing/invoices_of_participant.html",
        participant=participant,
        invoices=queries.invoices_of(participant_id),
        missing=missing_years(participant_id, clock.today()),
        may_issue=caller().may("invoice:issue"),
        held=hold_of(participant_id),
        may_hold=caller().may("invoice:hold"),
    )


# ------------------------------------------------------------------------------------------------- staff: one invoice


@blueprint.get("/beheer/facturen/<number>")
@requires("invoice:view")
def show_invoice(number: str) -> str:
    invoice = queries.invoice(number)
    is_creditable = invoice.kind is not InvoiceKind.CREDIT_NOTE and invoice.credited_by is None
    return render_template(
        "billing/invoice.html",
        invoice=invoice,
        document=queries.document_of(invoice),
        may_credit=is_creditable and caller().may("invoice:credit"),
        may_send=caller().may("invoice:send"),
        words=WORDS[Language.DUTCH],
    )


@blueprint.get("/beheer/facturen/<number>.pdf")
@requires("invoice:view")
def download_invoice(number: str) -> Response:
    return _pdf(queries.invoice(number))


@blueprint.route("/beheer/facturen/<number>/crediteren", methods=["GET", "POST"])
@requires("invoice:credit")
def credit_invoice(number: str) -> Page:
    invoice = queries.invoice(number)
    form = credit_form([(position, what, left) for position, what, _, left in _lines_left(invoice)])
    if not form.is_submitted():
        return _credit_page(invoice, form)
    if not form.validate():
        return _credit_page(invoice, form), 422
    try:
        with transaction():
            credit_note = services.credit_invoice(invoice, form.reason.data or "", current_actor(), form.parts)
            credit_number, is_part = credit_note.number, credit_note.credits_part
    except UserError as error:
        form.refuse(error)
        return _credit_page(queries.invoice(number), form), error.status
    what = f"Een deel van factuur {number}" if is_part else f"Factuur {number}"
    notice(f"{what} is gecrediteerd met creditnota {credit_number}. De deelnemer krijgt haar per mail.")
    return redirect(url_for("billing.show_invoice", number=credit_number), 303)


def _lines_left(invoice: Invoice) -> list[tuple[int, str, Decimal, Decimal]]:
    """Position, description, what stood there and what is left of it."""
    if invoice.kind is InvoiceKind.CREDIT_NOTE:
        return []
    left = queries.left_of(invoice)
    return [(line.position, line.description, line.net, left[line.position]) for line in invoice.lines]


def _credit_page(invoice: Invoice, form: CreditForm) -> str:
    lines = _lines_left(invoice)
    return render_template(
        "billing/credit.html",
        invoice=invoice,
        lines=lines,
        left=sum((line[3] for line in lines), ZERO),
        form=form,
        form_has_errors=bool(form.errors),
    )


def _pdf(invoice: Invoice) -> Response:
    with scoped(database.JOB), transaction():  # also who may only read gets the PDF made
        sha256 = file_of(invoice).sha256
    response = Response(documents.read(sha256), content_type="application/pdf")
    name = queries.document_of(invoice).file_name
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


# ------------------------------------------------------------------------------------------------- participants


@blueprint.get("/mijn/<int:participant_id>/facturen")
@requires("own:invoice")
def list_own_invoices(participant_id: int) -> str | Response:
    who = demand("own:invoice", participant_id)
    participant = find_participant(participant_id)
    chosen = replace(_chosen(), participant_id=participant_id, decision="")
    query = queries.invoice_list(chosen).order_by(Invoice.issued_at.desc(), Invoice.id.desc())
    if request.args.get("als") == "csv":
        rows = session().execute(query).unique().scalars()
        return csv_response(f"facturen-{clock.today().isoformat()}.csv", CSV_HEADINGS, _csv_rows(rows))
    units = [one for one in participants_of(participant.organisation_id) if who.may("own:invoice", one.id)]
    return render_template(
        "billing/own_invoices.html",
        participant=participant,
        page=paginate(query),
        chosen=chosen,
        kinds=KINDS,
        years=queries.invoice_years(),
        active=[one for one in _active_filters(chosen) if not one[0].startswith("Deelnemer: ")],
        csv_url=csv_address(),
        several_units=len(units) > 1,
        has_prepayments=has_entries(participant_id),
    )


@blueprint.get("/mijn/<int:participant_id>/facturen/<number>.pdf")
@requires("own:invoice")
def download_own_invoice(participant_id: int, number: str) -> Response:
    demand("own:invoice", participant_id)
    return _pdf(queries.invoice(number, participant_id))
