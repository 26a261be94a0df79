"""What happens by itself on the day on which a version ends."""

from __future__ import annotations

from datetime import timedelta

from catalogue.retirement import queries, services
from catalogue.versions.queries import version
from core import clock
from core.audit import SYSTEM
from core.db import transaction
from core.jobs import periodic


@periodic(
    "catalogue:close_retired",
    "Zet versies van modules uit die zijn afgelopen",
    cron="20 0 * * *",
    every=timedelta(days=1),
)
def close_retired() -> int:
    done = 0
    for key in [row.id for row in queries.retired(clock.today())]:
        with transaction():
            done += services.close_retired(SYSTEM, version(key))
    return done
