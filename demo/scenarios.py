"""Two scenarios of the demonstration. They are invented, and say so."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from sqlalchemy import select

from billing.simulator.kinds import Population
from billing.simulator.models import TariffScenario
from billing.simulator.services import ScenarioDraft, attach_scenario, make_scenario
from billing.tariffs.recording.queries import tables_on
from core import clock
from core.db import session, transaction
from demo.desk import staff_member
from identity.services import actor_of

RAISED = "B naar € 800 (voorbeeld)"
ENDED = "Einde jaartarief € 0,00 (voorbeeld)"


def load() -> None:
    """Once; opens its own transaction."""
    with transaction():
        if session().scalar(select(TariffScenario.id).limit(1)) is not None:
            return
        finance = actor_of(staff_member("financien"))
        today = clock.today()
        _, tables = tables_on(today)
        raised = {
            **tables,
            "shv": [replace(row, annual_fee=Decimal(800)) if row.name == "B" else row for row in tables["shv"]],
        }
        make_scenario(
            ScenarioDraft(
                RAISED,
                "Verzonnen scenario: wat een hoger tarief voor categorie B opbrengt bij alle gemeenten.",
                Population.MUNICIPALITIES,
                today.year + 1,
                ends_zero_tariff=False,
                budget=None,
                tables=raised,
            ),
            finance,
        )
        ended = make_scenario(
            ScenarioDraft(
                ENDED,
                "Verzonnen scenario: de tabel blijft, en wie nu € 0,00 betaalt, betaalt het gewone jaartarief.",
                Population.PARTICIPANTS,
                today.year + 1,
                ends_zero_tariff=True,
                budget=Decimal(500_000),
                tables=tables,
            ),
            finance,
        )
        attach_scenario(ended, finance, preparing="Voorbeeld: adviesaanvraag over het jaartarief € 0,00 na dit jaar")
