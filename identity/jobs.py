"""What identity clears away."""

from __future__ import annotations

from datetime import timedelta

from core import db as database
from core.db import scoped, transaction
from core.jobs import periodic
from identity import services


@periodic("identity:forget_old", "Ruimt oude sessies en inloglinks op", cron="27 3 * * *", every=timedelta(days=1))
def forget_old() -> int:
    with scoped(database.SIGN_IN), transaction():
        return services.forget_old()
