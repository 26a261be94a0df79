"""Recording what a participant declares, for staff."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.approvals import Approval
from core.forms import attempt
from core.permissions import caller, requires
from core.web import notice
from participants import queries
from participants.declarations import services
from participants.declarations.forms import DeclarationForm
from participants.views import blueprint


@blueprint.route("/beheer/deelnemers/<int:participant_id>/opgave", methods=["GET", "POST"])
@requires("participant:edit")
def record_declaration(participant_id: int) -> str | Response | tuple[str, int]:
    form = DeclarationForm()
    asked: list[Approval | None] = []
    status = attempt(
        form,
        lambda: asked.append(
            services.declare(
                queries.locked_participant(participant_id),
                form.value.data or 0,
                form.day,
                caller().actor,
                reason=form.reason.data or "",
            )
        ),
    )
    if status is None:
        if asked[0] is None:
            notice("De opgave is vastgelegd.")
        else:
            notice("Uw verzoek ligt klaar voor een collega van Financiën. De opgave telt pas mee na akkoord.")
        return redirect(url_for(".show_participant", participant_id=participant_id, _anchor="aantallen"), 303)
    participant = queries.participant(participant_id)
    page = render_template(
        "participants/declaration.html",
        participant=participant,
        form=form,
        why_not=services.why_not_declared(participant),
        needs_colleague=services.needs_colleague(participant),
        waiting=services.open_request(participant_id),
        action=request.path,
        back_url=url_for(".show_participant", participant_id=participant_id),
        form_has_errors=bool(form.errors),
    )
    return page, status
