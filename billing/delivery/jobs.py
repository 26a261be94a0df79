"""Background work on invoices."""

from __future__ import annotations

from datetime import timedelta

from billing import queries
from billing.delivery.services import deliver
from billing.models import Invoice
from core.db import session, transaction
from core.jobs import periodic

AT_ONCE = 100
"""So that other jobs get their turn."""


@periodic("billing:deliver_invoices", "Maakt en mailt facturen", cron="* * * * * */15", every=timedelta(minutes=5))
def deliver_invoices() -> int:
    """Each invoice in its own transaction; a rerun goes on where the last one stopped."""
    waiting = queries.undelivered(AT_ONCE)
    for key in waiting:
        with transaction():
            deliver(session().get_one(Invoice, key))
        session().expunge_all()
    return len(waiting)
