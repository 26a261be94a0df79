"""What somebody sees of the participants for whom he acts."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from core import audit, clock
from core.permissions import caller, demand, requires
from participants import queries
from participants.kinds import ContactRole
from participants.views import blueprint, own_pages
from participants.works_for.queries import creditors_acted_for, served_municipalities


@blueprint.get("/mijn")
@requires("own:view")
def list_own() -> str | Response:
    """Choose the participant; with one there is nothing to choose."""
    keys = sorted(caller().by_participant)
    if len(keys) == 1:
        return redirect(url_for(".show_own", participant_id=keys[0]), 303)
    return render_template("participants/own_list.html", participants=queries.participants_by_id(keys))


@blueprint.get("/mijn/<int:participant_id>")
@requires("own:view")
def show_own(participant_id: int) -> str:
    who = demand("own:view", participant_id)
    participant = queries.participant(participant_id)
    today = clock.today()
    return render_template(
        "participants/own.html",
        participant=participant,
        organisation=participant.organisation,
        contacts={contact.role: contact for contact in participant.contacts},
        contact_roles=list(ContactRole),
        served=served_municipalities(participant.id, today),
        creditors=creditors_acted_for(participant.id, today),
        measurements=[
            *queries.measurements(participant_id=participant.id),
            *queries.measurements(organisation_id=participant.organisation_id),
        ],
        may_edit=who.may("own:edit", participant_id),
        may_edit_invoice_details=who.may("own:edit_invoice_details", participant_id),
        several=len(who.by_participant) > 1,
        pages=own_pages(participant.id, with_summary=True),
        timeline=audit.timeline(participant_id=participant.id, for_staff=False),
    )
