"""Pages: assessments with their findings, for staff."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as Redirect

from core import clock
from core.db import transaction
from core.editing import Clash, EditForm, clash_page
from core.errors import UserError
from core.filters import short_day
from core.forms import attempt
from core.listing import csv_response
from core.permissions import caller, current_actor, requires
from core.web import notice
from governance.assessments import queries, services
from governance.assessments.forms import (
    CloseForm,
    EditAssessmentForm,
    FindingForm,
    ReportForm,
    SettleForm,
    StartForm,
)
from governance.assessments.kinds import AssessmentKind, FindingState, Severity, Verdict
from governance.assessments.models import Assessment, Finding
from governance.assessments.rules import is_due_soon, is_overdue

blueprint = Blueprint("assessments", __name__, url_prefix="/beheer/toetsen")

Answer = str | Redirect | tuple[str, int]
LAYOUT = "layouts/staff.html"


def _to(row: Assessment) -> Redirect:
    return redirect(url_for("assessments.show_assessment", assessment_id=row.id), 303)


def _open_findings(row: Assessment) -> list[Finding]:
    return [one for one in row.findings if one.state is FindingState.OPEN]


@blueprint.get("")
@requires("assessment:view")
def list_assessments() -> str:
    return render_template(
        "governance/assessments/list.html",
        assessments=queries.assessments(),
        open_findings=_open_findings,
        is_due_soon=is_due_soon,
        today=clock.today(),
        may_edit=caller().may("assessment:edit"),
    )


NO_FINDING = ("",) * 8


def _cells(one: Finding) -> tuple[Any, ...]:
    about = (one.id, one.severity.label, one.text, one.owner, one.due_on)
    return (*about, one.state.label, one.settled_on, one.reason)


@blueprint.get("/bevindingen.csv")
@requires("assessment:view")
def export_findings() -> Response:
    """All assessments with all findings, one row per finding; one without findings has a row too."""
    headings = (
        *("soort", "release", "rapport", "uitgevoerd_door", "begonnen", "oordeel", "afgesloten", "opnieuw"),
        *("bevinding", "ernst", "tekst", "eigenaar", "klaar_op", "stand", "afgehandeld", "toelichting"),
    )
    rows: list[tuple[Any, ...]] = []
    for row in queries.assessments():
        verdict = row.verdict.label if row.verdict else ""
        about = (row.kind.label, row.release, row.report_version, row.assessor, row.started_on, verdict)
        dates = (row.closed_on, row.next_on)
        rows += [(*about, *dates, *_cells(one)) for one in row.findings] or [(*about, *dates, *NO_FINDING)]
    return csv_response(f"toetsen-{clock.today()}.csv", headings, rows)


@blueprint.get("/<int:assessment_id>")
@requires("assessment:view")
def show_assessment(assessment_id: int) -> str:
    row = queries.assessment(assessment_id)
    return render_template(
        "governance/assessments/show.html",
        row=row,
        is_overdue=is_overdue,
        is_due_soon=is_due_soon,
        today=clock.today(),
        may_edit=caller().may("assessment:edit"),
    )


@blueprint.get("/<int:assessment_id>/rapport.pdf")
@requires("assessment:view")
def download_report(assessment_id: int) -> Response:
    row = queries.assessment(assessment_id)
    response = Response(queries.report_of(row), content_type=services.PDF)
    response.headers.set("Content-Disposition", "attachment", filename=f"toets-{row.id}.pdf")
    return response


@blueprint.route("/nieuw", methods=["GET", "POST"])
@requires("assessment:edit")
def start_assessment() -> Answer:
    form, made = StartForm(), []

    def act() -> None:
        values = {name: form[name].data for name in ("release", "report_version", "scope", "assessor", "started_on")}
        made.append(services.start_assessment(current_actor(), kind=AssessmentKind(form.kind.data), **values))

    status = attempt(form, act)
    if status is None:
        notice("De toets is begonnen. Leg de bevindingen vast en voeg het rapport toe.")
        return _to(made[0])
    page = render_template("governance/assessments/start.html", form=form, form_has_errors=bool(form.errors))
    return page, status


@blueprint.route("/<int:assessment_id>/wijzigen", methods=["GET", "POST"])
@requires("assessment:edit")
def edit_assessment(assessment_id: int) -> Answer:
    row, form = queries.assessment(assessment_id), EditAssessmentForm()

    def save() -> None:
        services.change_assessment(row, form.merge(_values(services.locked_open(row), form)), current_actor())

    return _edit(row, form, row, save, "governance/assessments/edit.html", "De toets is gewijzigd.")


def _values(thing: Assessment | Finding, form: EditForm) -> dict[str, Any]:
    values = {field.name: getattr(thing, field.name) for field in form.editable}
    if "severity" in values:
        values["severity"] = values["severity"].value
    return values


def _edit(row: Assessment, form: EditForm, thing: Assessment | Finding, save: Any, template: str, done: str) -> Answer:
    back_url = url_for("assessments.show_assessment", assessment_id=row.id)
    if not form.is_submitted():
        form.show(_values(thing, form))
        return render_template(template, row=row, form=form, back_url=back_url, form_has_errors=False)
    if form.validate():
        try:
            with transaction():
                save()
        except Clash as clash:
            return clash_page(form, clash, layout=LAYOUT, back_url=back_url)
        except UserError as error:
            form.refuse(error)
        else:
            notice(done)
            return redirect(back_url, 303)
    page = render_template(template, row=queries.assessment(row.id), form=form, back_url=back_url, form_has_errors=True)
    return page, 422


@blueprint.route("/<int:assessment_id>/rapport", methods=["GET", "POST"])
@requires("assessment:edit")
def add_report(assessment_id: int) -> Answer:
    row, form = queries.assessment(assessment_id), ReportForm()
    status = attempt(form, lambda: services.add_report(row, form.report.data.read(), current_actor()))
    if status is None:
        notice("Het rapport is toegevoegd.")
        return _to(row)
    return _page("governance/assessments/report.html", queries.assessment(assessment_id), form), status


def _page(template: str, row: Assessment, form: Any, **values: Any) -> str:
    back_url = url_for("assessments.show_assessment", assessment_id=row.id)
    return render_template(template, row=row, form=form, back_url=back_url, form_has_errors=bool(form.errors), **values)


@blueprint.route("/<int:assessment_id>/afsluiten", methods=["GET", "POST"])
@requires("assessment:edit")
def close_assessment(assessment_id: int) -> Answer:
    row, form = queries.assessment(assessment_id), CloseForm()
    status = attempt(
        form,
        lambda: services.close_assessment(
            row,
            Verdict(form.verdict.data),
            current_actor(),
            closed_on=form.closed_on.data or clock.today(),
            next_on=form.next_on.data,
        ),
    )
    if status is None:
        notice("De toets is afgesloten.")
        return _to(row)
    row = queries.assessment(assessment_id)
    return _page("governance/assessments/close.html", row, form, open_findings=_open_findings(row)), status


# ------------------------------------------------------------------------------------------- findings


@blueprint.route("/<int:assessment_id>/bevindingen/nieuw", methods=["GET", "POST"])
@requires("assessment:edit")
def add_finding(assessment_id: int) -> Answer:
    row, form = queries.assessment(assessment_id), FindingForm()
    status = attempt(
        form,
        lambda: services.add_finding(
            row,
            current_actor(),
            severity=Severity(form.severity.data),
            text=cast(str, form["text"].data),
            owner=form.owner.data,
            due_on=form.due_on.data,
        ),
    )
    if status is None:
        notice("De bevinding is toegevoegd.")
        return _to(row)
    return _page("governance/assessments/finding.html", queries.assessment(assessment_id), form), status


@blueprint.route("/<int:assessment_id>/bevindingen/<int:finding_id>/wijzigen", methods=["GET", "POST"])
@requires("assessment:edit")
def edit_finding(assessment_id: int, finding_id: int) -> Answer:
    row, finding, form = queries.assessment(assessment_id), queries.finding(assessment_id, finding_id), FindingForm()

    def save() -> None:
        services.locked_open(row)
        values = form.merge(_values(finding, form))
        services.change_finding(finding, values | {"severity": Severity(values["severity"])}, current_actor())

    return _edit(row, form, finding, save, "governance/assessments/finding.html", "De bevinding is gewijzigd.")


@blueprint.route("/<int:assessment_id>/bevindingen/<int:finding_id>/afhandelen", methods=["GET", "POST"])
@requires("assessment:edit")
def settle_finding(assessment_id: int, finding_id: int) -> Answer:
    finding, form = queries.finding(assessment_id, finding_id), SettleForm()
    status = attempt(
        form,
        lambda: services.settle_finding(
            finding,
            FindingState(form.state.data),
            current_actor(),
            settled_on=form.settled_on.data or clock.today(),
            reason=form.reason.data or "",
        ),
    )
    if status is None:
        notice(f"De bevinding is afgehandeld ({short_day(form.settled_on.data)}).")
        return redirect(url_for("assessments.show_assessment", assessment_id=assessment_id), 303)
    row, finding = queries.assessment(assessment_id), queries.finding(assessment_id, finding_id)
    return _page("governance/assessments/settle.html", row, form, finding=finding), status
