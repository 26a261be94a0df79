"""Pages about scenarios: make, look at, compare, attach, and record what was decided."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from billing.simulator import documents, queries, services
from billing.simulator.forms import AttachForm, ScenarioForm
from billing.simulator.kinds import Population
from billing.simulator.models import TariffScenario
from billing.simulator.rules import Result
from billing.tariffs import queries as tariffs
from billing.tariffs.recording.forms import TableFactsForm, key_of, rows_of
from billing.tariffs.recording.queries import board_decisions, tables_on
from billing.tariffs.recording.rules import WHOM, differences, from_json
from billing.tariffs.recording.services import TableDraft, board_decision
from billing.tariffs.recording.views import ASKED, UNIT_NAMES
from core import clock
from core.db import session, transaction
from core.errors import NotFound, UserError
from core.forms import attempt, day_of
from core.listing import csv_response
from core.permissions import caller, requires
from core.spreadsheets import workbook_response
from core.web import notice
from governance.kinds import NEEDS_ADVICE, DecisionKind
from governance.models import Decision
from governance.queries import decisions

blueprint = Blueprint("scenarios", __name__)
Page = str | tuple[str, int] | AnyResponse
MOST = 10
"""Risers and fallers on the page."""
MOST_COMPARED = 3


# ------------------------------------------------------------------------------------------------- the list


@blueprint.get("/beheer/tarieven/scenarios")
@requires("tariff:view")
def list_scenarios() -> str:
    rows = queries.scenarios()
    fresh = queries.Freshness(clock.today())
    return render_template(
        "billing/scenarios.html",
        scenarios=rows,
        stale={row.id for row in rows if not row.is_fixed and fresh.changes(row)},
        may_edit=caller().may("scenario:edit"),
    )


@blueprint.get("/beheer/tarieven/scenarios/vergelijken")
@requires("tariff:view")
def compare_scenarios() -> Page:
    """Two or three beside each other: parameter `scenario`, more than once."""
    try:
        keys = _chosen()
    except UserError as error:
        notice(error.message, "error")
        return redirect(url_for("scenarios.list_scenarios"), 303)
    rows = [queries.scenario(key) for key in keys]
    outcomes = [(row, queries.outcome(row, queries.facts_kept(row))) for row in rows]
    return render_template(
        "billing/compare_scenarios.html",
        outcomes=outcomes,
        whom=documents.whom,
        difference=documents.difference,
        audiences=list(dict.fromkeys(audience for _, result in outcomes for audience in result.audiences)),
        chart_url=url_for("scenarios.draw_comparison", scenario=[row.id for row in rows]),
    )


def _chosen() -> list[int]:
    typed = list(dict.fromkeys(request.args.getlist("scenario")))
    keys = [int(key) for key in typed if key.isascii() and key.isdigit() and len(key) < 16]
    if not 2 <= len(keys) <= MOST_COMPARED:
        raise UserError("Kies twee of drie scenario's om te vergelijken.")
    return keys


@blueprint.get("/beheer/tarieven/scenarios/vergelijken.json")
@requires("tariff:view")
def draw_comparison() -> Response:
    rows = [queries.scenario(key) for key in _chosen()]
    return _figure(
        documents.compared_chart([(row.name, queries.outcome(row, queries.facts_kept(row))) for row in rows])
    )


def _figure(content: str) -> Response:
    return Response(content, content_type="application/json")


# ------------------------------------------------------------------------------------------------- making one


@blueprint.route("/beheer/tarieven/scenarios/nieuw", methods=["GET", "POST"])
@requires("scenario:edit")
def make_scenario() -> Page:
    """From the table that holds now, or as a copy (parameter `van`)."""
    source = _source()
    today = clock.today()
    tables = from_json(source.rows) if source else tables_on(today)[1]
    form = ScenarioForm(
        data={
            **rows_of(tables),
            "population": str((source.population if source else Population.PARTICIPANTS).value),
            "year": max(source.year, today.year) if source else today.year + 1,
            "ends_zero_tariff": bool(source and source.ends_zero_tariff),
            "budget": source.budget if source else None,
            "explanation": source.explanation if source else None,
        }
    )
    form.started_from(tables)
    if form.is_submitted() and form.press(request.form.get("regel", "")):
        return _scenario_page(form, None, source)
    made: list[TariffScenario] = []
    status = attempt(
        form,
        lambda: made.append(services.make_scenario(form.draft(), caller().actor, copied_from=source)),
    )
    if status is None:
        notice("Het scenario is bewaard.")
        return redirect(url_for("scenarios.show_scenario", scenario_id=made[0].id), 303)
    return _scenario_page(form, None, source), status


def _source() -> TariffScenario | None:
    key = request.args.get("van", "")
    return queries.scenario(int(key)) if key.isascii() and key.isdigit() and len(key) < 16 else None


@blueprint.route("/beheer/tarieven/scenarios/<int:scenario_id>/wijzigen", methods=["GET", "POST"])
@requires("scenario:edit")
def change_scenario(scenario_id: int) -> Page:
    row = queries.scenario(scenario_id)
    if row.is_fixed:
        raise UserError(services.FIXED)
    tables = from_json(row.rows)
    form = ScenarioForm(
        data={
            **rows_of(tables),
            "name": row.name,
            "explanation": row.explanation,
            "population": str(row.population.value),
            "year": row.year,
            "ends_zero_tariff": row.ends_zero_tariff,
            "budget": row.budget,
        }
    )
    form.started_from(tables)
    if form.is_submitted() and form.press(request.form.get("regel", "")):
        return _scenario_page(form, row, None)
    status = attempt(form, lambda: services.change_scenario(row, form.draft(), caller().actor))
    if status is None:
        notice("Het scenario is opnieuw uitgerekend.")
        return redirect(url_for("scenarios.show_scenario", scenario_id=scenario_id), 303)
    return _scenario_page(form, queries.scenario(scenario_id), None), status


def _scenario_page(form: ScenarioForm, row: TariffScenario | None, source: TariffScenario | None) -> str:
    if row is not None:
        action = url_for("scenarios.change_scenario", scenario_id=row.id)
    else:
        action = url_for("scenarios.make_scenario", van=source.id if source else None)
    return render_template(
        "billing/scenario_form.html",
        form=form,
        form_has_errors=bool(form.errors),
        scenario=row,
        source=source,
        whom=WHOM,
        units=UNIT_NAMES,
        action=action,
    )


# ------------------------------------------------------------------------------------------------- one


@blueprint.get("/beheer/tarieven/scenarios/<int:scenario_id>")
@requires("tariff:view")
def show_scenario(scenario_id: int) -> str:
    row = queries.scenario(scenario_id)
    kept = queries.facts_kept(row)
    result = queries.outcome(row, kept)
    return render_template(
        "billing/scenario.html",
        scenario=row,
        result=result,
        kept=kept,
        changes=differences(kept.present.categories, from_json(row.rows)),
        since=queries.Freshness(clock.today()).changes(row, kept),
        risers=result.risers(MOST),
        fallers=result.fallers(MOST),
        parked=_by_reason(result),
        is_of_participants=row.population is Population.PARTICIPANTS,
        whom=documents.whom,
        difference=documents.difference,
        sentences={audience: documents.chart_sentence(result, audience) for audience in result.audiences if audience},
        may_edit=caller().may("scenario:edit"),
        may_propose=caller().may("tariff:propose") and row.population is Population.PARTICIPANTS,
    )


def _by_reason(result: Result) -> dict[str, list[str]]:
    """Names of who could not be reckoned, by the reason."""
    found: dict[str, list[str]] = {}
    for who, why in result.parked:
        found.setdefault(why, []).append(who.name)
    return found


@blueprint.get("/beheer/tarieven/scenarios/<int:scenario_id>/<audience>.json")
@requires("tariff:view")
def draw_scenario(scenario_id: int, audience: str) -> Response:
    """The chart of one audience."""
    row = queries.scenario(scenario_id)
    result = queries.outcome(row, queries.facts_kept(row))
    if not audience or audience not in result.audiences:
        raise NotFound("Deze grafiek bestaat niet. Bekijk het scenario.")
    return _figure(documents.chart(result, audience, row.name))


@blueprint.get("/beheer/tarieven/scenarios/<int:scenario_id>/scenario.csv")
@requires("tariff:view")
def export_scenario(scenario_id: int) -> Response:
    """Every participant, with what it pays now and in the scenario."""
    row = queries.scenario(scenario_id)
    result = queries.outcome(row, queries.facts_kept(row))
    rows = [[_csv(value) for value in line] for line in documents.line_rows(result)]
    return csv_response(f"scenario-{row.id}.csv", documents.LINE_HEADINGS, rows)


def _csv(value: object) -> object:
    return f"{value:.2f}".replace(".", ",") if hasattr(value, "as_tuple") else value


@blueprint.get("/beheer/tarieven/scenarios/<int:scenario_id>/scenario.xlsx")
@requires("tariff:view")
def export_workbook(scenario_id: int) -> Response:
    row = queries.scenario(scenario_id)
    kept = queries.facts_kept(row)
    return workbook_response(f"scenario-{row.id}.xlsx", documents.sheets(row, kept, queries.outcome(row, kept)))


@blueprint.post("/beheer/tarieven/scenarios/<int:scenario_id>/bijwerken")
@requires("scenario:edit")
def refresh_scenario(scenario_id: int) -> AnyResponse:
    with transaction():
        services.refresh_scenario(queries.scenario(scenario_id), caller().actor)
    notice("Het scenario is opnieuw uitgerekend met de gegevens van nu.")
    return redirect(url_for("scenarios.show_scenario", scenario_id=scenario_id), 303)


# ------------------------------------------------------------------------------------------------- on a decision


@blueprint.route("/beheer/tarieven/scenarios/<int:scenario_id>/koppelen", methods=["GET", "POST"])
@requires("scenario:edit")
def attach_scenario(scenario_id: int) -> Page:
    row = queries.scenario(scenario_id)
    form = AttachForm()
    form.offer([found for found in decisions() if found.kind in NEEDS_ADVICE - {DecisionKind.MODULE_RELEASE}])

    def act() -> None:
        key = key_of(form.decision.data)
        decision = session().get(Decision, key) if key else None
        services.attach_scenario(row, caller().actor, decision=decision, preparing=form.preparing.data or None)

    status = attempt(form, act)
    if status is None:
        notice("Het scenario is gekoppeld en ligt nu vast.")
        return redirect(url_for("scenarios.show_scenario", scenario_id=scenario_id), 303)
    page = render_template(
        "billing/attach_scenario.html",
        scenario=queries.scenario(scenario_id),
        form=form,
        form_has_errors=bool(form.errors),
        action=url_for("scenarios.attach_scenario", scenario_id=scenario_id),
    )
    return page, status


@blueprint.route("/beheer/tarieven/scenarios/<int:scenario_id>/vastleggen", methods=["GET", "POST"])
@requires("tariff:propose")
def record_table(scenario_id: int) -> Page:
    """Record the table of a scenario on the decision of the board."""
    row = queries.scenario(scenario_id)
    form = TableFactsForm(data={"name": f"Tarieven {row.year}"})
    form.offer(board_decisions(DecisionKind.TARIFF_TABLE), tariffs.tariff_tables())

    def act() -> None:
        decision = board_decision(key_of(form.decision.data), DecisionKind.TARIFF_TABLE)
        draft = TableDraft(
            form.name.data or "",
            day_of(form.starts_on),
            decision.id,
            form.source.data or "",
            from_json(row.rows),
            key_of(form.corrects.data),
        )
        services.propose_table_of(row, draft, decision, caller().actor)

    status = attempt(form, act)
    if status is None:
        notice(ASKED)
        return redirect(url_for("tariffs.list_tariffs"), 303)
    kept = queries.facts_kept(row)
    page = render_template(
        "billing/record_scenario.html",
        scenario=row,
        changes=differences(kept.present.categories, from_json(row.rows)),
        form=form,
        form_has_errors=bool(form.errors),
        action=url_for("scenarios.record_table", scenario_id=scenario_id),
    )
    return page, status
