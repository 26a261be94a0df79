"""Background work on the files and mails of invoices, shared between processes when there is much of it.

WeasyPrint uses one processor. Each process has its own part of the invoices, so none waits for another; a rerun goes on
where the last one stopped.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

from flask import current_app

from billing import queries
from billing.delivery.services import deliver_all
from billing.models import Invoice
from core.config import Settings
from core.db import session, transaction
from core.jobs import periodic

AT_ONCE = 100
"""So that other jobs get their turn."""
MANY = 200
"""From here on several processes share the work."""
TOGETHER = 10
"""Invoices in one transaction. A kill undoes at most these; they are made again."""


@periodic("billing:deliver_invoices", "Maakt en mailt facturen", cron="* * * * * */15", every=timedelta(minutes=5))
def deliver_invoices() -> int:
    """Make and mail what waits; a rerun goes on where the last one stopped."""
    settings: Settings = current_app.extensions["settings"]
    if settings.invoice_processes > 1 and len(queries.undelivered(MANY)) == MANY:
        return deliver_in_processes(settings.invoice_processes)
    return deliver_batch(AT_ONCE)


def deliver_batch(limit: int, *, part: int = 0, of: int = 1) -> int:
    """Make and mail up to so many invoices. Returns how many."""
    waiting = queries.undelivered(limit, part=part, of=of)
    for first in range(0, len(waiting), TOGETHER):
        with transaction():
            deliver_all([session().get_one(Invoice, key) for key in waiting[first : first + TOGETHER]])
        session().expunge_all()
    return len(waiting)


def deliver_in_processes(count: int) -> int:
    """Deliver all that waits with so many processes, this one among them. Returns how many this process did; raises
    RuntimeError when another one failed."""
    others = [
        subprocess.Popen(  # noqa: S603  our own command
            [sys.executable, "-m", "flask", "--app", "app", "billing", "make-files", f"--part={part}", f"--of={count}"],
            cwd=current_app.root_path,
            stdout=subprocess.DEVNULL,
        )
        for part in range(1, count)
    ]
    try:
        done = deliver_part(0, count)
        failed = [other.args for other in others if other.wait() != 0]
    finally:
        for other in others:
            other.terminate()
    if failed:
        raise RuntimeError(f"Het maken van facturen is gestopt in: {failed}")
    return done


def deliver_part(part: int, of: int) -> int:
    """Deliver the part of one process until nothing of it waits, or until the process that began it is gone."""
    parent, done = os.getppid(), 0
    while (batch := deliver_batch(MANY, part=part, of=of)) and os.getppid() == parent:
        done += batch
    return done + batch
