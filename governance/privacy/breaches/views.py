"""Pages: the register of data breaches and what is to be done about each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from core import clock
from core.audit import timeline
from core.db import transaction
from core.editing import Clash, clash_page
from core.errors import UserError
from core.forms import Form, attempt, options
from core.listing import csv_response
from core.permissions import caller, current_actor, requires
from core.web import notice
from governance.privacy.blueprint import LAYOUT, Answer, blueprint
from governance.privacy.breaches import queries, services
from governance.privacy.breaches.forms import (
    AffectedForm,
    AuthorityForm,
    BreachForm,
    EditBreachForm,
    ToldForm,
    moment_of,
)
from governance.privacy.breaches.rules import clock_runs, clock_text, still_to_do, tell_authority_before
from governance.privacy.kinds import DataRole, Risk
from governance.privacy.models import Breach
from participants.kinds import Stage


def clock_of(row: Breach) -> str | None:
    """The running clock of a breach as text; None when none runs."""
    if row.closed_on is not None or not clock_runs(queries.facts_of(row)):
        return None
    return clock_text(tell_authority_before(row.discovered_at), clock.now())


@blueprint.get("/datalekken")
@requires("privacy:view")
def list_breaches() -> str:
    return render_template(
        "governance/privacy/breaches.html",
        breaches=queries.breaches(),
        clock_of=clock_of,
        todo_of=lambda row: still_to_do(queries.facts_of(row)),
        may_edit=caller().may("privacy:edit"),
    )


@blueprint.get("/datalekken.csv")
@requires("privacy:view")
def export_breaches() -> Response:
    """The documentation that art. 33(5) asks, one row per breach."""
    headings = (
        *("nummer", "rol", "omschrijving", "feiten", "om_wie", "gevolgen", "maatregelen", "ontdekt", "risico"),
        *("gemeld_bij_ap", "kenmerk_ap", "waarom_niet_of_later", "mensen_ingelicht", "waarom_mensen_niet"),
        *("deelnemers", "deelnemers_ingelicht", "afgesloten"),
    )

    def cells(row: Breach) -> tuple[Any, ...]:
        def at(moment: Any) -> str | None:
            return moment.astimezone(clock.AMSTERDAM).isoformat(timespec="minutes") if moment else None

        named = ", ".join(one.participant.name for one in queries.recipients(row))
        return (
            *(row.number, row.role.label, row.title, row.facts, row.people_affected, row.effects, row.measures),
            *(at(row.discovered_at), row.risk.label, at(row.authority_told_at), row.authority_reference),
            *(row.not_told_reason, at(row.people_told_at), row.people_not_told_reason),
            *(named, at(row.controllers_told_at), row.closed_on),
        )

    return csv_response(f"datalekken-{clock.today()}.csv", headings, (cells(row) for row in queries.breaches()))


@blueprint.route("/datalekken/nieuw", methods=["GET", "POST"])
@requires("privacy:edit")
def record_breach() -> Answer:
    form, made = BreachForm(), []
    status = attempt(
        form,
        lambda: made.append(
            services.record_breach(
                current_actor(),
                role=DataRole(form.role.data),
                title=form.title.data or "",
                facts=form.facts.data or "",
                effects=form.effects.data or "",
                measures=form.measures.data or "",
                people_affected=form.people_affected.data or "",
                discovered_at=moment_of(form.discovered_on.data or clock.today(), form.discovered_time.data or ""),
                risk=Risk(form.risk.data),
            )
        ),
    )
    if status is None:
        notice("Het datalek is vastgelegd. Hieronder staat wat er nog moet gebeuren.")
        return _to(made[0].number)
    page = render_template(
        "governance/privacy/breach_form.html", form=form, row=None, form_has_errors=bool(form.errors)
    )
    return page, status


def _to(number: str) -> Redirect:
    return redirect(url_for("privacy.show_breach", number=number), 303)


@blueprint.get("/datalekken/<number>")
@requires("privacy:view")
def show_breach(number: str) -> str:
    row = queries.breach(number)
    return render_template(
        "governance/privacy/breach.html",
        row=row,
        clock=clock_of(row),
        until=tell_authority_before(row.discovered_at),
        todo=still_to_do(queries.facts_of(row)) if row.closed_on is None else (),
        recipients=queries.recipients(row),
        entries=timeline(subject=f"breach:{row.id}", for_staff=True),
        may_edit=caller().may("privacy:edit") and row.closed_on is None,
    )


@blueprint.route("/datalekken/<number>/wijzigen", methods=["GET", "POST"])
@requires("privacy:edit")
def edit_breach(number: str) -> Answer:
    row, form = queries.breach(number), EditBreachForm()
    if not form.is_submitted():
        form.show(_values(row))
        return _form_page(form, row)
    if not form.validate():
        return _form_page(form, row), 422
    try:
        with transaction():
            values = form.merge(_values(services.locked_open(row)))
            services.change_breach(row, values | {"risk": Risk(values["risk"])}, current_actor())
    except Clash as clash:
        return clash_page(form, clash, layout=LAYOUT, back_url=url_for("privacy.show_breach", number=number))
    except UserError as error:
        form.refuse(error)
        return _form_page(form, queries.breach(number)), 422
    notice("Het datalek is bijgewerkt.")
    return _to(number)


def _values(row: Breach) -> dict[str, Any]:
    return {name: getattr(row, name) for name in services.LABELS} | {"risk": row.risk.value}


def _form_page(form: Form, row: Breach) -> str:
    return render_template("governance/privacy/breach_form.html", form=form, row=row, form_has_errors=bool(form.errors))


def _step(number: str, form: Form, act: Callable[[Breach], object], title: str, lead: str, done: str) -> Answer:
    row = queries.breach(number)
    status = attempt(form, lambda: act(row))
    if status is None:
        notice(done)
        return _to(number)
    page = render_template(
        "governance/privacy/breach_step.html",
        row=queries.breach(number),
        form=form,
        title=title,
        lead=lead,
        form_has_errors=bool(form.errors),
    )
    return page, status


@blueprint.route("/datalekken/<number>/autoriteit", methods=["GET", "POST"])
@requires("privacy:edit")
def tell_authority(number: str) -> Answer:
    form = AuthorityForm()
    return _step(
        number,
        form,
        lambda row: services.tell_authority(row, _told_at(form), form.reference.data or "", current_actor()),
        "Gemeld bij de Autoriteit Persoonsgegevens",
        "Meld het eerst via het meldformulier van de Autoriteit Persoonsgegevens. Leg hier vast wanneer dat was.",
        "De melding is vastgelegd.",
    )


@blueprint.route("/datalekken/<number>/mensen", methods=["GET", "POST"])
@requires("privacy:edit")
def tell_people(number: str) -> Answer:
    form = ToldForm()
    return _step(
        number,
        form,
        lambda row: services.tell_people(row, _told_at(form), current_actor()),
        "Mensen zijn ingelicht",
        "Bij een hoog risico hoort ieder om wie het gaat het zo snel mogelijk, in gewone taal.",
        "Vastgelegd.",
    )


def _told_at(form: ToldForm) -> Any:
    return moment_of(form.told_on.data or clock.today(), form.told_time.data or "")


@blueprint.route("/datalekken/<number>/deelnemers", methods=["GET", "POST"])
@requires("privacy:edit")
def choose_affected(number: str) -> Answer:
    row, form = queries.breach(number), AffectedForm()
    form.participants.choices = options([(str(one.id), one.name) for one in queries.candidates()])
    if not form.is_submitted():
        form.participants.data = [one.participant_id for one in row.affected]
    status = attempt(form, lambda: services.set_affected(row, _chosen(form), current_actor()))
    if status is None:
        notice("De lijst is bewaard. Meld het nu aan deze deelnemers.")
        return _to(number)
    page = render_template(
        "governance/privacy/breach_affected.html",
        row=queries.breach(number),
        form=form,
        form_has_errors=bool(form.errors),
    )
    return page, status


def _chosen(form: AffectedForm) -> list[int]:
    chosen = list(form.participants.data or [])
    if form.everybody.data:
        chosen += [one.id for one in queries.candidates() if one.stage is Stage.LIVE]
    return chosen


@blueprint.route("/datalekken/<number>/melden", methods=["GET", "POST"])
@requires("privacy:edit")
def notify_controllers(number: str) -> Answer:
    """A page that names everybody who will get the mail; sending it confirms exactly those."""
    row, form = queries.breach(number), Form()
    named = [int(key) for key in request.form.getlist("named") if key.isascii() and key.isdigit() and len(key) < 19]
    status = attempt(form, lambda: services.notify_controllers(row, named, current_actor()))
    if status is None:
        notice("De melding is gemaild aan de deelnemers.")
        return _to(number)
    row = queries.breach(number)
    page = render_template(
        "governance/privacy/breach_notify.html",
        row=row,
        recipients=[one for one in queries.recipients(row) if one.affected.told_at is None],
        form=form,
        form_has_errors=bool(form.form_errors),
    )
    return page, status


@blueprint.post("/datalekken/<number>/afsluiten")
@requires("privacy:edit")
def close_breach(number: str) -> Answer:
    with transaction():
        services.close_breach(queries.breach(number), current_actor())
    notice("Het datalek is afgesloten en ligt vast.")
    return _to(number)
