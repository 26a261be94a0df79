"""Invoice runs: prepare, put forward, approve by hash. Callers hold scope staff or JOB and a transaction."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select, update

from billing.issuing.documents import digest
from billing.issuing.queries import Circumstances
from billing.runs import queries
from billing.runs.events import (
    ITEM_RECHECKED,
    RUN_APPROVED,
    RUN_PREVIEWED,
    RUN_PUT_BACK,
    RUN_PUT_FORWARD,
    RUN_REFUSED,
    RUN_STARTED,
    RUN_WITHDRAWN,
)
from billing.runs.kinds import OPEN, RunScope, RunStage
from billing.runs.models import InvoiceRun, RunItem
from billing.runs.planning.documents import Plan
from billing.runs.planning.queries import plans, subscriptions
from billing.tariffs.queries import tariff_table_on
from core import approvals, clock, filters
from core.approvals import Approval
from core.audit import Actor, Entry, record
from core.db import advisory_lock, lock, session
from core.errors import Conflict, Refused, UserError
from core.money import ZERO
from core.transitions import Transition, move
from governance.queries import settings_on

NAME = "billing:run"
EARLIEST_YEAR = 2020
"""The hub asked no fees before."""
PREVIEW = Transition("voorbereiden", frozenset({RunStage.PREPARING}), RunStage.PREVIEWED, RUN_PREVIEWED)
PUT_FORWARD = Transition("voorleggen", frozenset({RunStage.PREVIEWED}), RunStage.PUT_FORWARD, RUN_PUT_FORWARD)
PUT_BACK = Transition("teruggeven", frozenset({RunStage.PUT_FORWARD}), RunStage.PREVIEWED, RUN_PUT_BACK)
APPROVE = Transition("goedkeuren", frozenset({RunStage.PUT_FORWARD}), RunStage.APPROVED, RUN_APPROVED)
WITHDRAW = Transition(
    "intrekken",
    OPEN - {RunStage.APPROVED},
    RunStage.WITHDRAWN,
    RUN_WITHDRAWN,
    needs_reason=True,
)


def name_of(run: InvoiceRun) -> str:
    """How a run is called: "2027 (alle deelnemers), nummer 3"."""
    return f"{run.year} ({run.scope.label[:1].lower()}{run.scope.label[1:]}), nummer {run.id}"


def subject_of(run: InvoiceRun) -> str:
    """How the audit trail refers to a run."""
    return f"invoice_run:{run.id}"


def start_run(year: int, scope: RunScope, actor: Actor) -> InvoiceRun:
    """Begin a run; a job calculates it. Raises Refused for a year that cannot be, or while another run of it is
    open."""
    latest = clock.today().year + 1
    if not EARLIEST_YEAR <= year <= latest:
        raise Refused(f"Kies een jaar van {EARLIEST_YEAR} tot en met {latest}.", field="year")
    advisory_lock(f"billing-run-{year}")
    if (other := queries.open_run(year)) is not None:
        raise Refused(
            f"Er is al een facturatieronde over {year} (nummer {other.id}: {other.stage.label.lower()})."
            " Ga daarmee verder of trek haar in.",
            field="year",
        )
    if (why := obstacle(year, scope)) is not None:
        raise Refused(why, field="year")
    run = InvoiceRun(
        year=year,
        scope=scope,
        stage=RunStage.PREPARING,
        prepared_by=actor.person,
        started_at=clock.now(),
        basis={},
    )
    session().add(run)
    session().flush()
    record(RUN_STARTED, actor, subject=subject_of(run), name=name_of(run))
    return run


def obstacle(year: int, scope: RunScope) -> str | None:
    """What is missing that concerns everybody (tariffs, settings, data of the seller), so that a run cannot be
    calculated; None when nothing is."""
    now = Circumstances.now()
    try:
        _basis(year, now)
        first = session().execute(subscriptions(year, scope, now.today).limit(1)).first()
        if first is not None:
            plans(year, scope, now, only=[first[0].id], checks_e_invoice=False)
    except UserError as error:
        return error.message
    return None


# --------------------------------------------------------------------------------------------------- calculating


def calculate(run: InvoiceRun, actor: Actor) -> None:
    """Fill a run that is being prepared: what happens to everybody, and the hash of all that.

    Raises UserError when something is missing that concerns everybody; the run then stays as it is.
    """
    lock(run)
    if run.stage is not RunStage.PREPARING:
        return
    now = Circumstances.now()
    found = plans(run.year, run.scope, now)
    session().execute(delete(RunItem).where(RunItem.run_id == run.id))
    if found:
        session().execute(insert(RunItem), [_row(run.id, position, plan) for position, plan in enumerate(found, 1)])
    run.basis = _basis(run.year, now)
    run.previewed_at = clock.now()
    _seal(run)
    _note_preview(run, actor)


def recalculate(run: InvoiceRun, actor: Actor) -> None:
    """Calculate a preview anew, for instance after mending what kept invoices from being made."""
    lock(run)
    if run.stage is not RunStage.PREVIEWED:
        raise Refused("Opnieuw berekenen kan alleen zolang de ronde nog niet is voorgelegd.")
    run.stage, run.prepared_by = RunStage.PREPARING, actor.person or run.prepared_by
    session().flush()
    calculate(run, actor)


def recheck(item: RunItem, actor: Actor) -> Plan:
    """Look again at one participant of a preview. Raises Refused once the run was put forward."""
    run = item.run
    lock(run)
    if run.stage is not RunStage.PREVIEWED:
        raise Refused("Opnieuw bekijken kan alleen zolang de ronde nog niet is voorgelegd.")
    found = plans(run.year, run.scope, Circumstances.now(), only=[item.participant_id])
    if not found:
        raise Refused(f"{item.name} heeft over {run.year} geen abonnement meer. Bereken de hele ronde opnieuw.")
    [plan] = found
    session().execute(update(RunItem).where(RunItem.id == item.id).values(_row(run.id, item.position, plan)))
    session().expire(item)
    _seal(run)
    record(
        ITEM_RECHECKED,
        actor,
        participant_id=item.participant_id,
        subject=subject_of(run),
        participant=plan.name,
        name=name_of(run),
        now=plan.problem or plan.outcome.label,
    )
    return plan


def _row(run_id: int, position: int, plan: Plan) -> dict[str, Any]:
    document = plan.draft.document if plan.draft else None
    return {
        "run_id": run_id,
        "position": position,
        "participant_id": plan.participant_id,
        "name": plan.name,
        "outcome": plan.outcome,
        "park_reason": plan.park_reason,
        "problem": plan.problem,
        "recheck_on": plan.recheck_on,
        "facts": dict(plan.facts),
        "draft": plan.draft.to_json() if plan.draft else None,
        "category": plan.category,
        "net": document.net if document else ZERO,
        "vat": document.vat if document else ZERO,
        "gross": document.gross if document else ZERO,
        "previous_net": plan.previous_net,
        "difference": plan.difference,
        "content_hash": plan.content_hash,
        "invoice_id": plan.invoice_id,
    }


def _basis(year: int, now: Circumstances) -> dict[str, Any]:
    """By what it was calculated, as plain values: the table with its rows, the decisions, the settings."""
    first_day = date(year, 1, 1)
    table, policy = tariff_table_on(first_day), now.policy(first_day)
    return {
        "operator": now.operator.name,
        "table": table.name,
        "table_decision": now.decision(table.decision_id),
        "rows": [
            {
                "audience": audience,
                "category": row.name,
                "basis": row.basis,
                "lower": row.lower,
                "upper": row.upper,
                "annual_fee": str(row.annual_fee),
                "connection_fee": str(row.connection_fee) if row.connection_fee is not None else None,
                "connection_share": str(row.connection_share) if row.connection_share is not None else None,
                "step_size": row.step_size,
                "step_fee": str(row.step_fee) if row.step_fee is not None else None,
            }
            for audience, rows in sorted(policy.categories.items())
            for row in rows
        ],
        "zero_tariffs": [
            {
                "starts_on": rule.starts_on.isoformat(),
                "ends_before": rule.ends_before.isoformat() if rule.ends_before else None,
                "decision": now.decision(rule.decision_id),
            }
            for rule in policy.zero_rules
        ],
        "settings": {row.name: row.value for row in settings_on(now.today)},
    }


def _seal(run: InvoiceRun) -> None:
    """Note the hashes of a preview as it stands."""
    run.input_hash, run.preview_hash = hashes(run)
    session().flush()


def hashes(run: InvoiceRun) -> tuple[str, str]:
    """Hash of what it was calculated from, and hash of what comes out: from the stored rows."""
    rows = session().execute(
        select(RunItem.participant_id, RunItem.facts, RunItem.content_hash)
        .where(RunItem.run_id == run.id)
        .order_by(RunItem.participant_id)
    )
    facts, contents = [], []
    for participant_id, fact, content_hash in rows:
        facts.append([participant_id, fact])
        contents.append([participant_id, content_hash])
    head = {"year": run.year, "scope": run.scope.value}
    given = digest({**head, "basis": run.basis, "facts": facts})
    return given, digest({**head, "input": given, "contents": contents})


def _note_preview(run: InvoiceRun, actor: Actor) -> None:
    totals = queries.totals(run)
    parked = sum(count for _, count in queries.parked_by_reason(run))
    move(
        run,
        PREVIEW,
        actor,
        name=name_of(run),
        subject=subject_of(run),
        count=sum(total.count for total in totals),
        amount=filters.euro(sum((total.net for total in totals), ZERO)),
        parked=parked,
        hash=short(run.preview_hash),
    )


def short(value: str | None) -> str:
    """The first twelve signs of a hash, as people compare it."""
    return (value or "")[:12]


# --------------------------------------------------------------------------------------------------- four eyes


def put_forward(run: InvoiceRun, actor: Actor) -> Approval:
    """Ask a colleague to approve what the preview shows. Who puts it forward knows it, and is one of the two."""
    lock(run)
    totals = queries.totals(run)
    count, net = sum(total.count for total in totals), sum((total.net for total in totals), ZERO)
    if run.stage is RunStage.PREVIEWED and not count:
        raise Refused("In deze ronde is niets te factureren. Los eerst op wat apart is gezet.")
    move(run, PUT_FORWARD, actor, name=name_of(run), subject=subject_of(run))
    approval = approvals.request_approval(
        RUN,
        actor,
        f"facturatieronde {name_of(run)}",
        {"run": run.id, "hash": run.preview_hash},
        before={"Facturen": "0"},
        after={
            "Facturen": filters.number(count),
            "Samen zonder btw": filters.euro(net),
            "Apart gezet": filters.number(sum(number for _, number in queries.parked_by_reason(run))),
            "Kenmerk": short(run.preview_hash),
        },
    )
    run.approval_id = approval.id
    if run.prepared_by is None:
        run.prepared_by = actor.person
    session().flush()
    return approval


def refuse_previewer(run: InvoiceRun, actor: Actor) -> None:
    """Raises Refused (audited) for who prepared the run, also when somebody else put it forward."""
    if actor.person is not None and actor.person == run.prepared_by:
        why = "wie de ronde voorbereidde, keurt haar niet goed."
        entry = Entry(RUN_REFUSED, actor, {"name": name_of(run), "why": why}, subject=subject_of(run))
        raise Refused("U hebt deze ronde zelf voorbereid. Laat een collega haar goedkeuren.", entry=entry)


def _carry_out(approval: Approval, actor: Actor) -> None:
    run = queries.run(approval.payload["run"])
    lock(run)
    refuse_previewer(run, actor)
    if run.preview_hash != approval.payload["hash"] or hashes(run)[1] != run.preview_hash:
        raise Conflict("De ronde is veranderd sinds u haar zag. Leg haar opnieuw voor.")
    run.approved_by, run.approved_at = actor.person, clock.now()
    move(run, APPROVE, actor, name=name_of(run), subject=subject_of(run), hash=short(run.preview_hash))


def _put_back(approval: Approval, actor: Actor) -> None:
    run = queries.run(approval.payload["run"])
    lock(run)
    if run.stage is RunStage.PUT_FORWARD and run.approval_id == approval.id:
        move(run, PUT_BACK, actor, name=name_of(run), subject=subject_of(run))


RUN = approvals.register(
    approvals.Kind(
        NAME,
        "Facturatieronde",
        "run:approve",
        _carry_out,
        page="billing_runs.show_run_of_approval",
        turn_down=_put_back,
    )
)


def withdraw(run: InvoiceRun, reason: str, actor: Actor) -> None:
    """Stop a run of which no invoice was made. Raises Refused afterwards, or without a reason."""
    move(run, WITHDRAW, actor, name=name_of(run), subject=subject_of(run), reason=reason)
