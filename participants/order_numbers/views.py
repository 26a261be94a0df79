"""Pages on which a purchase order number is set: of a unit, and of a whole organisation."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.errors import NotFound
from core.forms import attempt
from core.permissions import caller, current_actor, demand, requires
from core.web import notice
from participants import queries
from participants.models import Organisation, Participant
from participants.order_numbers import services
from participants.order_numbers.forms import OrderNumberForm
from participants.order_numbers.queries import order_number, organisation_number
from participants.views import blueprint

Page = Response | tuple[str, int]
blueprint.add_app_template_global(order_number, "order_number_of")


def _page(form: OrderNumberForm, status: int, *, layout: str, about: str, lead: str, back: str) -> Page:
    page = render_template(
        "participants/order_number.html",
        layout=layout,
        form=form,
        about=about,
        lead=lead,
        back_url=back,
        action=request.path,
        form_has_errors=bool(form.errors),
    )
    return page, status


@blueprint.route("/mijn/<int:participant_id>/inkoopordernummer", methods=["GET", "POST"])
@requires("own:edit_invoice_details")
def set_own_order_number(participant_id: int) -> Page:
    demand("own:edit_invoice_details", participant_id)
    participant, form = queries.participant(participant_id), OrderNumberForm()
    back = url_for("billing.list_unit_invoices", organisation_id=participant.organisation_id)
    known = order_number(participant)
    if not form.is_submitted() and not known.inherited:
        form.number.data = known.number
    status = attempt(form, lambda: _set_unit(participant_id, form.number.data))
    if status is None:
        notice("Het inkoopordernummer is bewaard. Het geldt voor nieuwe facturen.")
        return redirect(back, 303)
    inherited = organisation_number(participant.organisation_id)
    lead = "Dit nummer komt op nieuwe facturen van dit onderdeel."
    if inherited:
        lead += f" Laat u het leeg, dan geldt dat van de organisatie: {inherited}."
    return _page(form, status, layout="layouts/participant.html", about=_name(participant), lead=lead, back=back)


def _set_unit(participant_id: int, number: str | None) -> None:
    services.set_unit_number(current_actor(), queries.locked_participant(participant_id), number)


def _name(participant: Participant) -> str:
    return f"{participant.name}, {participant.role.in_a_sentence}"


@blueprint.route("/mijn/organisatie/<int:organisation_id>/inkoopordernummer", methods=["GET", "POST"])
@requires("own:edit_invoice_details")
def set_own_organisation_order_number(organisation_id: int) -> Page:
    who = caller()
    editable = {
        one.id for one in queries.participants_of(organisation_id) if who.may("own:edit_invoice_details", one.id)
    }
    if not editable:
        raise NotFound("Deze pagina bestaat niet, of hoort bij een andere organisatie.")
    back = url_for("billing.list_unit_invoices", organisation_id=organisation_id)
    return _organisation(queries.organisation(organisation_id), "layouts/participant.html", back, editable)


@blueprint.route("/beheer/organisaties/<int:organisation_id>/inkoopordernummer", methods=["GET", "POST"])
@requires("organisation:edit")
def set_organisation_order_number(organisation_id: int) -> Page:
    back = url_for(".show_organisation", organisation_id=organisation_id)
    return _organisation(queries.organisation(organisation_id), "layouts/staff.html", back, None)


def _organisation(organisation: Organisation, layout: str, back: str, editable: set[int] | None) -> Page:
    form = OrderNumberForm()
    if not form.is_submitted():
        form.number.data = organisation_number(organisation.id)
    actor = current_actor()
    status = attempt(form, lambda: services.set_organisation_number(actor, organisation, form.number.data, editable))
    if status is None:
        notice("Het inkoopordernummer van de organisatie is bewaard. Het geldt voor nieuwe facturen.")
        return redirect(back, 303)
    return _page(
        form,
        status,
        layout=layout,
        about=organisation.name,
        lead="Dit nummer komt op nieuwe facturen van alle onderdelen die geen eigen nummer hebben.",
        back=back,
    )
