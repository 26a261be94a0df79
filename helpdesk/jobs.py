"""What happens to requests and meetings in the background."""

from __future__ import annotations

from datetime import timedelta

from core.audit import SYSTEM
from core.db import transaction
from core.jobs import periodic
from helpdesk.meetings import services as meetings
from helpdesk.requests import delivery, refreshing


@periodic("helpdesk:deliver_requests", "Stuurt hulpvragen door", cron="* * * * * */10", every=timedelta(minutes=5))
def deliver_requests() -> int:
    return delivery.deliver_due()


@periodic(
    "helpdesk:refresh_requests", "Haalt antwoorden op hulpvragen op", cron="*/5 * * * *", every=timedelta(minutes=15)
)
def refresh_requests() -> int:
    return refreshing.refresh_due()


@periodic(
    "helpdesk:erase_sign_ups",
    "Wist wie zich voor een bijeenkomst had aangemeld, na drie maanden",
    cron="33 4 * * *",
    every=timedelta(days=1),
)
def erase_sign_ups() -> int:
    with transaction():
        return meetings.erase_old(SYSTEM)
