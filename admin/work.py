"""My work: what waits on whom, gathered from all packages; oldest first."""

from __future__ import annotations

from admin.queries import WorkItem, WorkSource, failed_mail, waiting_approvals
from core.permissions import Caller

SOURCES: tuple[WorkSource, ...] = (waiting_approvals, failed_mail)


def work_for(who: Caller) -> list[WorkItem]:
    """Everything this person can move on now."""
    return sorted((item for source in SOURCES for item in source(who)), key=lambda item: item.since)
