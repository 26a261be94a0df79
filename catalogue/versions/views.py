"""Pages of staff about versions: the list, one version with its gates, and the acts on the way to its release."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

import catalogue.decisions.queries  # noqa: F401  tells the bodies what waits for them
from catalogue.activation.queries import supports
from catalogue.messages.kinds import Party
from catalogue.models import ModuleVersion
from catalogue.queries import all_modules
from catalogue.versions import forms, queries, services
from catalogue.versions.kinds import BY_ASSESSMENT, AgreementAudience, Gate
from catalogue.versions.models import GateRecord
from catalogue.versions.rules import shut_gates
from catalogue.views import blueprint
from core import clock
from core.audit import timeline
from core.db import lock
from core.editing import Clash, clash_page
from core.errors import NotFound
from core.filters import day, timeline_lines
from core.forms import Form, attempt
from core.permissions import caller, current_actor, requires
from core.web import notice
from governance.models import Decision
from participants.queries import roles

Answer = str | Response | tuple[str, int]
PARTIES = {str(party.value): party.label for party in Party}


@dataclass(frozen=True)
class GateLine:
    """One gate as the page shows it."""

    gate: Gate
    record: GateRecord | None
    is_open: bool
    record_url: str | None
    withdraw_url: str | None

    @property
    def status(self) -> tuple[str, str]:
        """Label and tone of the badge."""
        return ("Klaar", "positive") if self.is_open else ("Nog te doen", "warning")


def _to(row: ModuleVersion) -> Response:
    return redirect(url_for("catalogue.show_version", version_id=row.id), 303)


def _page(row: ModuleVersion | None, template: str, form: Form, **values: Any) -> str:
    return render_template(
        f"catalogue/{template}.html",
        version=row,
        form=form,
        action=request.path,
        back_url=url_for("catalogue.show_version", version_id=row.id) if row else url_for("catalogue.show_matrix"),
        form_has_errors=bool(form.errors),
        **values,
    )


def _act(row: ModuleVersion, template: str, form: Form, act: Callable[[], object], done: str, **values: Any) -> Answer:
    """Show a form about a version; when it is sent and right, act and go back to the version."""
    status = attempt(form, act)
    if status is None:
        notice(done)
        return _to(row)
    return _page(queries.version(row.id), template, form, **values), status


# ------------------------------------------------------------------------------------------- one version


@blueprint.get("/beheer/modules/versies/<int:version_id>")
@requires("participant:view")
def show_version(version_id: int) -> str:
    row = queries.version(version_id)
    today = clock.today()
    found = queries.versions(row.module_code)
    later = queries.successor(row, found)
    may_edit = caller().may("module:edit")
    facts = queries.gate_facts(row.id)
    lines = _gate_lines(row, may_edit=may_edit)
    is_agreed = Gate.MESSAGES in queries.records(row.id)
    return render_template(
        "catalogue/version.html",
        version=row,
        state=queries.state(row, later, today),
        successor=later,
        others=[other for other in found if other.id != row.id],
        lines=lines,
        still_shut=shut_gates(facts),
        withdrawn=queries.withdrawn_records(row.id),
        is_from_before=row.released_on is not None and not queries.records(row.id),
        advice=_decision(row.advice_id, queries.release_advices()),
        request_of_release=services.open_request(row),
        messages=queries.message_types(row.id),
        parties=PARTIES,
        agreements=queries.process_agreements(row.id),
        supports=supports(row.id),
        users=len(queries.users(row.id, today)),
        may_edit=may_edit,
        may_edit_messages=may_edit and row.released_on is None and not is_agreed,
        may_release=caller().may(services.RELEASE_PERMISSION) and row.released_on is None,
        may_see_approvals=caller().may("approval:view"),
        may_see_assessments=caller().may("assessment:view"),
        audience_is_published=services.is_published(row.module),
        entries=timeline_lines(timeline(subject=services.subject(row), for_staff=True)),
        today=today,
    )


def _decision(key: int | None, among: list[Decision]) -> Decision | None:
    return next((one for one in among if one.id == key), None)


def _gate_lines(row: ModuleVersion, *, may_edit: bool) -> list[GateLine]:
    found, facts = queries.records(row.id), queries.gate_facts(row.id)
    lines = []
    for gate in Gate:
        record = found.get(gate)
        may = may_edit and row.released_on is None
        lines.append(
            GateLine(
                gate,
                record,
                facts.day_of(gate) is not None,
                url_for("catalogue.record_gate", version_id=row.id, slug=gate.slug) if may and record is None else None,
                url_for("catalogue.withdraw_gate", version_id=row.id, slug=gate.slug)
                if may and record is not None
                else None,
            )
        )
    return lines


# ------------------------------------------------------------------------------------------- planning


@blueprint.route("/beheer/modules/versies/toevoegen", methods=["GET", "POST"])
@requires("module:edit")
def add_version() -> Answer:
    form = forms.AddForm(modules=[(row.code, row.name) for row in all_modules()])
    made: list[ModuleVersion] = []

    def act() -> None:
        made.append(
            services.add_version(
                current_actor(),
                form.module.data,
                form.version.data or "",
                channels=form.channels.data or [],
                **_planned(form),
            )
        )

    status = attempt(form, act)
    if status is None:
        notice(f"{made[0].name} is toegevoegd.")
        return _to(made[0])
    return _page(None, "version_add", form), status


def _planned(form: forms.PlanForm) -> dict[str, Any]:
    return {
        "quarter": form.quarter.data,
        "planned_on": form.planned_on.data,
        "purpose": form.purpose.data or "",
        "changes": form.changes.data or "",
        "source": form.source.data or "",
        "source_date": form.source_date.data or "",
        "needs_addendum": bool(form.needs_addendum.data),
    }


@blueprint.route("/beheer/modules/versies/<int:version_id>/wijzigen", methods=["GET", "POST"])
@requires("module:edit")
def change_version(version_id: int) -> Answer:
    row = queries.version(version_id)
    form = forms.PlanForm()
    if not form.is_submitted():
        form.show({field.name: getattr(row, field.name) for field in form.editable})

    def act() -> None:
        lock(row)
        form.merge({field.name: getattr(row, field.name) for field in form.editable})
        services.change_version(current_actor(), row, _planned(form))

    try:
        return _act(row, "version_change", form, act, "De gegevens zijn opgeslagen.")
    except Clash as clash:
        return clash_page(
            form,
            clash,
            layout="layouts/staff.html",
            back_url=url_for("catalogue.show_version", version_id=version_id),
        )


@blueprint.route("/beheer/modules/versies/<int:version_id>/doelgroep", methods=["GET", "POST"])
@requires("module:edit")
def set_audience(version_id: int) -> Answer:
    """For which roles the module of a version is, as long as no published matrix says so."""
    row = queries.version(version_id)
    form = forms.AudienceForm(data={"roles": [audience.role_code for audience in row.module.audiences]})
    form.roles.choices = [(role.code, role.label) for role in roles()]

    def act() -> None:
        chosen = services.conditions_kept(row.module, form.roles.data or [])
        services.set_audience(current_actor(), row.module, chosen)

    return _act(row, "version_audience", form, act, f"Vastgelegd voor wie {row.module.name} is.")


@blueprint.route("/beheer/modules/versies/<int:version_id>/procesafspraken/toevoegen", methods=["GET", "POST"])
@requires("module:edit")
def add_process_agreement(version_id: int) -> Answer:
    row = queries.version(version_id)
    form = forms.AgreementForm()

    def act() -> None:
        services.add_process_agreement(
            current_actor(),
            row,
            title=form.title.data or "",
            version=form.version.data or "",
            agreed_on=form.agreed_on.data,
            audience=AgreementAudience(form.audience.data),
            source=form.source.data or "",
        )

    return _act(row, "version_agreement", form, act, "De procesafspraken zijn toegevoegd.")


# ------------------------------------------------------------------------------------------- gates


def _gate(slug: str) -> Gate:
    found = next((gate for gate in Gate if gate.slug == slug), None)
    if found is None:
        raise NotFound("Deze voorwaarde bestaat niet.")
    return found


def _choices(gate: Gate) -> list[tuple[str, str]]:
    """What exists already and can open a gate."""
    if gate in BY_ASSESSMENT:
        return [
            (str(row.id), f"{row.release}, rapport {row.report_version}, afgerond op {day(row.closed_on)}")
            for row in queries.assessments_for(gate)
        ]
    return [(str(row.id), f"{row.number}: {row.title}, {day(row.decided_on)}") for row in queries.release_decisions()]


@blueprint.route("/beheer/modules/versies/<int:version_id>/voorwaarden/<slug>", methods=["GET", "POST"])
@requires("module:edit")
def record_gate(version_id: int, slug: str) -> Answer:
    row, gate = queries.version(version_id), _gate(slug)
    actor = current_actor()
    if gate in BY_ASSESSMENT or gate is Gate.DECISION:
        options = _choices(gate)
        chosen = forms.ChosenForm(options=options)

        def link() -> None:
            of_board = gate is Gate.DECISION
            fact = services.Fact(decision_id=chosen.key) if of_board else services.Fact(assessment_id=chosen.key)
            services.record_gate(actor, row, gate, fact)

        return _act(row, "version_choose", chosen, link, f"Vastgelegd: {gate.label}.", gate=gate, options=options)
    form = forms.HappenedForm()

    def act() -> None:
        fact = services.Fact(form.happened_on.data, form.done_by.data or "", form.reference.data or "")
        services.record_gate(actor, row, gate, fact)

    return _act(row, "version_happened", form, act, f"Vastgelegd: {gate.label}.", gate=gate)


@blueprint.route("/beheer/modules/versies/<int:version_id>/voorwaarden/<slug>/intrekken", methods=["GET", "POST"])
@requires("module:edit")
def withdraw_gate(version_id: int, slug: str) -> Answer:
    row, gate = queries.version(version_id), _gate(slug)
    form = forms.WithdrawForm()
    return _act(
        row,
        "version_withdraw",
        form,
        lambda: services.withdraw_gate(current_actor(), row, gate, form.reason.data or ""),
        f"Ingetrokken: {gate.label}.",
        gate=gate,
    )


@blueprint.route("/beheer/modules/versies/<int:version_id>/advies", methods=["GET", "POST"])
@requires("module:edit")
def link_advice(version_id: int) -> Answer:
    row = queries.version(version_id)
    advices = queries.release_advices()
    options = [(str(one.id), f"{one.number}: {one.title}, {day(one.decided_on)}") for one in advices]
    form = forms.ChosenForm(options=options)

    def act() -> None:
        advice = _decision(form.key, advices)
        if advice is not None:
            services.link_advice(current_actor(), row, advice)

    return _act(row, "version_choose", form, act, "Het advies is gekoppeld.", gate=None, options=options)


@blueprint.route("/beheer/modules/versies/<int:version_id>/vrijgeven", methods=["GET", "POST"])
@requires(services.RELEASE_PERMISSION)
def request_release(version_id: int) -> Answer:
    row = queries.version(version_id)
    form = forms.ReleaseForm(data={"day": clock.today()})
    return _act(
        row,
        "version_release",
        form,
        lambda: services.request_release(current_actor(), row, form.day.data or clock.today()),
        "Een collega krijgt het verzoek om vrij te geven. U ziet het bij Akkoord van een collega.",
        still_shut=queries.shut(row.id),
    )
