"""Background work on invoice runs."""

from __future__ import annotations

from datetime import timedelta

from billing.issuing.queries import Circumstances
from billing.runs import queries
from billing.runs.execution.services import demand_unchanged, issue_batch
from billing.runs.kinds import RunStage
from billing.runs.services import calculate, withdraw
from core.audit import SYSTEM
from core.db import session, transaction
from core.errors import UserError
from core.jobs import periodic


@periodic(
    "billing:advance_runs",
    "Berekent facturatierondes en maakt goedgekeurde facturen",
    cron="* * * * * */5",
    every=timedelta(minutes=5),
)
def advance_runs() -> int:
    """Each batch in its own transaction; a rerun goes on where the last one stopped."""
    done = 0
    for run_id, stage in queries.runs_to_do():
        if stage is RunStage.PREPARING:
            done += _calculate(run_id)
        else:
            done += issue_run(run_id)
    return done


def _calculate(run_id: int) -> int:
    """A run that cannot be calculated is withdrawn with the reason, so that nobody waits for it."""
    try:
        with transaction():
            calculate(queries.run(run_id), SYSTEM)
    except UserError as error:
        with transaction():
            withdraw(queries.run(run_id), error.message, SYSTEM)
        return 0
    return 1


def issue_run(run_id: int) -> int:
    """Issue everything of an approved run that has no number yet. Returns how many participants were dealt with."""
    with transaction():
        demand_unchanged(queries.run(run_id))
    done = 0
    while True:
        with transaction():
            batch = issue_batch(queries.run(run_id), Circumstances.now())
        session().expunge_all()
        if not batch:
            return done
        done += batch
