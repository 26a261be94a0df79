"""Pages to change contacts and invoice details, the same for staff (/beheer) and for the participant (/mijn)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from core.db import transaction
from core.editing import Clash, clash_page
from core.errors import NotFound, UserError
from core.permissions import caller, current_actor, demand, requires
from core.web import notice
from participants import queries, services
from participants.details.forms import ConnectionForm, ContactForm, InvoiceDetailsForm
from participants.kinds import Channel, ContactRole
from participants.models import Participant
from participants.views import blueprint

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Side:
    """From which side the participant is looked at."""

    layout: str
    overview: str
    """Endpoint to return to."""
    remove_contact: str

    def back_url(self, participant_id: int) -> str:
        return url_for(self.overview, participant_id=participant_id)


STAFF = Side("layouts/staff.html", "participants.show_participant", "participants.remove_contact")
OWN = Side("layouts/participant.html", "participants.show_own", "participants.remove_own_contact")


def _contact_role(slug: str) -> ContactRole:
    for role in ContactRole:
        if role.slug == slug:
            return role
    raise NotFound("Deze soort contactpersoon bestaat niet.")


# ------------------------------------------------------------------------------------------------- contacts


@blueprint.route("/beheer/deelnemers/<int:participant_id>/contact/<slug>", methods=["GET", "POST"])
@requires("participant:edit")
def edit_contact(participant_id: int, slug: str) -> Answer:
    return _contact(STAFF, participant_id, _contact_role(slug))


@blueprint.route("/mijn/<int:participant_id>/contact/<slug>", methods=["GET", "POST"])
@requires("own:edit")
def edit_own_contact(participant_id: int, slug: str) -> Answer:
    demand("own:edit", participant_id)
    return _contact(OWN, participant_id, _contact_role(slug))


def _contact(side: Side, participant_id: int, role: ContactRole) -> Answer:
    participant = queries.participant(participant_id)
    form = ContactForm()
    if not form.is_submitted():
        form.show(form.values(participant, role))
        return _contact_page(side, participant, role, form)
    if not form.validate():
        return _contact_page(side, participant, role, form), 422
    try:
        with transaction():
            participant = queries.locked_participant(participant_id)
            values = form.merge(form.values(participant, role))
            services.set_contact(current_actor(), participant, role, **values)
    except Clash as clash:
        return clash_page(form, clash, layout=side.layout, back_url=side.back_url(participant_id))
    except UserError as error:
        form.refuse(error)
        return _contact_page(side, queries.participant(participant_id), role, form), error.status
    notice(f"{role.label} bewaard.")
    return redirect(side.back_url(participant_id), 303)


def _contact_page(side: Side, participant: Participant, role: ContactRole, form: ContactForm) -> str:
    is_known = any(contact.role is role for contact in participant.contacts)
    removable = is_known and role is not ContactRole.SIGNATORY
    remove_url = url_for(side.remove_contact, participant_id=participant.id, slug=role.slug) if removable else None
    return render_template(
        "participants/contact.html",
        layout=side.layout,
        participant=participant,
        role=role,
        form=form,
        back_url=side.back_url(participant.id),
        remove_url=remove_url,
        form_has_errors=bool(form.errors),
    )


@blueprint.post("/beheer/deelnemers/<int:participant_id>/contact/<slug>/weghalen")
@requires("participant:edit")
def remove_contact(participant_id: int, slug: str) -> Response:
    return _remove(STAFF, participant_id, _contact_role(slug))


@blueprint.post("/mijn/<int:participant_id>/contact/<slug>/weghalen")
@requires("own:edit")
def remove_own_contact(participant_id: int, slug: str) -> Response:
    demand("own:edit", participant_id)
    return _remove(OWN, participant_id, _contact_role(slug))


def _remove(side: Side, participant_id: int, role: ContactRole) -> Response:
    with transaction():
        services.remove_contact(current_actor(), queries.locked_participant(participant_id), role)
    notice(f"{role.label} weggehaald.")
    return redirect(side.back_url(participant_id), 303)


# ------------------------------------------------------------------------------------------------- invoice details


@blueprint.route("/beheer/deelnemers/<int:participant_id>/factuurgegevens", methods=["GET", "POST"])
@requires("participant:edit")
def edit_invoice_details(participant_id: int) -> Answer:
    return _invoice_details(STAFF, participant_id)


@blueprint.route("/mijn/<int:participant_id>/factuurgegevens", methods=["GET", "POST"])
@requires("own:edit_invoice_details")
def edit_own_invoice_details(participant_id: int) -> Answer:
    demand("own:edit_invoice_details", participant_id)
    return _invoice_details(OWN, participant_id)


def _invoice_details(side: Side, participant_id: int) -> Answer:
    participant = queries.participant(participant_id)
    form = InvoiceDetailsForm()
    if not form.is_submitted():
        form.show(form.values(participant))
        return _invoice_details_page(side, participant, form)
    if not form.validate():
        return _invoice_details_page(side, participant, form), 422
    try:
        with transaction():
            participant = queries.locked_participant(participant_id)
            services.set_invoice_details(current_actor(), participant, **form.merge(form.values(participant)))
    except Clash as clash:
        return clash_page(form, clash, layout=side.layout, back_url=side.back_url(participant_id))
    except UserError as error:
        form.refuse(error)
        return _invoice_details_page(side, queries.participant(participant_id), form), error.status
    notice("De factuurgegevens zijn bewaard. Zij gelden voor nieuwe facturen.")
    return redirect(side.back_url(participant_id), 303)


def _invoice_details_page(side: Side, participant: Participant, form: InvoiceDetailsForm) -> str:
    return render_template(
        "participants/invoice_details.html",
        layout=side.layout,
        participant=participant,
        form=form,
        back_url=side.back_url(participant.id),
        form_has_errors=bool(form.errors),
    )


# ------------------------------------------------------------------------------------------------- connection


@blueprint.route("/beheer/deelnemers/<int:participant_id>/aansluiting", methods=["GET", "POST"])
@requires("participant:edit")
def edit_connection(participant_id: int) -> Answer:
    participant = queries.participant(participant_id)
    form = ConnectionForm()
    if not form.is_submitted():
        form.show(form.values(participant))
        return _connection_page(participant, form)
    if not form.validate():
        return _connection_page(participant, form), 422
    try:
        with transaction():
            participant = queries.locked_participant(participant_id)
            values = form.merge(form.values(participant))
            name = values.pop("supplier")
            supplier = services.add_supplier(caller().actor, name) if name else None
            services.change_participant(
                caller().actor,
                participant,
                **values | {"channel": Channel(values["channel"]), "supplier_id": supplier.id if supplier else None},
            )
    except Clash as clash:
        return clash_page(form, clash, layout=STAFF.layout, back_url=STAFF.back_url(participant_id))
    except UserError as error:
        form.refuse(error)
        return _connection_page(queries.participant(participant_id), form), error.status
    notice("De gegevens van de aansluiting zijn bewaard.")
    return redirect(STAFF.back_url(participant_id), 303)


def _connection_page(participant: Participant, form: ConnectionForm) -> str:
    known = ", ".join(supplier.name for supplier in queries.suppliers())
    return render_template(
        "participants/connection.html",
        participant=participant,
        form=form,
        supplier_hint=f"Bekend zijn: {known}. Een andere naam wordt een nieuwe leverancier." if known else None,
        back_url=STAFF.back_url(participant.id),
        form_has_errors=bool(form.errors),
    )
