"""Pages: requests of people about their own data."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, redirect, render_template, url_for

from core import clock
from core.audit import timeline
from core.db import transaction
from core.forms import Form, attempt
from core.listing import csv_response
from core.permissions import caller, current_actor, requires
from core.web import notice
from governance.privacy.blueprint import Answer, blueprint
from governance.privacy.holdings.queries import collected
from governance.privacy.kinds import RequestKind, RequestStage
from governance.privacy.models import SubjectRequest
from governance.privacy.subject_requests import queries, services
from governance.privacy.subject_requests.forms import AnswerForm, ExtendForm, IdentifyForm, ReceiveForm
from governance.privacy.subject_requests.rules import standing


@blueprint.get("/verzoeken")
@requires("privacy:view")
def list_requests() -> str:
    return render_template(
        "governance/privacy/requests.html",
        requests=queries.requests(),
        last_day_of=queries.last_day_of,
        standing=standing,
        today=clock.today(),
        may_edit=caller().may("privacy:edit"),
    )


@blueprint.get("/verzoeken.csv")
@requires("privacy:view")
def export_requests() -> Response:
    """Without names and addresses: a register of what was asked and how long it took."""
    headings = ("nummer", "soort", "ontvangen", "uiterlijk", "verlengd", "stand", "afgehandeld", "gewist")
    rows = (
        (
            *(row.id, row.kind.label, row.received_on, queries.last_day_of(row), row.extended_on),
            *(row.stage.label, row.closed_on, row.erased_at.isoformat() if row.erased_at else None),
        )
        for row in queries.requests()
    )
    return csv_response(f"verzoeken-{clock.today()}.csv", headings, rows)


@blueprint.route("/verzoeken/nieuw", methods=["GET", "POST"])
@requires("privacy:edit")
def receive_request() -> Answer:
    form, made = ReceiveForm(), []
    status = attempt(
        form,
        lambda: made.append(
            services.receive(
                current_actor(),
                kind=RequestKind(form.kind.data),
                name=form.name.data or "",
                email=form.email.data or "",
                received_on=form.received_on.data or clock.today(),
                received_how=form.received_how.data or "",
            )
        ),
    )
    if status is None:
        notice("Het verzoek is vastgelegd. Controleer eerst wie het vraagt.")
        return redirect(url_for("privacy.show_request", request_id=made[0].id), 303)
    page = render_template("governance/privacy/request_form.html", form=form, form_has_errors=bool(form.errors))
    return page, status


@blueprint.get("/verzoeken/<int:request_id>")
@requires("privacy:view")
def show_request(request_id: int) -> str:
    row, who = queries.request_by_id(request_id), caller()
    may_look = who.may("person:export") and row.stage is RequestStage.OPEN and bool(row.identity_check)
    return render_template(
        "governance/privacy/request.html",
        row=row,
        last_day=queries.last_day_of(row),
        standing=standing(queries.last_day_of(row), clock.today()),
        held=[(holding, len(rows)) for holding, rows in collected(row.email)] if may_look else [],
        erasure=queries.erasure_of(row),
        entries=timeline(subject=f"subject_request:{row.id}", for_staff=True),
        may_edit=who.may("privacy:edit") and row.stage is RequestStage.OPEN,
        may_export=may_look,
        may_erase=who.may("person:erase") and row.stage is RequestStage.OPEN and row.kind is RequestKind.ERASURE,
        may_see_approvals=who.may("approval:view"),
    )


def _step(
    request_id: int, form: Form, act: Callable[[SubjectRequest], object], title: str, done: str, button: str
) -> Answer:
    """One form of one or two fields about a request."""
    row = queries.request_by_id(request_id)
    status = attempt(form, lambda: act(row))
    if status is None:
        notice(done)
        return redirect(url_for("privacy.show_request", request_id=request_id), 303)
    row = queries.request_by_id(request_id)
    page = render_template(
        "governance/privacy/request_step.html",
        row=row,
        form=form,
        title=title,
        button=button,
        last_day=queries.last_day_of(row),
        form_has_errors=bool(form.errors),
    )
    return page, status


@blueprint.route("/verzoeken/<int:request_id>/wie", methods=["GET", "POST"])
@requires("privacy:edit")
def identify_request(request_id: int) -> Answer:
    form = IdentifyForm()
    return _step(
        request_id,
        form,
        lambda row: services.identify(row, form.identity_check.data or "", current_actor()),
        "Wie vraagt het?",
        "Vastgelegd. U kunt nu zien wat wij over deze persoon hebben.",
        "Vastleggen",
    )


@blueprint.route("/verzoeken/<int:request_id>/verlengen", methods=["GET", "POST"])
@requires("privacy:edit")
def extend_request(request_id: int) -> Answer:
    form = ExtendForm()
    return _step(
        request_id,
        form,
        lambda row: services.extend(row, form.reason.data or "", current_actor()),
        "Termijn verlengen",
        "De termijn is twee maanden langer. De aanvrager krijgt een mail met de reden.",
        "Verlengen en mailen",
    )


@blueprint.route("/verzoeken/<int:request_id>/antwoord", methods=["GET", "POST"])
@requires("privacy:edit")
def answer_request(request_id: int) -> Answer:
    form = AnswerForm()
    return _step(
        request_id,
        form,
        lambda row: services.close(row, RequestStage(form.stage.data), form.answer.data or "", current_actor()),
        "Verzoek beantwoorden",
        "Het antwoord is gemaild. Het verzoek is afgehandeld.",
        "Versturen",
    )


@blueprint.post("/verzoeken/<int:request_id>/gegevens.json")
@requires("person:export")
def export_person(request_id: int) -> Response:
    """A POST, because it leaves a trace."""
    with transaction():
        content = services.export(queries.request_by_id(request_id), current_actor())
    response = Response(content, content_type="application/json; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=f"verzoek-{request_id}.json")
    return response


@blueprint.post("/verzoeken/<int:request_id>/wissen")
@requires("person:erase")
def ask_erasure(request_id: int) -> Answer:
    with transaction():
        services.ask_erasure(queries.request_by_id(request_id), current_actor())
    notice("Een collega met de rol Privacy beoordeelt het. Daarna wordt er gewist.")
    return redirect(url_for("privacy.show_request", request_id=request_id), 303)
