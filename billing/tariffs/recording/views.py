"""Pages for recording a tariff table or an exception on a decision."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from billing.tariffs import queries as tariffs
from billing.tariffs.recording import queries, services
from billing.tariffs.recording.forms import ExceptionForm, TableForm, day_after, key_of, rows_of
from billing.tariffs.recording.rules import WHOM, differences
from billing.tariffs.rules import UNITS
from billing.tariffs.views import blueprint
from core import clock
from core.forms import attempt, day_of
from core.permissions import caller, requires
from core.web import notice
from governance.kinds import DecisionKind

Page = str | tuple[str, int] | Response
ASKED = "Uw verzoek ligt klaar voor een collega. Er verandert pas iets na akkoord."
UNIT_NAMES = {basis: more for basis, (_, more) in UNITS.items()}


@blueprint.route("/beheer/tarieven/vastleggen", methods=["GET", "POST"])
@requires("tariff:propose")
def record_table() -> Page:
    """A tariff table, begun from the one that holds now."""
    _, present = queries.tables_on(clock.today())
    form = TableForm(data=rows_of(present))
    form.started_from(present)
    form.offer(queries.board_decisions(DecisionKind.TARIFF_TABLE), tariffs.tariff_tables())
    if form.is_submitted() and form.press(request.form.get("regel", "")):
        return _table_page(form)
    status = attempt(
        form,
        lambda: services.propose_table(
            services.TableDraft(
                form.name.data or "",
                day_of(form.starts_on),
                key_of(form.decision.data),
                form.source.data or "",
                form.tables(),
                key_of(form.corrects.data),
            ),
            caller().actor,
        ),
    )
    if status is None:
        notice(ASKED)
        return redirect(url_for("tariffs.list_tariffs"), 303)
    return _table_page(form), status


def _table_page(form: TableForm) -> str:
    return render_template(
        "billing/record_table.html",
        form=form,
        form_has_errors=bool(form.errors),
        whom=WHOM,
        units=UNIT_NAMES,
        action=url_for("tariffs.record_table"),
    )


@blueprint.get("/beheer/tarieven/verzoeken/<int:approval_id>")
@requires("tariff:view")
def show_table_request(approval_id: int) -> str:
    """A table that somebody asked to record, as it would stand."""
    row = queries.table_request(approval_id)
    draft = services.draft_of(row)
    name, present = queries.tables_on(draft.starts_on)
    return render_template(
        "billing/table_request.html",
        row=row,
        draft=draft,
        present=name or "nog geen",
        changes=differences(present, draft.tables),
        audiences=tariffs.AUDIENCES,
        units=UNIT_NAMES,
    )


@blueprint.route("/beheer/tarieven/uitzondering", methods=["GET", "POST"])
@requires("tariff:propose")
def record_exception() -> Page:
    """That a role falls in a category for a time."""
    form = ExceptionForm()
    form.offer(queries.roles_with_tariff(), queries.board_decisions(DecisionKind.TARIFF_EXCEPTION))
    status = attempt(
        form,
        lambda: services.propose_exception(
            form.role.data or "",
            form.category.data or "",
            day_of(form.starts_on),
            day_after(form.ends_on),
            key_of(form.decision.data),
            caller().actor,
        ),
    )
    if status is None:
        notice(ASKED)
        return redirect(url_for("tariffs.list_tariffs"), 303)
    page = render_template(
        "billing/record_exception.html",
        form=form,
        form_has_errors=bool(form.errors),
        action=url_for("tariffs.record_exception"),
    )
    return page, status
