"""Pages about changes of category, for staff."""

from __future__ import annotations

from decimal import Decimal

from flask import redirect, render_template, request, url_for
from sqlalchemy import Select
from werkzeug.wrappers import Response

from billing.changes import queries, services
from billing.changes.forms import PutForwardForm
from billing.changes.kinds import ChangeStage
from billing.changes.models import CategoryChange
from billing.changes.rules import next_first_of_january
from billing.tariffs.rules import UNITS
from billing.tariffs.views import blueprint
from core import clock, filters
from core.approvals import Approval
from core.approvals import Outcome as Answer
from core.db import session, transaction
from core.forms import attempt, day_of
from core.listing import Sort, csv_address, csv_response, paginate
from core.money import ZERO
from core.permissions import caller, current_actor, requires
from core.web import notice

CSV_HEADINGS = (
    "Deelnemer",
    "Rol",
    "Aanleiding",
    "Oud aantal",
    "Oude categorie",
    "Oud jaartarief",
    "Nieuw aantal",
    "Nieuwe categorie",
    "Nieuw jaartarief",
    "Verschil per jaar",
    "Vanaf",
    "Stand",
)
STAGES = {stage.slug: stage for stage in ChangeStage}
AT_ONCE = 200
"""So many proposals stand on a page, and can be put forward together."""


@blueprint.get("/beheer/tarieven/wijzigingen")
@requires("tariff:view")
def list_changes() -> str | Response:
    """Of one stage, with their effect; first those on which nobody decided yet."""
    stage = STAGES.get(request.args.get("stand", ""), ChangeStage.PROPOSED)
    if request.args.get("als") == "csv":
        rows = session().execute(_query(stage, _sort())).scalars()
        return csv_response(f"categorieen-{clock.today().isoformat()}.csv", CSV_HEADINGS, map(_csv_row, rows))
    form = PutForwardForm()
    form.effective_on.data = next_first_of_january(clock.today())
    return _list_page(stage, form)


@blueprint.post("/beheer/tarieven/wijzigingen")
@requires("category:propose")
def put_forward() -> str | Response | tuple[str, int]:
    """One or several proposals before a colleague."""
    form = PutForwardForm()
    asked: list[Approval] = []
    status = attempt(
        form,
        lambda: asked.append(
            services.put_forward(queries.changes_by_id(form.chosen), day_of(form.effective_on), current_actor())
        ),
    )
    if status is not None:
        return _list_page(ChangeStage.PROPOSED, form), status
    notice("Het ligt klaar voor een collega. De categorie verandert pas na akkoord.")
    return redirect(url_for("tariffs.show_request", approval_id=asked[0].id), 303)


def _sort() -> Sort:
    return Sort.chosen(queries.SORT_COLUMNS, "deelnemer")


def _query(stage: ChangeStage, sort: Sort) -> Select[CategoryChange]:
    return queries.changes(stage).order_by(sort.clause(queries.SORT_COLUMNS), CategoryChange.id.desc())


def _list_page(stage: ChangeStage, form: PutForwardForm) -> str:
    sort, counts = _sort(), queries.counts_by_stage()
    query = _query(stage, sort)
    everything = list(session().execute(query).scalars())
    return render_template(
        "billing/changes/list.html",
        page=paginate(query, per_page=AT_ONCE),
        stage=stage,
        stages=[(one, counts.get(one, 0)) for one in ChangeStage],
        sort=sort,
        moves=queries.moves(everything),
        total=_sum(everything),
        units={basis: more for basis, (_, more) in UNITS.items()},
        form=form,
        chosen=set(form.chosen),
        may_find=caller().may("category:propose"),
        may_propose=caller().may("category:propose") and stage is ChangeStage.PROPOSED,
        csv_url=csv_address(),
        form_has_errors=bool(form.errors),
    )


@blueprint.post("/beheer/tarieven/wijzigingen/zoeken")
@requires("category:propose")
def find_changes() -> Response:
    """Look now, instead of waiting for the night."""
    with transaction():
        found = services.find_changes(clock.today(), current_actor())
    notice(f"{found.added} nieuw, {found.lapsed} vervallen, {found.unchanged} ongewijzigd.")
    return redirect(url_for("tariffs.list_changes"), 303)


@blueprint.get("/beheer/tarieven/wijzigingen/verzoek/<int:approval_id>")
@requires("tariff:view")
def show_request(approval_id: int) -> str:
    """All of one request: who goes from which category to which, and the totals."""
    rows = queries.changes_of_approval(approval_id)
    approval = rows[0].approval
    assert approval is not None  # noqa: S101  they were found by it
    return render_template(
        "billing/changes/request.html",
        approval=approval,
        rows=rows,
        effective_on=rows[0].effective_on,
        moves=queries.moves(rows),
        total=_sum(rows),
        units={basis: more for basis, (_, more) in UNITS.items()},
        is_waiting=approval.outcome is Answer.WAITING,
        may_decide=caller().may(approval.permission) and approval.requested_by != caller().person,
        may_open=caller().may("approval:view"),
    )


def _sum(rows: list[CategoryChange]) -> Decimal:
    return sum((row.difference for row in rows), ZERO)


def _csv_row(row: CategoryChange) -> tuple[object, ...]:
    def amount(value: Decimal) -> str:
        return f"{value:.2f}".replace(".", ",")

    return (
        row.participant.name,
        row.participant.role.label,
        row.cause.label,
        row.old_number,
        row.old_category,
        amount(row.old_fee),
        row.new_number,
        row.new_category,
        amount(row.new_fee),
        amount(row.difference),
        filters.short_day(row.effective_on) if row.effective_on else "",
        row.stage.label,
    )
