"""Some participants, and scenarios that are made as finance makes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billing.simulator.kinds import Population
from billing.simulator.models import TariffScenario
from billing.simulator.services import ScenarioDraft, make_scenario
from billing.tariffs.recording.queries import tables_on
from core import clock
from core.audit import SYSTEM
from tests.billing.conftest import World

TODAY = date(2026, 11, 22)
Make = Callable[..., TariffScenario]


@pytest.fixture
def populated(world: World) -> World:
    """Four debt counsellors, one of them under the zero tariff, and a creditor."""
    world.municipality(14_000, name="Gemeente Aa", connected_on=date(2024, 1, 1))
    world.municipality(20_000, name="Gemeente Bee", connected_on=date(2024, 1, 1))
    world.municipality(30_000, name="Gemeente Cee", connected_on=date(2026, 5, 1))
    world.municipality(70_361, name="Gemeente Dee", connected_on=date(2024, 1, 1))
    world.creditor(640, name="Voorbeeld Incasso B.V.", connected_on=date(2024, 1, 1))
    return world


@pytest.fixture
def make(populated: World) -> Make:
    """A scenario with another fee for category B of debt counsellors."""

    def made(fee: int = 800, *, name: str = "B naar € 800", **values: Any) -> TariffScenario:
        with clock.at(TODAY):
            _, tables = tables_on(TODAY)
            shv = [replace(row, annual_fee=Decimal(fee)) if row.name == "B" else row for row in tables["shv"]]
            draft = ScenarioDraft(
                name=name,
                explanation=None,
                population=Population.PARTICIPANTS,
                year=2027,
                ends_zero_tariff=False,
                budget=None,
                tables={**tables, "shv": shv},
            )
            row = make_scenario(replace(draft, **values), SYSTEM)
            populated.session.commit()
            return row

    return made
