"""Staff page: whether the name of a participant is public, and the request to change that."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.forms import attempt
from core.permissions import caller, requires
from core.web import notice
from participants import queries
from participants.rules import register_detail_panel
from participants.views import blueprint
from participants.withdrawals import services
from participants.withdrawals.forms import ReasonForm
from participants.withdrawals.queries import carried_out, open_request


def _summary(participant_id: int) -> str | None:
    row = queries.participant(participant_id)
    if row.name_withdrawn_at is not None:
        return "Niet openbaar, om veiligheid."
    return "Openbaar zolang de aansluiting actief is." if row.list_publicly else "Niet op de openbare lijst."


register_detail_panel("Openbare naam", "participants.withdraw_name", "name:withdraw", position=90, summary=_summary)


@blueprint.route("/beheer/deelnemers/<int:participant_id>/openbare-naam", methods=["GET", "POST"])
@requires("name:withdraw")
def withdraw_name(participant_id: int) -> str | Response | tuple[str, int]:
    form = ReasonForm()
    status = attempt(
        form,
        lambda: services.ask(queries.locked_participant(participant_id), form.reason.data or "", caller().actor),
    )
    if status is None:
        notice("Uw verzoek ligt klaar voor een collega. Er verandert pas iets na akkoord.")
        return redirect(url_for(".withdraw_name", participant_id=participant_id), 303)
    page = render_template(
        "participants/public_name.html",
        participant=queries.participant(participant_id),
        form=form,
        waiting=open_request(participant_id),
        carried_out=carried_out(participant_id),
        action=request.path,
        back_url=url_for(".show_participant", participant_id=participant_id),
        form_has_errors=bool(form.errors),
    )
    return page, status
