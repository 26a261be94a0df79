"""What happens to applications in the background."""

from __future__ import annotations

from datetime import timedelta

from core.audit import SYSTEM
from core.db import transaction
from core.jobs import periodic
from onboarding.applications import services


@periodic(
    "onboarding:withdraw_untouched_drafts",
    "Trekt aanmeldingen in waaraan 90 dagen niets is gewijzigd",
    cron="23 4 * * *",
    every=timedelta(days=1),
)
def withdraw_untouched_drafts() -> int:
    with transaction():
        return services.withdraw_untouched(SYSTEM)
