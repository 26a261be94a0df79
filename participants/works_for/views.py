"""Staff page: for whom a participant works, dated; ending is a new fact and never removes the past."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from core import clock
from core.db import session, transaction
from core.errors import NotFound, UserError
from core.forms import Form
from core.permissions import current_actor, requires
from core.web import notice
from participants import queries, services
from participants.kinds import Basis
from participants.models import ActsForCreditor, Participant
from participants.views import blueprint
from participants.works_for.forms import CreditorForm, EndForm, MunicipalityForm
from participants.works_for.queries import creditors_acted_for, served_municipalities

Answer = str | Response | tuple[str, int]


@blueprint.route("/beheer/deelnemers/<int:participant_id>/werkt-voor", methods=["GET", "POST"])
@requires("participant:edit")
def edit_works_for(participant_id: int) -> Answer:
    """Add a municipality (debt counsellors) or a creditor (everybody else)."""
    participant = queries.participant(participant_id)
    form = _form(participant)
    if not form.is_submitted():
        form.starts_on.data = clock.today()
        return _page(participant, form)
    if not form.validate():
        return _page(participant, form), 422
    try:
        with transaction():
            if isinstance(form, MunicipalityForm):
                key = int(form.municipality.data)
                services.serve_municipality(current_actor(), participant_id, key, form.starts_on.data or clock.today())
            else:
                services.act_for_creditor(
                    current_actor(), participant_id, form.creditor_name.data or "", form.starts_on.data or clock.today()
                )
    except UserError as error:
        form.refuse(error)
        return _page(queries.participant(participant_id), form), error.status
    notice("Toegevoegd.")
    return redirect(url_for("participants.edit_works_for", participant_id=participant_id), 303)


def serves_municipalities(participant: Participant) -> bool:
    return participant.role.basis is Basis.INHABITANTS


def _form(participant: Participant) -> MunicipalityForm | CreditorForm:
    if not serves_municipalities(participant):
        return CreditorForm()
    return MunicipalityForm(
        municipalities=[(str(row.id), row.short_name) for row in queries.municipalities(clock.today())]
    )


def _page(participant: Participant, form: Form) -> str:
    today = clock.today()
    return render_template(
        "participants/works_for.html",
        participant=participant,
        form=form,
        for_municipalities=serves_municipalities(participant),
        served=served_municipalities(participant.id, today),
        creditors=creditors_acted_for(participant.id, today),
        back_url=url_for("participants.show_participant", participant_id=participant.id),
        form_has_errors=bool(form.errors),
    )


@blueprint.route("/beheer/deelnemers/<int:participant_id>/werkt-voor/<int:key>/beeindigen", methods=["GET", "POST"])
@requires("participant:edit")
def end_works_for(participant_id: int, key: int) -> Answer:
    """End one: `key` is the municipality's organisation for a debt counsellor, the row of the creditor otherwise."""
    participant = queries.participant(participant_id)
    name = _name_of(participant, key)
    form = EndForm()
    if not form.is_submitted():
        form.ends_before.data = clock.today()
        return _end_page(participant, name, form)
    if not form.validate():
        return _end_page(participant, name, form), 422
    try:
        with transaction():
            if serves_municipalities(participant):
                services.leave_municipality(
                    current_actor(), participant_id, key, form.ends_before.data or clock.today()
                )
            else:
                services.stop_acting_for(
                    current_actor(), _creditor(participant, key), form.ends_before.data or clock.today()
                )
    except UserError as error:
        form.refuse(error)
        return _end_page(queries.participant(participant_id), name, form), error.status
    notice(f"Beëindigd: {name}.")
    return redirect(url_for("participants.edit_works_for", participant_id=participant_id), 303)


def _name_of(participant: Participant, key: int) -> str:
    if not serves_municipalities(participant):
        return _creditor(participant, key).creditor_name
    for period in served_municipalities(participant.id, clock.today()):
        if period.organisation_id == key:
            return period.organisation.short_name
    raise NotFound("Deze deelnemer werkt niet voor die gemeente.")


def _creditor(participant: Participant, key: int) -> ActsForCreditor:
    row = session().get(ActsForCreditor, key)
    if row is None or row.participant_id != participant.id or row.ends_before is not None:
        raise NotFound("Deze deelnemer handelt niet namens die schuldeiser.")
    return row


def _end_page(participant: Participant, name: str, form: EndForm) -> str:
    return render_template(
        "participants/works_for_end.html",
        participant=participant,
        name=name,
        form=form,
        back_url=url_for("participants.edit_works_for", participant_id=participant.id),
        form_has_errors=bool(form.errors),
    )
