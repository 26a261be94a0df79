"""Pages of staff: what participants asked for, a page that names everything before it happens, and doing it."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from catalogue.requests import queries, services
from catalogue.requests.forms import GrantForm
from catalogue.views import blueprint
from core import clock
from core.db import transaction
from core.filters import day
from core.permissions import current_actor, requires
from core.web import notice

Answer = str | Response | tuple[str, int]


def _list_page(form: GrantForm) -> str:
    return render_template(
        "catalogue/requests.html",
        form=form,
        form_has_errors=bool(form.errors),
        rows=queries.requests(clock.today()),
        chosen=form.chosen.data or [],
    )


@blueprint.get("/beheer/modules/aanvragen")
@requires("module:activate")
def list_requests() -> str:
    return _list_page(GrantForm(data={"day": clock.today(), "chosen": []}))


@blueprint.post("/beheer/modules/aanvragen/controleren")
@requires("module:activate")
def check_requests() -> Answer:
    """Name participants and modules that go on, and those that do not with the reason. Nothing changes yet."""
    form = GrantForm()
    if form.validate() and form.day.data is not None and form.day.data < clock.today():
        form.day.errors = ["Een module kan niet met terugwerkende kracht aan. Kies vandaag of een latere dag."]
    if form.errors or form.day.data is None:
        return _list_page(form), 422
    found = queries.judged(queries.requests(clock.today(), form.chosen.data or []), form.day.data)
    return render_template(
        "catalogue/requests_check.html",
        form=form,
        form_has_errors=False,
        passing=[row for row in found if row.why is None],
        failing=[row for row in found if row.why is not None],
        on=form.day.data,
    )


@blueprint.post("/beheer/modules/aanvragen/aanzetten")
@requires("module:activate")
def grant_requests() -> Answer:
    form = GrantForm()
    if not form.validate() or form.day.data is None:
        return _list_page(form), 422
    with transaction():
        outcome = services.grant(current_actor(), form.chosen.data or [], form.day.data)
    granted, parked = len(outcome.granted), len(outcome.parked)
    if granted:
        what = "1 module gaat" if granted == 1 else f"{granted} modules gaan"
        notice(f"{what} aan vanaf {day(form.day.data)}.")
    if parked:
        what = "1 aanvraag staat" if parked == 1 else f"{parked} aanvragen staan"
        notice(f"{what} apart. De reden leest u bij de aanvraag.", "warning")
    if not granted and not parked:
        notice("Er was niets meer te doen: een collega was u voor.", "info")
    return redirect(url_for("catalogue.list_requests"), 303)
