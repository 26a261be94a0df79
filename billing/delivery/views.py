"""The UBL of an invoice, for staff and for the participant, and mailing an invoice again."""

from __future__ import annotations

from flask import Response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from billing import queries
from billing.delivery.services import UBL_TYPE, file_of, send_again, ubl_of
from billing.models import Invoice
from billing.views import blueprint
from core import db as database
from core.db import scoped, transaction
from core.errors import UserError
from core.permissions import current_actor, demand, requires
from core.web import notice


@blueprint.get("/beheer/facturen/<number>.xml")
@requires("invoice:view")
def download_ubl(number: str) -> Response:
    return _ubl(queries.invoice(number))


@blueprint.get("/mijn/<int:participant_id>/facturen/<number>.xml")
@requires("own:invoice")
def download_own_ubl(participant_id: int, number: str) -> Response:
    demand("own:invoice", participant_id)
    return _ubl(queries.invoice(number, participant_id))


def _ubl(invoice: Invoice) -> Response:
    with scoped(database.JOB), transaction():  # also who may only read gets the files made
        content = ubl_of(invoice, file_of(invoice))
    response = Response(content, content_type=UBL_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{queries.document_of(invoice).ubl_name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.post("/beheer/facturen/<number>/opnieuw-versturen")
@requires("invoice:send")
def send_invoice_again(number: str) -> AnyResponse:
    """Only to the address for invoices that is known: who types another address sends somebody's invoice elsewhere."""
    try:
        with transaction():
            invoice = queries.invoice(number)
            label, address = invoice.kind.label, send_again(invoice, current_actor())
    except UserError as error:
        notice(error.message, "error")
    else:
        notice(f"{label} {number} wordt opnieuw verstuurd naar {address}.")
    return redirect(url_for("billing.show_invoice", number=number), 303)
