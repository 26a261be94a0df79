"""Own pages: whom the participant can reach, and which creditors it approaches."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue.reach import forms, queries, services
from catalogue.views import blueprint
from core import clock
from core.forms import attempt
from core.identifiers import MAX_NAME
from core.listing import paginate
from core.permissions import current_actor, demand, requires
from core.web import notice
from participants.kinds import CLOSED
from participants.queries import participant as find_participant
from participants.rules import register_own_panel

Answer = str | Response | tuple[str, int]


@blueprint.get("/mijn/<int:participant_id>/bereik")
@requires("own:view")
def show_reach(participant_id: int) -> str:
    who = demand("own:view", participant_id)
    participant, today = find_participant(participant_id), clock.today()
    own = queries.modules_with_reach(participant, today)
    wanted = request.args.get("module", "")
    chosen = [one for one in own if one.module.code == wanted] or own
    text = " ".join(request.args.get("q", "").replace("\0", "").split())[:MAX_NAME]
    page = paginate(queries.reachable(participant, chosen, today, text=text))
    chooses = queries.chooses_creditors(participant) and participant.stage not in CLOSED
    selected = queries.selected_ids(queries.selection_on(participant_id, today)) if chooses else None
    return render_template(
        "catalogue/reach.html",
        participant=participant,
        own=own,
        wanted=chosen[0].module.code if len(chosen) == 1 and wanted else "",
        text=text,
        page=page,
        shared=queries.shared_modules([row.id for row in page.items], own, today),
        chooses=chooses,
        selected=selected,
        may_choose=chooses and who.may("own:modules", participant_id),
    )


@blueprint.route("/mijn/<int:participant_id>/bereik/schuldeisers", methods=["GET", "POST"])
@requires("own:modules")
def choose_creditors(participant_id: int) -> Answer:
    demand("own:modules", participant_id)
    participant, today = find_participant(participant_id), clock.today()
    selected = queries.selected_ids(queries.selection_on(participant_id, today))
    form = forms.CreditorsForm(
        creditors=[(str(row.id), row.name) for row in queries.creditors_to_choose()],
        data={
            "scope": forms.EVERYBODY if selected is None else forms.CHOSEN,
            "creditors": [str(key) for key in selected or ()],
            "starts_on": today,
        },
    )
    status = attempt(
        form,
        lambda: services.choose_creditors(current_actor(), participant, form.keys, form.starts_on.data or today),
    )
    if status is None:
        notice("Uw keuze is opgeslagen.")
        return redirect(url_for("catalogue.show_reach", participant_id=participant_id), 303)
    page = render_template(
        "catalogue/choose_creditors.html",
        participant=find_participant(participant_id),
        form=form,
        form_has_errors=bool(form.errors),
        chooses=queries.chooses_creditors(participant) and participant.stage not in CLOSED,
        planned=[row for row in queries.selections(participant_id) if row.starts_on > today],
    )
    return page, status


register_own_panel("Bereik", "catalogue.show_reach", "own:view", position=35)
