"""Scenarios on the page of their decision, and on the agenda of who has to advise on them."""

from __future__ import annotations

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from billing.simulator.models import ScenarioAttachment, TariffScenario
from core.db import session
from core.filters import euro, local_day
from core.permissions import current_caller
from governance.kinds import Body
from governance.rules import Effect, Waiting, register_effects, register_waiting


@register_effects
def scenarios_of(decision_id: int) -> list[Effect]:
    """What was reckoned for a decision or advice."""
    who = current_caller()
    may_see = who is not None and who.may("tariff:view")
    query = (
        select(TariffScenario)
        .join(TariffScenario.attachments)
        .where(ScenarioAttachment.decision_id == decision_id)
        .order_by(ScenarioAttachment.id)
    )
    return [
        Effect(
            "Scenario",
            row.name,
            f"Opbrengst over {row.year}: {euro(row.income)}, met de tabel van toen {euro(row.income_before)}.",
            url_for("scenarios.show_scenario", scenario_id=row.id) if may_see else None,
        )
        for row in session().execute(query).scalars()
    ]


@register_waiting
def advice_in_preparation(body: Body) -> list[Waiting]:
    """For the advisory board: scenarios that belong to advice in preparation, until one of them is at a decision."""
    if body is not Body.ADVISORY_BOARD:
        return []
    query = (
        select(TariffScenario)
        .options(selectinload(TariffScenario.attachments).joinedload(ScenarioAttachment.decision))
        .where(TariffScenario.attachments.any(ScenarioAttachment.preparing.is_not(None)))
        .where(~TariffScenario.attachments.any(ScenarioAttachment.decision_id.is_not(None)))
        .order_by(TariffScenario.id)
    )
    return [
        Waiting(
            f"Scenario: {row.name}",
            ". ".join(found.preparing for found in row.attachments if found.preparing),
            url_for("scenarios.show_scenario", scenario_id=row.id),
            local_day(row.attachments[0].attached_at) or row.counted_on,
        )
        for row in session().execute(query).scalars()
    ]
