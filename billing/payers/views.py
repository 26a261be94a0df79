"""The invoice for who has the link that stands on it, and the link for staff. The page of staff about an invoice shows
`billing/payers/link.html`.

A code in an address is like a password: these pages are not indexed, not kept by the browser, and no address of theirs
is sent to another page.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from billing.announcements.queries import changed_account
from billing.delivery.services import UBL_TYPE, file_of, ubl_of
from billing.languages.texts import WORDS
from billing.models import Invoice
from billing.payers import queries, services
from billing.payers.queries import OpenInvoice
from billing.queries import invoice as find_invoice
from billing.views import blueprint
from core import clock, documents
from core import db as database
from core.db import scoped, session, transaction
from core.errors import NotFound
from core.limits import count_attempt
from core.permissions import anyone, caller, current_actor, requires
from core.web import notice
from governance.models import Operator
from governance.queries import operators
from participants.kinds import Language

Page = str | tuple[str, int] | AnyResponse
HOUR = timedelta(hours=1)
MOST_OPENED, MOST_WRONG = 300, 30
"""In an hour for one network address; an office shares one. Wrong codes are counted apart as well."""
PRIVATE = {"X-Robots-Tag": "noindex, nofollow", "Cache-Control": "private, no-store"}


class Closed(NotFound):
    """A code that opens nothing: wrong (404), expired or revoked (410). The page is the same."""

    def __init__(self, status: int) -> None:
        super().__init__("Deze link werkt niet.")
        self.status = status


def opened(token: str) -> OpenInvoice:
    """What the link with this code shows; a GET counts as an opening. Raises Closed and TooMany."""
    address = request.remote_addr or ""
    with transaction():
        count_attempt("billing:invoice-link", address, limit=MOST_OPENED, window=HOUR)
    with scoped(database.JOB):
        link = queries.link_with(token)
        if link is None:
            with transaction():
                count_attempt("billing:invoice-link:wrong", address, limit=MOST_WRONG, window=HOUR)
            raise Closed(404)
        if not link.opens_on(clock.today()):
            raise Closed(410)
        if request.method == "GET":
            with transaction():
                services.count_opening(link)
        return queries.open_invoice(link)


def private(page: str, status: int = 200, *, with_form: bool = False) -> Response:
    """A page behind a code. With a form the browser has to say from which site it is sent, but no more than that."""
    response = make_response(page, status)
    response.headers.update(PRIVATE)
    response.headers["Referrer-Policy"] = "strict-origin" if with_form else "no-referrer"
    return response


def closed(error: Closed) -> Response:
    """The page that says whom to ask, the same whatever is the matter."""
    return private(render_template("billing/payers/closed.html", noindex=True, operator=_operator()), error.status)


def _operator() -> Operator | None:
    started = [row for row in operators() if row.starts_on <= clock.today()]
    return started[-1] if started else None


# ------------------------------------------------------------------------------------------------- who pays


@blueprint.get("/factuur/<token>")
@anyone
def open_invoice(token: str) -> Page:
    try:
        found = opened(token)
    except Closed as error:
        return closed(error)
    seller = found.document.seller
    return private(
        render_template(
            "billing/payers/invoice.html",
            noindex=True,
            token=token,
            found=found,
            document=found.document,
            words=WORDS[Language.DUTCH],
            changed=changed_account(seller.iban, clock.today()) if seller.iban and found.to_pay else None,
        )
    )


@blueprint.get("/factuur/<token>/pdf")
@anyone
def open_invoice_pdf(token: str) -> Page:
    try:
        found = opened(token)
    except Closed as error:
        return closed(error)
    with scoped(database.JOB), transaction():
        invoice = session().get_one(Invoice, found.invoice_id)
        content = documents.read(file_of(invoice).sha256)
    return _download(content, "application/pdf", found.document.file_name)


@blueprint.get("/factuur/<token>/e-factuur")
@anyone
def open_e_invoice(token: str) -> Page:
    try:
        found = opened(token)
    except Closed as error:
        return closed(error)
    with scoped(database.JOB), transaction():
        invoice = session().get_one(Invoice, found.invoice_id)
        content = ubl_of(invoice, file_of(invoice))
    return _download(content, UBL_TYPE, found.document.ubl_name)


def _download(content: bytes, media_type: str, name: str) -> Response:
    response = Response(content, content_type=media_type)
    response.headers.update(PRIVATE)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# ------------------------------------------------------------------------------------------------- staff


def link_panel(invoice: Invoice) -> dict[str, Any]:
    """What the page of staff about an invoice shows of its link. The address only for who may make one: it opens more
    than looking."""
    link = queries.latest_link(invoice.id)
    may_change = caller().may("invoice:link")
    return {
        "link": link,
        "opens": link is not None and link.opens_on(clock.today()),
        "url": queries.address_of(link) if link is not None and may_change else None,
        "may_change": may_change,
    }


blueprint.add_app_template_global(link_panel, "link_panel")


@blueprint.post("/beheer/facturen/<number>/link/intrekken")
@requires("invoice:link")
def revoke_link(number: str) -> AnyResponse:
    with transaction():
        services.revoke_link(find_invoice(number), current_actor())
    notice(f"De link op factuur {number} is ingetrokken. Wie hem opent, leest bij wie de factuur te vragen is.")
    return redirect(url_for("billing.show_invoice", number=number, _anchor="link"), 303)


@blueprint.post("/beheer/facturen/<number>/link/nieuw")
@requires("invoice:link")
def renew_link(number: str) -> AnyResponse:
    with transaction():
        services.renew_link(find_invoice(number), current_actor())
    notice(f"Factuur {number} heeft een nieuwe link. De vorige werkt niet meer.")
    return redirect(url_for("billing.show_invoice", number=number, _anchor="link"), 303)
