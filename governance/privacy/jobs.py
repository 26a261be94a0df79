"""What happens about privacy in the background."""

from __future__ import annotations

from datetime import timedelta

from core.db import transaction
from core.jobs import periodic
from governance.privacy.retention import services


@periodic(
    "governance:propose_clearing",
    "Stelt voor wat volgens het bewaarschema weg mag",
    cron="13 5 * * *",
    every=timedelta(days=1),
)
def propose_clearing() -> int:
    """Each rule once in four weeks; the job looks every night, so that none is missed."""
    with transaction():
        return services.propose_monthly()
