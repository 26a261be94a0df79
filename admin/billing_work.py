"""What waits on finance: runs to put forward, held invoices to look at again."""

from __future__ import annotations

from datetime import date

from flask import url_for

from admin.items import WorkItem, start_of
from admin.kinds import WorkKind
from billing.runs.kinds import RunStage
from billing.runs.queries import holds_to_recheck, latest_run, runs_of_stage
from billing.runs.services import name_of
from billing.tariffs.rules import MONTHS
from core import clock
from core.filters import day
from core.permissions import Caller
from governance.kinds import SettingName
from governance.queries import number_on


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


def runs_to_start(who: Caller) -> list[WorkItem]:
    """In the month of the annual invoices and the one after it: that nobody began the run of the year."""
    if not who.may("run:prepare"):
        return []
    today = clock.today()
    month = int(number_on(SettingName.ANNUAL_INVOICE_MONTH, today))
    if today.month not in {month, month + 1} or latest_run(today.year) is not None:
        return []
    return [
        WorkItem(
            WorkKind.RUN_TO_START,
            f"Facturatieronde over {today.year}",
            f"De jaarlijkse facturen gaan uit in {MONTHS[month - 1]}. Er is nog geen ronde voorbereid.",
            start_of(date(today.year, month, 1)),
            "Voorbereiden",
            url_for("billing_runs.start_run"),
        )
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
