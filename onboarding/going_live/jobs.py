"""What happens by itself on the last day of a subscription."""

from __future__ import annotations

from datetime import timedelta

from core import clock
from core.audit import SYSTEM
from core.db import transaction
from core.jobs import periodic
from onboarding.going_live import queries, services
from participants.queries import participant


@periodic(
    "onboarding:close_ended",
    "Sluit aansluitingen waarvan de einddatum is bereikt",
    cron="10 0 * * *",
    every=timedelta(days=1),
)
def close_ended() -> int:
    due = queries.ending_due(clock.today())
    for participant_id in due:
        with transaction():
            services.close_ended(participant(participant_id), SYSTEM)
    return len(due)
