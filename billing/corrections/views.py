"""Saying that something on an invoice is wrong, with the link on it; and answering, for finance."""

from __future__ import annotations

from datetime import timedelta

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from billing.corrections import queries, services
from billing.corrections.forms import AskForm, DeclineForm, TakeOverForm
from billing.corrections.kinds import CorrectionKind, CorrectionStage
from billing.corrections.services import Asked
from billing.payers.queries import OpenInvoice
from billing.payers.views import Closed, closed, opened, private
from billing.views import blueprint
from core import db as database
from core import submissions
from core.db import scoped, transaction
from core.errors import UserError
from core.forms import Form, attempt
from core.limits import count_attempt
from core.listing import paginate
from core.permissions import anyone, caller, current_actor, requires
from core.web import notice
from participants.order_numbers.queries import order_number

Page = str | tuple[str, int] | Response
HOUR = timedelta(hours=1)
MOST_ASKED, MOST_PER_MAIL = 20, 6
"""In an hour: for one network address, and to one mail address."""
MOST_BYTES = 64_000
"""Of a whole form: all its fields filled to the brim, in signs that take four bytes."""


# ------------------------------------------------------------------------------------------------- who pays


@blueprint.route("/factuur/<token>/klopt-niet", methods=["GET", "POST"])
@anyone
def ask_correction(token: str) -> Page:
    try:
        found = opened(token)
    except Closed as error:
        return closed(error)
    form = AskForm()
    if not form.is_submitted():
        form.seal()
        return _ask_page(token, found, form)
    if (request.content_length or 0) > MOST_BYTES:
        form.refuse(UserError("Dit is te lang. Schrijf het korter."))
        return _ask_page(token, found, form, 413)
    if not form.validate():
        return _ask_page(token, found, form, 422)
    try:
        _count(form)
        if not form.is_by_a_program:
            _ask(found, form)
    except UserError as error:
        form.refuse(error)
        return _ask_page(token, found, form, 422 if error.status == 409 else error.status)
    return redirect(url_for("billing.show_correction_asked", token=token), 303)


def _count(form: AskForm) -> None:
    for kind, who, limit in (
        ("address", request.remote_addr or "", MOST_ASKED),
        ("mail", form.email.data or "", MOST_PER_MAIL),
    ):
        with transaction():
            count_attempt(f"billing:correction:{kind}", who, limit=limit, window=HOUR)


def _ask(found: OpenInvoice, form: AskForm) -> None:
    asked = Asked(
        CorrectionKind(form.kind.data),
        form.proposed.data or None,
        form.explanation.data or None,
        form.name.data or "",
        form.email.data or "",
    )
    with scoped(database.JOB), transaction():
        if submissions.first_time(form.key.data):
            services.ask_correction(found.invoice_id, found.participant_id, found.document.number, asked)


def _ask_page(token: str, found: OpenInvoice, form: AskForm, status: int = 200) -> Response:
    page = render_template(
        "billing/corrections/ask.html",
        noindex=True,
        token=token,
        document=found.document,
        form=form,
        form_has_errors=bool(form.errors),
    )
    return private(page, status, with_form=True)


@blueprint.get("/factuur/<token>/klopt-niet/verstuurd")
@anyone
def show_correction_asked(token: str) -> Page:
    try:
        found = opened(token)
    except Closed as error:
        return closed(error)
    return private(
        render_template("billing/corrections/asked.html", noindex=True, token=token, document=found.document)
    )


# ------------------------------------------------------------------------------------------------- finance

STAGES = {
    "open": CorrectionStage.OPEN,
    "overgenomen": CorrectionStage.TAKEN_OVER,
    "afgewezen": CorrectionStage.DECLINED,
}
blueprint.add_app_template_global(queries.corrections_of, "corrections_of_invoice")


@blueprint.get("/beheer/facturen/correcties")
@requires("invoice:view")
def list_corrections() -> str:
    chosen = request.args.get("stand", "")
    return render_template(
        "billing/corrections/list.html",
        page=paginate(queries.correction_list(STAGES.get(chosen))),
        stages=STAGES,
        chosen=chosen if chosen in STAGES else "",
    )


@blueprint.get("/beheer/facturen/correcties/<int:correction_id>")
@requires("invoice:view")
def show_correction(correction_id: int) -> str:
    row = queries.correction(correction_id)
    return render_template(
        "billing/corrections/show.html",
        row=row,
        is_open=row.stage is CorrectionStage.OPEN,
        may_answer=caller().may("invoice:correct"),
        order_number=order_number(row.participant),
    )


@blueprint.route("/beheer/facturen/correcties/<int:correction_id>/overnemen", methods=["GET", "POST"])
@requires("invoice:correct")
def take_over_correction(correction_id: int) -> Page:
    row, form = queries.correction(correction_id), TakeOverForm()
    form.keep(row.kind)
    if not form.is_submitted():
        form.show(row)
    status = attempt(form, lambda: services.take_over(row, form.values(), form.answer.data or "", current_actor()))
    if status is None:
        notice("Overgenomen. Wie het vroeg, krijgt uw antwoord per mail.")
        return redirect(url_for("billing.show_correction", correction_id=correction_id), 303)
    return _answer_page("billing/corrections/take_over.html", correction_id, form, status)


@blueprint.route("/beheer/facturen/correcties/<int:correction_id>/afwijzen", methods=["GET", "POST"])
@requires("invoice:correct")
def decline_correction(correction_id: int) -> Page:
    row, form = queries.correction(correction_id), DeclineForm()
    status = attempt(form, lambda: services.decline(row, form.reason.data or "", current_actor()))
    if status is None:
        notice("Niet overgenomen. Wie het vroeg, krijgt de reden per mail.")
        return redirect(url_for("billing.show_correction", correction_id=correction_id), 303)
    return _answer_page("billing/corrections/decline.html", correction_id, form, status)


def _answer_page(template: str, correction_id: int, form: Form, status: int) -> Page:
    row = queries.correction(correction_id)
    return render_template(template, row=row, form=form, form_has_errors=bool(form.errors)), status
