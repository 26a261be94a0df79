"""My work about background jobs."""

from __future__ import annotations

from flask import url_for

from admin.items import WorkItem
from admin.kinds import WorkKind
from admin.queries import job_states
from core import clock
from core.filters import moment
from core.permissions import Caller


def failing_jobs(who: Caller) -> list[WorkItem]:
    """Background jobs that went wrong or did not succeed in time, for who looks after the technique."""
    if not who.may("mail:retry"):
        return []
    found = []
    for state in job_states():
        if state.last_error or state.late:
            why = f"Ging mis: {state.last_error}" if state.last_error else "Lukte niet op tijd."
            since = (state.failed_at if state.last_error else None) or state.succeeded_at
            last = f"Laatst gelukt: {moment(state.succeeded_at)}." if state.succeeded_at else "Nog nooit gelukt."
            found.append(
                WorkItem(
                    WorkKind.JOB,
                    state.job.label,
                    f"{why} {last}",
                    since or clock.now(),
                    "Bekijken",
                    url_for("admin.list_jobs"),
                )
            )
    return found
