"""The list of organisations and the page of one, for staff."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from core import audit, clock, identifiers
from core.db import transaction
from core.editing import Clash, clash_page
from core.errors import UserError
from core.identifiers import MAX_NAME
from core.listing import Sort, paginate
from core.permissions import caller, requires
from core.web import notice
from participants import queries, rules, services
from participants.kinds import OrganisationKind, Sector
from participants.models import Organisation, Participant
from participants.organisations.forms import OrganisationForm
from participants.views import blueprint

SORTS: Mapping[str, Any] = {
    "naam": Organisation.search_text,  # begins with the name, without capitals and accents
    "soort": Organisation.kind,
    "sector": Organisation.sector,
    "plaats": Organisation.place,
}


@blueprint.get("/beheer/organisaties")
@requires("organisation:view")
def list_organisations() -> str:
    text = " ".join(request.args.get("q", "").replace("\0", "").split())[:MAX_NAME]
    kind, sector = request.args.get("soort", ""), request.args.get("sector", "")
    dissolved = request.args.get("opgeheven", "")
    best_first = bool(text) and "volgorde" not in request.args
    sort = Sort("", descending=False) if best_first else Sort.chosen(SORTS, "naam")
    participants = (
        select(func.count())
        .where(Participant.organisation_id == Organisation.id)
        .correlate(Organisation)
        .scalar_subquery()
        .label("participants")
    )
    query = select(Organisation, participants)
    if text:
        query = query.where(queries.looks_like(text))
    if kind in {member.value for member in OrganisationKind}:
        query = query.where(Organisation.kind == OrganisationKind(kind))
    if sector in {member.value for member in Sector}:
        query = query.where(Organisation.sector == Sector(sector))
    if not dissolved:
        still_there = (Organisation.ends_before.is_(None)) | (Organisation.ends_before > clock.today())
        query = query.where(still_there)
    order = queries.likeness(text) if best_first else [sort.clause(SORTS)]
    return render_template(
        "participants/organisations.html",
        page=paginate(query.order_by(*order, Organisation.id)),
        sort=sort,
        text=text,
        kind=kind,
        sector=sector,
        dissolved=dissolved,
        kinds=[("", "Alle"), *OrganisationKind.choices()],
        sectors=[("", "Alle"), *Sector.choices()],
        today=clock.today(),
    )


@blueprint.get("/beheer/organisaties/<int:organisation_id>")
@requires("organisation:view")
def show_organisation(organisation_id: int) -> str:
    organisation = queries.organisation(organisation_id)
    return render_template(
        "participants/organisation.html",
        organisation=organisation,
        exists=rules.exists_on(organisation.ends_before, clock.today()),
        oin_differs=_oin_warning(organisation) is not None,
        participants=queries.participants_of(organisation.id),
        measurements=queries.measurements(organisation_id=organisation.id),
        timeline=audit.timeline(subject=f"organisation:{organisation.id}", for_staff=True),
        who=caller(),
    )


@blueprint.route("/beheer/organisaties/<int:organisation_id>/wijzigen", methods=["GET", "POST"])
@requires("organisation:edit")
def edit_organisation(organisation_id: int) -> str | Response | tuple[str, int]:
    organisation = queries.organisation(organisation_id)
    form = OrganisationForm()
    back_url = url_for(".show_organisation", organisation_id=organisation_id)
    if not form.is_submitted():
        form.show(form.values(organisation))
        return _edit_page(organisation, form, back_url)
    if not form.validate():
        return _edit_page(organisation, form, back_url), 422
    try:
        with transaction():
            organisation = queries.locked_organisation(organisation_id)
            values = form.merge(form.values(organisation))
            services.change_organisation(
                caller().actor,
                organisation,
                **values | {"kind": OrganisationKind(values["kind"]), "sector": Sector(values["sector"])},
            )
    except Clash as clash:
        return clash_page(form, clash, layout="layouts/staff.html", back_url=back_url)
    except UserError as error:
        form.refuse(error)
        return _edit_page(queries.organisation(organisation_id), form, back_url), error.status
    notice("De gegevens van de organisatie zijn bewaard.")
    warning = _oin_warning(queries.organisation(organisation_id))
    if warning:
        notice(warning, "warning")
    return redirect(back_url, 303)


def _oin_warning(organisation: Organisation) -> str | None:
    """A difference that may be right: said, never a reason to refuse."""
    if organisation.oin is None:
        return None
    return identifiers.oin_warning(organisation.oin, kvk_number=organisation.kvk, rsin_number=organisation.rsin)


def _edit_page(organisation: Organisation, form: OrganisationForm, back_url: str) -> str:
    return render_template(
        "participants/organisation_edit.html",
        organisation=organisation,
        form=form,
        back_url=back_url,
        form_has_errors=bool(form.errors),
    )
