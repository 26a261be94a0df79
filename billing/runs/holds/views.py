"""Holding the invoices of one participant."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from billing.runs import queries
from billing.runs.forms import HoldForm
from billing.runs.holds.services import hold, lift
from billing.runs.views import Page, blueprint
from core.db import transaction
from core.errors import NotFound, UserError
from core.forms import attempt, day_of
from core.permissions import current_actor, requires
from core.web import notice
from participants.queries import participant as find_participant


def _back(participant_id: int) -> Response:
    return redirect(url_for("billing.list_invoices_of_participant", participant_id=participant_id), 303)


@blueprint.route("/beheer/deelnemers/<int:participant_id>/facturen/aanhouden", methods=["GET", "POST"])
@requires("invoice:hold")
def hold_invoices(participant_id: int) -> Page:
    participant, form = find_participant(participant_id), HoldForm()
    status = attempt(form, lambda: hold(participant, form.reason.data or "", day_of(form.recheck_on), current_actor()))
    if status is None:
        notice("De facturen worden aangehouden. Een facturatieronde zet deze deelnemer apart.")
        return _back(participant_id)
    page = render_template(
        "billing/runs/hold.html", participant=participant, form=form, form_has_errors=bool(form.errors)
    )
    return page, status


@blueprint.post("/beheer/deelnemers/<int:participant_id>/facturen/aanhouden/opheffen")
@requires("invoice:hold")
def lift_hold(participant_id: int) -> Response:
    found = queries.hold_of(find_participant(participant_id).id)
    if found is None:
        raise NotFound("De facturen van deze deelnemer worden niet aangehouden.")
    try:
        with transaction():
            lift(found, current_actor())
    except UserError as error:
        notice(error.message, "error")
    else:
        notice("De facturen worden niet meer aangehouden.")
    return _back(participant_id)
