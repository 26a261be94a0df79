"""Making an invoice by hand, for finance: fill in, check, put before a colleague."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from billing.by_hand import queries, services
from billing.by_hand.documents import ByHand
from billing.by_hand.forms import ByHandForm
from billing.documents import InvoiceDocument
from billing.issuing.queries import Circumstances
from billing.queries import decision_it_rests_on
from billing.views import blueprint
from core import submissions
from core.approvals import Outcome
from core.db import transaction
from core.errors import UserError
from core.permissions import current_actor, requires
from core.web import notice
from participants.models import Participant
from participants.queries import participant as find_participant

Page = str | tuple[str, int] | Response


@blueprint.route("/beheer/deelnemers/<int:participant_id>/facturen/met-de-hand", methods=["GET", "POST"])
@requires("invoice:issue")
def make_invoice_by_hand(participant_id: int) -> Page:
    """First shows the invoice exactly as it will be; sending that page asks a colleague."""
    participant = find_participant(participant_id)
    form, step = ByHandForm(), request.form.get("stap", "")
    if not form.is_submitted():
        form.key.data = submissions.new_key()
        return _form_page(participant, form)
    if step == "regel":
        form.add_line()
        return _form_page(participant, form)
    if not form.validate():
        return _form_page(participant, form), 422
    return _form_page(participant, form) if step == "wijzigen" else _go_on(participant, form, step)


def _go_on(participant: Participant, form: ByHandForm, step: str) -> Page:
    try:
        asked = form.asked(decision_it_rests_on(form.decision.data))
        document = services.checked(participant, asked)
        if step != "voorleggen":
            return _check_page(participant, form, document)
        with transaction():
            if submissions.first_time(form.key.data):
                services.propose(participant, asked, current_actor())
    except UserError as error:
        form.refuse(error)
        return _form_page(find_participant(participant.id), form), 422
    notice("De factuur ligt klaar voor een collega van Financiën. Na akkoord krijgt zij een nummer en gaat per mail.")
    return redirect(_back_url(participant), 303)


def _form_page(participant: Participant, form: ByHandForm) -> str:
    return render_template(
        "billing/by_hand/form.html",
        participant=participant,
        form=form,
        action=request.path,
        back_url=_back_url(participant),
        form_has_errors=bool(form.errors),
    )


def _check_page(participant: Participant, form: ByHandForm, document: InvoiceDocument) -> str:
    return render_template(
        "billing/by_hand/check.html",
        participant=participant,
        form=form,
        document=document,
        action=request.path,
        back_url=_back_url(participant),
    )


def _back_url(participant: Participant) -> str:
    return url_for("billing.list_invoices_of_participant", participant_id=participant.id)


@blueprint.get("/beheer/facturen/met-de-hand/<int:approval_id>")
@requires("invoice:view")
def show_invoice_by_hand(approval_id: int) -> str:
    """What a colleague is asked to agree to: the invoice as it would be issued today."""
    row = queries.request_by_hand(approval_id)
    participant = find_participant(row.payload["participant"])
    document, problem = None, None
    if row.outcome is not Outcome.APPROVED:
        try:
            asked = ByHand.from_json(row.payload)
            document = queries.draft_by_hand(participant, asked, Circumstances.now()).document
        except UserError as error:
            problem = error.message
    return render_template(
        "billing/by_hand/request.html",
        row=row,
        participant=participant,
        document=document,
        problem=problem,
        number=row.payload.get("invoice"),
    )
