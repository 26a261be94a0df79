"""Looks for changes of category by itself."""

from __future__ import annotations

from datetime import timedelta

from billing.changes.services import find_changes
from core import clock
from core.db import transaction
from core.jobs import periodic


@periodic(
    "billing:find_category_changes",
    "Zoekt deelnemers die door een nieuw aantal in een andere categorie vallen",
    cron="40 5 * * *",
    every=timedelta(days=1),
)
def find_category_changes() -> int:
    with transaction():
        return find_changes(clock.today()).added
