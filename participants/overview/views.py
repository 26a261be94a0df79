"""The list of participants and the file of one, for staff."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from sqlalchemy import Select
from werkzeug.wrappers import Response

from core import audit, clock, identifiers
from core.db import session, transaction
from core.errors import UserError
from core.filters import local_day, short_day
from core.listing import Sort, csv_response, paginate, without
from core.permissions import caller, requires
from core.web import notice
from identity.models import Account
from participants import queries, services
from participants.declarations.services import why_not_declared
from participants.kinds import Channel, ContactRole, Sector, Stage
from participants.models import Participant
from participants.overview.forms import NoteForm
from participants.overview.queries import (
    NOBODY,
    SORTS,
    Filters,
    handler_name,
    handlers,
    notes_with_author,
    participant_list,
)
from participants.views import blueprint, file_pages
from participants.works_for.queries import creditors_acted_for, served_municipalities

CSV_HEADINGS = (
    "nummer", "organisatie", "bedrijfsonderdeel", "rol", "stand", "sinds", "aangemeld", "aansluiting", "sector",
    "provincie", "plaats", "KvK-nummer", "OIN", "in behandeling bij",
)  # fmt: skip


@blueprint.get("/beheer/deelnemers")
@requires("participant:view")
def list_participants() -> str | Response:
    filters = Filters.chosen(request.args)
    best_first = bool(filters.text) and "volgorde" not in request.args
    sort = Sort("", descending=False) if best_first else Sort.chosen(SORTS, "naam")
    query = participant_list(filters, best_first=best_first)
    if not best_first:
        query = query.order_by(sort.clause(SORTS), *queries.BY_NAME)
    if request.args.get("als") == "csv":
        return csv_response(f"deelnemers-{clock.today()}.csv", CSV_HEADINGS, _csv_rows(query))
    names = dict(handlers())
    return render_template(
        "participants/list.html",
        page=paginate(query),
        sort=sort,
        filters=filters,
        choices=_choices(names),
        active=_active(filters, names),
        csv_url=_csv_url(),
        names=names,
    )


def _csv_url() -> str:
    """This list, with the same filters and order, as a download."""
    asked = {name: value for name, value in request.args.items() if value and name != "pagina"}
    return f"{request.path}?{urlencode(asked | {'als': 'csv'})}"


def _csv_rows(query: Select[Participant]) -> Iterator[tuple[Any, ...]]:
    names = dict(handlers())
    for row in session().execute(query).scalars():
        organisation = row.organisation
        yield (
            row.id,
            organisation.name,
            row.unit_name,
            row.role.label,
            queries.stage_label(row),
            short_day(local_day(row.stage_since)),
            short_day(row.registered_on),
            row.channel.label,
            organisation.sector.label,
            organisation.province,
            organisation.place,
            organisation.kvk,
            row.own_oin or organisation.oin,
            names.get(row.handled_by or 0),
        )


def _choices(names: dict[int, str]) -> dict[str, list[tuple[str, str]]]:
    colleagues = [(str(key), name) for key, name in names.items()]
    return {
        "stand": [("", "Alle"), *Stage.choices()],
        "rol": [("", "Alle"), *((role.code, role.label) for role in queries.roles())],
        "sector": [("", "Alle"), *Sector.choices()],
        "provincie": [("", "Alle"), *((name, name) for name in queries.provinces())],
        "kanaal": [("", "Alle"), *Channel.choices()],
        "bij": [("", "Iedereen"), (NOBODY, "Niemand"), *colleagues],
    }


def _active(filters: Filters, names: dict[int, str]) -> list[tuple[str, str]]:
    """The filters that are on, each with the address without it."""
    roles = {role.code: role.label for role in queries.roles()}
    handled_by = filters.handled_by or ""
    shown = (
        ("q", f"Zoekt: {filters.text}" if filters.text else None),
        ("stand", filters.stage and filters.stage.label),
        ("rol", filters.role_code and roles.get(filters.role_code, filters.role_code)),
        ("sector", filters.sector and filters.sector.label),
        ("provincie", filters.province),
        ("kanaal", filters.channel and filters.channel.label),
        ("bij", handled_by and ("Bij niemand" if handled_by == NOBODY else f"Bij {names.get(int(handled_by), '?')}")),
    )
    return [(label, without(name)) for name, label in shown if label]


# ------------------------------------------------------------------------------------------------- one participant


@blueprint.get("/beheer/deelnemers/<int:participant_id>")
@requires("participant:view")
def show_participant(participant_id: int) -> str:
    return _file(participant_id, NoteForm(formdata=None))


def _file(participant_id: int, form: NoteForm) -> str:
    participant = queries.participant(participant_id)
    organisation = participant.organisation
    today = clock.today()
    oin = participant.own_oin or organisation.oin
    who = caller()
    return render_template(
        "participants/show.html",
        participant=participant,
        organisation=organisation,
        oin=oin,
        oin_differs=oin is not None
        and identifiers.oin_warning(oin, kvk_number=organisation.kvk, rsin_number=organisation.rsin) is not None,
        contacts={contact.role: contact for contact in participant.contacts},
        contact_roles=list(ContactRole),
        served=served_municipalities(participant.id, today),
        creditors=creditors_acted_for(participant.id, today),
        measurements=[
            *queries.measurements(participant_id=participant.id),
            *queries.measurements(organisation_id=organisation.id),
        ],
        may_declare=who.may("participant:edit") and why_not_declared(participant) is None,
        connection=queries.connection_period(participant.id, today),
        siblings=[row for row in queries.participants_of(organisation.id) if row.id != participant.id],
        handler=handler_name(participant),
        is_mine=participant.handled_by == who.account_id,
        notes=notes_with_author(participant.id) if who.is_staff else [],
        timeline=audit.timeline(participant_id=participant.id, for_staff=True),
        pages=file_pages(participant.id, with_summary=True),
        who=who,
        form=form,
        form_has_errors=bool(form.errors),
    )


@blueprint.post("/beheer/deelnemers/<int:participant_id>/notities")
@requires("note:write")
def write_note(participant_id: int) -> str | Response | tuple[str, int]:
    form = NoteForm()
    queries.participant(participant_id)
    if not form.validate():
        return _file(participant_id, form), 422
    try:
        with transaction():
            services.write_note(caller().actor, participant_id, form.text.data or "")
    except UserError as error:
        form.refuse(error)
        return _file(participant_id, form), error.status
    notice("De notitie is bewaard.")
    return redirect(url_for(".show_participant", participant_id=participant_id, _anchor="notities"), 303)


@blueprint.post("/beheer/deelnemers/<int:participant_id>/in-behandeling")
@requires("participant:edit")
def take_file(participant_id: int) -> Response:
    with transaction():
        account = session().get_one(Account, caller().account_id)
        services.hand_over(caller().actor, queries.locked_participant(participant_id), account)
    notice("U hebt dit dossier in behandeling.")
    return redirect(url_for(".show_participant", participant_id=participant_id), 303)


@blueprint.post("/beheer/deelnemers/<int:participant_id>/loslaten")
@requires("participant:edit")
def release_file(participant_id: int) -> Response:
    with transaction():
        services.hand_over(caller().actor, queries.locked_participant(participant_id), None)
    notice("Niemand heeft dit dossier nu in behandeling.")
    return redirect(url_for(".show_participant", participant_id=participant_id), 303)
