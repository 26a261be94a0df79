"""Pages: the register of processing activities, as list, entry with history, CSV and PDF."""

from __future__ import annotations

from flask import Response, redirect, render_template, url_for

from core import clock, pdf
from core.forms import attempt
from core.listing import csv_response
from core.permissions import caller, current_actor, requires
from core.web import notice, settings
from governance.privacy.blueprint import Answer, blueprint
from governance.privacy.kinds import DataRole
from governance.privacy.processing import queries, services
from governance.privacy.processing.forms import ActivityForm, VersionForm
from governance.privacy.processing.rules import FIELDS, NAMES


@blueprint.get("/verwerkingen")
@requires("privacy:view")
def list_activities() -> str:
    return render_template(
        "governance/privacy/activities.html",
        activities=queries.activities_on(clock.today()),
        may_edit=caller().may("privacy:edit"),
    )


@blueprint.get("/verwerkingen.csv")
@requires("privacy:view")
def export_activities() -> Response:
    """All versions, so that the history goes along."""
    headings = ("code", "rol", "van", *(field.column for field in FIELDS), "gestopt", "bron", "te_bevestigen")
    rows = (
        (
            *(row.code, row.role.label, row.starts_on),
            *(getattr(row, name) for name in NAMES),
            *("ja" if row.stopped else "nee", row.source, "ja" if row.to_confirm else "nee"),
        )
        for row in queries.all_versions()
    )
    return csv_response(f"verwerkingsregister-{clock.today()}.csv", headings, rows)


@blueprint.get("/verwerkingsregister.pdf")
@requires("privacy:view")
def download_register() -> Response:
    today = clock.today()
    content = pdf.render(
        "pdf/processing_register.html",
        activities=queries.activities_on(today),
        fields=FIELDS,
        today=today,
        example=settings().is_demo,
    )
    response = Response(content, content_type="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=f"verwerkingsregister-{today}.pdf")
    return response


@blueprint.get("/verwerkingen/<code>")
@requires("privacy:view")
def show_activity(code: str) -> str:
    found, today = queries.versions(code), clock.today()
    return render_template(
        "governance/privacy/activity.html",
        versions=found,
        row=next((row for row in found if row.starts_on <= today), found[-1]),
        fields=FIELDS,
        today=today,
        may_edit=caller().may("privacy:edit"),
    )


@blueprint.route("/verwerkingen/nieuw", methods=["GET", "POST"])
@requires("privacy:edit")
def record_activity() -> Answer:
    form = ActivityForm()
    status = attempt(
        form,
        lambda: services.record_activity(
            current_actor(),
            DataRole(form.role.data),
            _values(form),
            starts_on=form.starts_on.data or clock.today(),
            source=form.source.data or "",
            to_confirm=bool(form.to_confirm.data),
        ),
    )
    if status is None:
        notice("De verwerking staat in het register.")
        return redirect(url_for("privacy.list_activities"), 303)
    return _page(form, None), status


@blueprint.route("/verwerkingen/<code>/nieuwe-versie", methods=["GET", "POST"])
@requires("privacy:edit")
def record_version(code: str) -> Answer:
    latest = queries.versions(code)[0]
    form = VersionForm(
        data={name: getattr(latest, name) for name in NAMES} | {"role": latest.role.value, "starts_on": clock.today()}
    )
    status = attempt(
        form,
        lambda: services.record_version(
            current_actor(),
            code,
            DataRole(form.role.data),
            _values(form),
            starts_on=form.starts_on.data or clock.today(),
            source=form.source.data or "",
            to_confirm=bool(form.to_confirm.data),
            stopped=bool(form.stopped.data),
        ),
    )
    if status is None:
        notice("De nieuwe versie is vastgelegd. De vorige blijft bewaard.")
        return redirect(url_for("privacy.show_activity", code=code), 303)
    return _page(form, code), status


def _values(form: ActivityForm) -> dict[str, str]:
    return {name: form[name].data or "" for name in NAMES}


def _page(form: ActivityForm, code: str | None) -> str:
    back_url = url_for("privacy.show_activity", code=code) if code else url_for("privacy.list_activities")
    return render_template(
        "governance/privacy/activity_form.html",
        form=form,
        code=code,
        names=NAMES,
        back_url=back_url,
        form_has_errors=bool(form.errors),
    )
