"""What waits on finance: runs to put forward, held invoices to look at again."""

from __future__ import annotations

from flask import url_for

from admin.items import WorkItem, start_of
from admin.kinds import WorkKind
from billing.runs.kinds import RunStage
from billing.runs.queries import holds_to_recheck, runs_of_stage
from billing.runs.services import name_of
from core import clock
from core.filters import day
from core.permissions import Caller


def runs_to_put_forward(who: Caller) -> list[WorkItem]:
    """Runs that were calculated and wait for somebody to look at them and put them forward."""
    if not who.may("run:prepare"):
        return []
    return [
        WorkItem(
            WorkKind.RUN,
            f"Ronde {name_of(run)}",
            "Berekend. Bekijk haar en leg haar voor aan een collega.",
            run.previewed_at or run.started_at,
            "Bekijken",
            url_for("billing_runs.show_run", run_id=run.id),
        )
        for run in runs_of_stage(RunStage.PREVIEWED)
    ]


def held_invoices(who: Caller) -> list[WorkItem]:
    """Invoices that somebody held until today or before."""
    if not who.may("invoice:hold"):
        return []
    return [
        WorkItem(
            WorkKind.HOLD,
            row.participant.name,
            f"Facturen aangehouden tot {day(row.recheck_on)}. {row.reason}",
            start_of(row.recheck_on),
            "Bekijken",
            url_for("billing.list_invoices_of_participant", participant_id=row.participant_id),
            row.participant_id,
            row.participant.handled_by,
        )
        for row in holds_to_recheck(clock.today())
    ]
