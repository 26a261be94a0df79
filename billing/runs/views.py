"""Pages about invoice runs: prepare, look, put forward, follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from billing.issuing.documents import document_of
from billing.runs import queries, services
from billing.runs.bundle.services import bundle
from billing.runs.forms import PutForwardForm, StartForm, WithdrawForm
from billing.runs.kinds import OPEN, ItemOutcome, ParkReason, RunStage
from billing.runs.models import InvoiceRun, RunItem
from billing.runs.queries import ItemFilter
from core import approvals, clock
from core.db import session, transaction
from core.errors import NotFound, UserError
from core.forms import attempt
from core.listing import csv_address, csv_response, paginate, without
from core.money import ZERO
from core.permissions import caller, current_actor, requires
from core.web import notice

blueprint = Blueprint("billing_runs", __name__)
Page = str | Response | tuple[str, int]

OUTCOMES = {"factuur": ItemOutcome.INVOICE, "nul": ItemOutcome.ZERO, "apart": ItemOutcome.PARKED}
OUTCOMES["eerder"] = ItemOutcome.EARLIER
REASONS = {str(reason.value).replace("_", "-"): reason for reason in ParkReason}


def _show(run: InvoiceRun) -> Response:
    return redirect(url_for("billing_runs.show_run", run_id=run.id), 303)


@blueprint.get("/beheer/facturen/rondes")
@requires("invoice:view")
def list_runs() -> str:
    return render_template(
        "billing/runs/list.html",
        runs=[(run, queries.completeness(run)) for run in queries.runs()],
        series=queries.series_report(),
        may_start=caller().may("run:prepare"),
    )


@blueprint.route("/beheer/facturen/rondes/nieuw", methods=["GET", "POST"])
@requires("run:prepare")
def start_run() -> Page:
    form, made = StartForm(), list[InvoiceRun]()
    status = attempt(
        form, lambda: made.append(services.start_run(form.chosen_year, form.chosen_scope, current_actor()))
    )
    if status is None:
        return _show(made[0])
    return render_template("billing/runs/start.html", form=form, form_has_errors=bool(form.errors)), status


# ------------------------------------------------------------------------------------------------- one run


def _chosen() -> ItemFilter:
    """The filter in the address; what makes no sense is left out."""
    return ItemFilter(
        text=request.args.get("q", "").replace("\0", "").strip()[:100],
        outcome=OUTCOMES.get(request.args.get("uitkomst", "")),
        park_reason=REASONS.get(request.args.get("reden", "")),
        category=request.args.get("categorie", "").replace("\0", "")[:5],
        changed=request.args.get("anders") == "ja",
    )


def _active(chosen: ItemFilter) -> list[tuple[str, str]]:
    active = []
    if chosen.text:
        active.append((f"Gezocht op: {chosen.text}", without("q")))
    if chosen.outcome is not None:
        active.append((f"Uitkomst: {chosen.outcome.label}", without("uitkomst")))
    if chosen.park_reason is not None:
        active.append((f"Reden: {chosen.park_reason.label.lower()}", without("reden")))
    if chosen.category:
        active.append((f"Categorie: {chosen.category}", without("categorie")))
    if chosen.changed:
        active.append(("Anders dan vorig jaar", without("anders")))
    return active


@blueprint.get("/beheer/facturen/rondes/<int:run_id>")
@requires("invoice:view")
def show_run(run_id: int) -> str:
    run, chosen = queries.run(run_id), _chosen()
    totals = queries.totals(run)
    return render_template(
        "billing/runs/show.html",
        run=run,
        name=services.name_of(run),
        stages=RunStage,
        approval=session().get(approvals.Approval, run.approval_id) if run.approval_id else None,
        complete=queries.completeness(run),
        totals=totals,
        net=sum((row.net for row in totals), ZERO),
        previous=sum((row.previous_net for row in totals), ZERO),
        gross=sum((row.gross for row in totals), ZERO),
        parked=[(slug, reason, count) for reason, count in queries.parked_by_reason(run) for slug in [_slug(reason)]],
        series=queries.series_of(run),
        gaps=[number for report in queries.series_report() for number in report.missing],
        issuing=queries.progress(run),
        delivering=queries.delivery_progress(run),
        page=paginate(queries.items(run, chosen).order_by(RunItem.position)),
        chosen=chosen,
        active=_active(chosen),
        outcomes=OUTCOMES,
        chosen_outcome=next((slug for slug, outcome in OUTCOMES.items() if outcome is chosen.outcome), ""),
        csv_url=csv_address(),
        names=_names(run),
        may_prepare=caller().may("run:prepare"),
        is_open=run.stage in OPEN,
        withdrawn_because=queries.withdrawn_because(run),
    )


def _slug(reason: ParkReason) -> str:
    return str(reason.value).replace("_", "-")


def _names(run: InvoiceRun) -> dict[str, str]:
    """Who prepared and approved it."""
    found = queries.names_of([run.prepared_by, run.approved_by])
    return {
        "prepared": found.get(run.prepared_by, "het systeem"),
        "approved": found.get(run.approved_by, ""),
    }


@blueprint.get("/beheer/facturen/rondes/<int:run_id>/voortgang")
@requires("invoice:view")
def show_progress(run_id: int) -> Response:
    """How far it is: a part of the page of a run, asked for every two seconds while it is on. When the run reached
    another state than the page shows, the browser is told to fetch the whole page."""
    run = queries.run(run_id)
    part = render_template(
        "billing/runs/progress.html",
        run=run,
        stages=RunStage,
        issuing=queries.progress(run),
        delivering=queries.delivery_progress(run),
    )
    response = make_response(part)
    if request.args.get("stand", run.stage.value) != run.stage.value:
        response.headers["HX-Refresh"] = "true"
    return response


@blueprint.get("/beheer/facturen/rondes/<int:run_id>.csv")
@requires("invoice:view")
def export_run(run_id: int) -> Response:
    """Exactly the filtered list, all pages."""
    run = queries.run(run_id)
    rows = session().execute(queries.items(run, _chosen()).order_by(RunItem.position)).scalars()
    return csv_response(f"facturatieronde-{run.year}-{run.id}.csv", CSV_HEADINGS, _csv_rows(rows))


CSV_HEADINGS = (
    "Deelnemer",
    "Uitkomst",
    "Factuurnummer",
    "Categorie",
    "Bedrag zonder btw",
    "Btw",
    "Bedrag met btw",
    "Jaartarief vorig jaar",
    "Verschil met vorig jaar",
    "Waarom apart gezet",
    "Wie is aan zet",
)


def _csv_rows(items: Iterable[RunItem]) -> Iterator[tuple[str, ...]]:
    for item in items:
        previous = "" if item.previous_net is None else f"{item.previous_net:.2f}".replace(".", ",")
        yield (
            item.name,
            item.outcome.label,
            item.invoice.number if item.invoice else "",
            item.category,
            *(f"{amount:.2f}".replace(".", ",") for amount in (item.net, item.vat, item.gross)),
            previous,
            item.difference,
            item.problem or "",
            item.park_reason.owner.label if item.park_reason else "",
        )


@blueprint.get("/beheer/facturen/rondes/<int:run_id>/bundel.zip")
@requires("invoice:view")
def download_bundle(run_id: int) -> Response:
    run = queries.run(run_id)
    if run.preview_hash is None:
        raise NotFound("Deze ronde is nog niet berekend. Wacht tot de berekening klaar is.")
    response = Response(bundle(run), content_type="application/zip")
    name = f"facturatieronde-{run.year}-{run.id}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/beheer/facturen/rondes/akkoord/<int:approval_id>")
@requires("invoice:view")
def show_run_of_approval(approval_id: int) -> Response:
    """The run that a request for approval is about."""
    approval = session().get(approvals.Approval, approval_id)
    if approval is None or approval.kind != services.NAME:
        raise NotFound("Dit verzoek bestaat niet.")
    return redirect(url_for("billing_runs.show_run", run_id=approval.payload["run"]), 303)


# ------------------------------------------------------------------------------------------------- what happens to it


@blueprint.post("/beheer/facturen/rondes/<int:run_id>/opnieuw")
@requires("run:prepare")
def recalculate_run(run_id: int) -> Response:
    run = queries.run(run_id)
    try:
        with transaction():
            services.recalculate(run, current_actor())
    except UserError as error:
        notice(error.message, "error")
    else:
        notice("De ronde is opnieuw berekend.")
    return _show(run)


@blueprint.route("/beheer/facturen/rondes/<int:run_id>/voorleggen", methods=["GET", "POST"])
@requires("run:prepare")
def put_run_forward(run_id: int) -> Page:
    run, form = queries.run(run_id), PutForwardForm()
    status = attempt(form, lambda: services.put_forward(run, current_actor()))
    if status is None:
        notice(
            "De ronde is voorgelegd. Een collega met de rol Financiën keurt haar goed bij 'Akkoord van een collega'."
        )
        return _show(run)
    totals = queries.totals(run)
    page = render_template(
        "billing/runs/put_forward.html",
        run=run,
        name=services.name_of(run),
        form=form,
        form_has_errors=bool(form.errors or form.form_errors),
        complete=queries.completeness(run),
        net=sum((row.net for row in totals), ZERO),
        gross=sum((row.gross for row in totals), ZERO),
        parked=queries.parked_by_reason(run),
        short=services.short(run.preview_hash),
    )
    return page, status


@blueprint.route("/beheer/facturen/rondes/<int:run_id>/intrekken", methods=["GET", "POST"])
@requires("run:prepare")
def withdraw_run(run_id: int) -> Page:
    run, form = queries.run(run_id), WithdrawForm()
    status = attempt(form, lambda: services.withdraw(run, form.reason.data or "", current_actor()))
    if status is None:
        notice("De ronde is ingetrokken. Er is geen factuur van gemaakt.")
        return _show(run)
    page = render_template(
        "billing/runs/withdraw.html",
        run=run,
        name=services.name_of(run),
        form=form,
        form_has_errors=bool(form.errors),
    )
    return page, status


# ------------------------------------------------------------------------------------------------- one participant


@blueprint.get("/beheer/facturen/rondes/<int:run_id>/deelnemers/<int:participant_id>")
@requires("invoice:view")
def show_item(run_id: int, participant_id: int) -> str:
    item = queries.item(run_id, participant_id)
    return render_template(
        "billing/runs/item.html",
        run=item.run,
        item=item,
        document=document_of(item.draft, clock.today()) if item.draft else None,
        may_recheck=item.run.stage is RunStage.PREVIEWED and caller().may("run:prepare"),
        may_issue=item.run.stage is RunStage.ISSUED
        and item.outcome is ItemOutcome.PARKED
        and caller().may("invoice:issue"),
    )


@blueprint.post("/beheer/facturen/rondes/<int:run_id>/deelnemers/<int:participant_id>/opnieuw")
@requires("run:prepare")
def recheck_item(run_id: int, participant_id: int) -> Response:
    item = queries.item(run_id, participant_id)
    try:
        with transaction():
            plan = services.recheck(item, current_actor())
    except UserError as error:
        notice(error.message, "error")
    else:
        if plan.problem:
            notice(f"{plan.name} blijft apart gezet: {plan.problem}", "warning")
        else:
            notice(f"{plan.name}: {plan.outcome.label.lower()}.")
    return redirect(url_for("billing_runs.show_item", run_id=run_id, participant_id=participant_id), 303)
