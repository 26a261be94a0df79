"""Asks by itself, in the autumn."""

from __future__ import annotations

from datetime import timedelta

from billing.declarations.services import ask_everybody
from core import clock
from core.db import transaction
from core.jobs import periodic


@periodic(
    "billing:ask_declarations",
    "Vraagt deelnemers in het najaar om hun jaaropgave",
    cron="10 8 * * *",
    every=timedelta(days=1),
)
def ask_declarations() -> int:
    asked = 0
    while True:
        with transaction():
            some = ask_everybody(clock.today())
        if not some:
            return asked
        asked += some
