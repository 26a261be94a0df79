"""What happens about zero tariffs in the background."""

from __future__ import annotations

from datetime import timedelta

from billing.tariffs.zero import services
from core.db import transaction
from core.jobs import periodic


@periodic(
    "billing:warn_zero_tariff",
    "Waarschuwt Financiën voor het einde van het jaartarief € 0,00",
    cron="23 6 * * *",
    every=timedelta(days=1),
)
def warn_zero_tariff() -> int:
    """Each day to come once; the job looks every morning, so that none is missed."""
    with transaction():
        return services.warn_finance()
