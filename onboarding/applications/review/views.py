"""What staff see of applications, and what they decide."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import listing
from core.audit import timeline
from core.db import session, transaction
from core.errors import Refused, UserError
from core.filters import local_day, short_day
from core.permissions import caller, requires
from core.web import notice
from onboarding.applications import queries, services, summary
from onboarding.applications.blueprint import blueprint
from onboarding.applications.kinds import WaitsFor
from onboarding.applications.queries import Filters
from onboarding.applications.review.forms import RefusalForm
from onboarding.kinds import ApplicationStage
from onboarding.models import Application
from participants import queries as participants
from participants.kinds import Stage
from participants.rules import register_detail_panel

Answer = str | tuple[str, int] | Response

register_detail_panel(
    "Aanmelding",
    "applications.show_application_of",
    "application:view",
    position=80,
    applies=queries.has_application,
)


def _filters() -> Filters:
    asked = request.args
    return Filters(
        stage=asked.get("stand", "")[:40],
        role=asked.get("rol", "")[:40],
        waits_for=asked.get("wacht-op", "")[:40],
        text=asked.get("q", "")[:200],
    )


@blueprint.get("/beheer/aanmeldingen")
@requires("application:view")
def list_applications() -> str:
    filters, sort = _filters(), listing.Sort.chosen(queries.SORTED, "sinds")
    query = queries.listed_query(filters).order_by(sort.clause(queries.SORTED), Application.id)
    page, turns = listing.paginate(query), queries.turns()
    roles = participants.roles_to_apply_for()
    stages = [("", "Alles wat loopt"), ("alle", "Alles"), *queries.stage_choices()]
    waiting = [("", "Iedereen"), *WaitsFor.choices()]
    return render_template(
        "onboarding/applications/list.html",
        page=page,
        listed=[queries.listed(row, turns) for row in page.items],
        sort=sort,
        filters=filters,
        stages=stages,
        roles=[("", "Alle rollen"), *((role.code, role.label) for role in roles)],
        role_labels={role.code: role.label for role in participants.roles()},
        waiting=waiting,
        active=_active(filters, dict(stages), {role.code: role.label for role in roles}, dict(waiting)),
        csv_url=f"{url_for('applications.download_applications')}?{urlencode(request.args.to_dict())}",
    )


def _active(
    filters: Filters, stages: dict[str, str], roles: dict[str, str], waiting: dict[str, str]
) -> list[tuple[str, str]]:
    """The chosen filters, each with the address without it."""
    chosen = (
        ("stand", stages.get(filters.stage) if filters.stage else None),
        ("rol", roles.get(filters.role)),
        ("wacht-op", f"Wacht op: {waiting[filters.waits_for].lower()}" if filters.waits_for in waiting else None),
        ("q", f"“{filters.text}”" if filters.text else None),
    )
    return [(label, listing.without(name)) for name, label in chosen if label and request.args.get(name)]


@blueprint.get("/beheer/aanmeldingen.csv")
@requires("application:view")
def download_applications() -> Response:
    """Exactly the filtered list."""
    sort = listing.Sort.chosen(queries.SORTED, "sinds")
    query = queries.listed_query(_filters()).order_by(sort.clause(queries.SORTED), Application.id)
    labels = {role.code: role.label for role in participants.roles()}
    turns = queries.turns()
    rows = (queries.listed(row, turns) for row in session().execute(query))
    return listing.csv_response(
        "aanmeldingen.csv",
        ("nummer", "organisatie", "rol", "stand", "sinds", "wacht op"),
        [
            (
                row.application.number,
                row.name,
                labels.get(row.role_code or "", ""),
                row.stage.label,
                short_day(local_day(row.since)),
                row.waits_for.label,
            )
            for row in rows
        ],
    )


@blueprint.get("/beheer/aanmeldingen/<number>")
@requires("application:view")
def show_application(number: str) -> str:
    row = queries.application(number)
    state = queries.progress(row)
    participant = row.participant
    may_decide = caller().may("application:decide")
    return render_template(
        "onboarding/applications/received.html",
        row=row,
        state=state,
        participant=participant,
        name=_name(row),
        stage=participant.stage if participant else row.stage,
        tone=participant.stage.tone if participant else "neutral",
        waits_for=queries.waits_for(row, queries.turns()),
        answers=summary.rows(state),
        warnings=list(queries.warnings(state).values()),
        differs=_differs(state.organisation_name, row),
        interest=row.answers.get("interest"),
        similar_participants=queries.similar_participants(participant) if participant else [],
        similar_applications=queries.similar_applications(row),
        entries=summary.told(timeline(subject=f"application:{row.id}", for_staff=True)),
        may_decide=may_decide and participant is not None and participant.stage is Stage.SUBMITTED,
        may_invite=may_decide and row.stage is ApplicationStage.INTEREST,
    )


def _name(row: Application) -> str:
    return row.participant.name if row.participant else row.organisation_name or "Naam nog niet ingevuld"


def _differs(typed: str, row: Application) -> str | None:
    """The name that the applicant typed, when the organisation was known under another one by its KvK number."""
    known = row.participant.organisation.name if row.participant else None
    return typed if known and typed and typed != known else None


@blueprint.get("/beheer/deelnemers/<int:participant_id>/aanmelding")
@requires("application:view")
def show_application_of(participant_id: int) -> Response:
    """From the file of a participant to its application."""
    number = queries.application_of(participant_id).number
    return redirect(url_for("applications.show_application", number=number), 303)


def _back(number: str) -> Response:
    return redirect(url_for("applications.show_application", number=number), 303)


def _participant_id(number: str) -> int:
    """Raises Refused when it was not submitted yet."""
    found = queries.application(number).participant_id
    if found is None:
        raise Refused("Deze aanmelding is nog niet ingediend. U kunt er nog niet over besluiten.")
    return found


@blueprint.post("/beheer/aanmeldingen/<number>/accepteren")
@requires("application:decide")
def accept(number: str) -> Response:
    try:
        with transaction():
            services.accept(_participant_id(number), caller().actor)
    except UserError as error:
        notice(error.message, "error")
    else:
        notice("De aanmelding is geaccepteerd. De aanmelder en de tekeningsbevoegde krijgen een mail.")
    return _back(number)


@blueprint.get("/beheer/aanmeldingen/<number>/weigeren")
@requires("application:decide")
def show_refusal(number: str) -> str:
    return _refusal_page(number, RefusalForm())


@blueprint.post("/beheer/aanmeldingen/<number>/weigeren")
@requires("application:decide")
def refuse(number: str) -> Answer:
    form = RefusalForm()
    if not form.validate_on_submit():
        return _refusal_page(number, form), 422
    try:
        with transaction():
            services.refuse(_participant_id(number), caller().actor, form.reason.data or "")
    except UserError as error:
        form.refuse(error)
        return _refusal_page(number, form), error.status
    notice("De aanmelding is geweigerd. De aanmelder krijgt de reden per mail.")
    return _back(number)


def _refusal_page(number: str, form: RefusalForm) -> str:
    row = queries.application(number)
    return render_template(
        "onboarding/applications/refuse.html", row=row, name=_name(row), form=form, form_has_errors=bool(form.errors)
    )


@blueprint.post("/beheer/aanmeldingen/<number>/uitnodigen")
@requires("application:decide")
def invite(number: str) -> Response:
    try:
        with transaction():
            services.invite(queries.application(number), caller().actor)
    except UserError as error:
        notice(error.message, "error")
    else:
        notice("De uitnodiging is verstuurd.")
    return _back(number)
