"""Issue what was approved. Callers hold scope JOB and a transaction.

At issue each invoice is made up anew; who differs from what was approved is set apart with the reason, and the others
go on. A rerun goes on where the last one stopped.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, update

from billing.issuing.queries import Circumstances
from billing.issuing.services import issue, take_turns
from billing.kinds import InvoiceKind
from billing.runs import queries
from billing.runs.events import ITEM_SET_APART, RUN_ISSUED
from billing.runs.kinds import ItemOutcome, ParkReason, RunStage
from billing.runs.models import InvoiceRun, RunItem
from billing.runs.planning.documents import Plan
from billing.runs.planning.queries import plans
from billing.runs.services import hashes, name_of, subject_of
from core import clock
from core.audit import Actor, record
from core.db import lock, session
from core.errors import Conflict
from core.transitions import Transition, move

BATCH = 250
"""Invoices in one transaction: large enough to be quick, small enough that others get their turn."""
FINISH = Transition("afronden", frozenset({RunStage.APPROVED}), RunStage.ISSUED, RUN_ISSUED)


def demand_unchanged(run: InvoiceRun) -> None:
    """Raises Conflict when the stored preview is not the one that was approved."""
    if hashes(run)[1] != run.preview_hash:
        raise Conflict(
            f"Facturatieronde {name_of(run)} is niet meer wat is goedgekeurd. Meld dit bij applicatiebeheer."
        )


def issue_batch(run: InvoiceRun, now: Circumstances, *, size: int = BATCH) -> int:
    """Issue the next invoices of an approved run; returns how many participants were dealt with, 0 when it is done.

    Two at once is safe: each takes other rows.
    """
    if run.stage is not RunStage.APPROVED:
        return 0
    chosen = _next_items(run, size)
    if not chosen:
        _finish(run)
        return 0
    take_turns([item.participant_id for item in chosen])
    fresh = _fresh(run, chosen, now)
    actor = Actor("staff", run.approved_by)
    ready = []
    for item in chosen:
        plan = fresh.get(item.participant_id)
        if plan is not None and plan.content_hash == item.content_hash and plan.draft is not None:
            ready.append((item, plan.draft))
        else:
            _set_apart(run, item, plan, actor)
    by_participant = {item.participant_id: item.id for item, _ in ready}
    for kind in (InvoiceKind.INVOICE, InvoiceKind.STATEMENT):  # each has a series of its own
        issued = issue([draft for _, draft in ready if draft.document.kind is kind], actor)
        if issued:
            session().execute(
                update(RunItem),
                [{"id": by_participant[row.draft.participant_id], "invoice_id": row.invoice_id} for row in issued],
            )
    session().flush()
    return len(chosen)


def _fresh(run: InvoiceRun, items: Sequence[RunItem], now: Circumstances) -> dict[int, Plan]:
    """What the invoices of these participants would be at this moment."""
    only = [item.participant_id for item in items]
    return {plan.participant_id: plan for plan in plans(run.year, run.scope, now, only=only, checks_e_invoice=False)}


def _next_items(run: InvoiceRun, size: int) -> list[RunItem]:
    query = (
        select(RunItem)
        .where(
            RunItem.run_id == run.id,
            RunItem.outcome.in_([ItemOutcome.INVOICE, ItemOutcome.ZERO]),
            RunItem.invoice_id.is_(None),
        )
        .order_by(RunItem.position)
        .limit(size)
        .with_for_update(skip_locked=True)
    )
    return list(session().execute(query).scalars())


def _set_apart(run: InvoiceRun, item: RunItem, plan: Plan | None, actor: Actor) -> None:
    """What differs from what was approved is not issued."""
    if plan is not None and plan.outcome is ItemOutcome.EARLIER:
        item.outcome, item.invoice_id = ItemOutcome.EARLIER, plan.invoice_id
        return
    why = (plan.problem if plan else None) or "de gegevens zijn veranderd na het akkoord."
    item.outcome, item.park_reason = ItemOutcome.PARKED, ParkReason.CHANGED
    item.problem = f"Na het akkoord veranderd: {why} Maak de factuur apart, of neem haar mee in een volgende ronde."
    record(
        ITEM_SET_APART,
        actor,
        participant_id=item.participant_id,
        subject=subject_of(run),
        participant=item.name,
        name=name_of(run),
        why=why,
    )


def _finish(run: InvoiceRun) -> None:
    """Close a run when nothing is left, also not with somebody else who is issuing it at this moment."""
    lock(run)
    left = select(func.count()).where(
        RunItem.run_id == run.id,
        RunItem.outcome.in_([ItemOutcome.INVOICE, ItemOutcome.ZERO]),
        RunItem.invoice_id.is_(None),
    )
    if run.stage is not RunStage.APPROVED or session().scalar(left):
        return
    run.issued_at = clock.now()
    count = queries.progress(run).done
    move(run, FINISH, Actor("staff", run.approved_by), name=name_of(run), subject=subject_of(run), count=count)
