"""Pages of staff: the addendum and the version of one participant, its covenants, and what software can."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue import services as modules
from catalogue.activation import forms, queries, services
from catalogue.queries import activations
from catalogue.versions.queries import released_versions, version
from catalogue.views import blueprint
from core import clock
from core.db import session
from core.errors import NotFound
from core.filters import day
from core.forms import Form, attempt
from core.permissions import current_actor, requires
from core.web import notice
from participants.models import Supplier
from participants.queries import participant as find_participant
from participants.queries import suppliers

Answer = str | Response | tuple[str, int]


def _act(template: str, form: Form, act: Callable[[], object], done: str, back_url: str, **values: Any) -> Answer:
    status = attempt(form, act)
    if status is None:
        notice(done)
        return redirect(back_url, 303)
    if "participant_id" in (request.view_args or {}):
        values["participant"] = find_participant(int((request.view_args or {})["participant_id"]))
    page = render_template(
        f"catalogue/{template}.html",
        form=form,
        action=request.path,
        back_url=back_url,
        form_has_errors=bool(form.errors),
        **values,
    )
    return page, status


def _modules_of(participant_id: int) -> str:
    return url_for("catalogue.show_modules", participant_id=participant_id)


@blueprint.route("/beheer/deelnemers/<int:participant_id>/modules/addendum/<int:version_id>", methods=["GET", "POST"])
@requires("module:activate")
def accept_addendum(participant_id: int, version_id: int) -> Answer:
    participant, row = find_participant(participant_id), version(version_id)
    if not row.needs_addendum:
        raise NotFound("Voor deze versie is geen addendum nodig.")
    form = forms.AddendumForm()

    def act() -> None:
        services.accept_addendum(
            current_actor(), participant, row, form.accepted_on.data or clock.today(), form.reference.data or ""
        )

    return _act("addendum", form, act, "De aanvaarding is vastgelegd.", _modules_of(participant_id), version=row)


@blueprint.route("/beheer/deelnemers/<int:participant_id>/modules/<code>/overstappen", methods=["GET", "POST"])
@requires("module:activate")
def switch_version(participant_id: int, code: str) -> Answer:
    find_participant(participant_id)
    running = next((row for row in activations(participant_id) if row.module_code == code), None)
    if running is None:
        raise NotFound("Deze module staat niet aan.")
    others = [row for row in reversed(released_versions(code)) if row.id != running.module_version_id]
    form = forms.SwitchVersionForm(
        versions=[(str(row.id), f"{row.name}, vrijgegeven vanaf {day(row.released_on)}") for row in others],
        data={"day": clock.today(), "version": str(others[0].id) if others else None},
    )

    def act() -> None:
        row = next(one for one in others if str(one.id) == form.version.data)
        modules.switch_version(participant_id, row, form.day.data or clock.today(), current_actor())

    return _act(
        "switch_version",
        form,
        act,
        "De overstap is vastgelegd.",
        _modules_of(participant_id),
        module=running.module,
        current=running.version,
        has_others=bool(others),
    )


# ------------------------------------------------------------------------------------------- covenants


@blueprint.route("/beheer/deelnemers/<int:participant_id>/modules/convenanten", methods=["GET", "POST"])
@requires("module:activate")
def add_covenant(participant_id: int) -> Answer:
    participant = find_participant(participant_id)
    form = forms.CovenantForm()

    def act() -> None:
        services.add_covenant(
            current_actor(), participant, form.reference.data or "", form.starts_on.data or clock.today()
        )

    return _act("covenant_add", form, act, "Het convenant is vastgelegd.", _modules_of(participant_id))


@blueprint.route(
    "/beheer/deelnemers/<int:participant_id>/modules/convenanten/<int:key>/beeindigen", methods=["GET", "POST"]
)
@requires("module:activate")
def end_covenant(participant_id: int, key: int) -> Answer:
    participant = find_participant(participant_id)
    row = next((one for one in queries.covenants(participant_id) if one.id == key), None)
    if row is None:
        raise NotFound("Dit convenant bestaat niet.")
    form = forms.EndCovenantForm(data={"ends_before": clock.today()})

    def act() -> None:
        services.end_covenant(current_actor(), participant, row, form.ends_before.data or clock.today())

    return _act(
        "covenant_end", form, act, "Het convenant is beëindigd.", _modules_of(participant_id), reference=row.reference
    )


# ------------------------------------------------------------------------------------------- software


@blueprint.route("/beheer/modules/versies/<int:version_id>/software", methods=["GET", "POST"])
@requires("module:edit")
def record_support(version_id: int) -> Answer:
    row = version(version_id)
    form = forms.SupportForm(suppliers=[(str(one.id), one.name) for one in suppliers()])

    def act() -> None:
        services.record_support(
            current_actor(),
            session().get_one(Supplier, int(form.supplier.data)),
            form.product.data or "",
            row,
            form.since.data or clock.today(),
            form.source.data or "",
        )

    return _act(
        "version_software",
        form,
        act,
        "Vastgelegd.",
        url_for("catalogue.show_version", version_id=version_id),
        version=row,
        products=queries.known_products(),
    )
