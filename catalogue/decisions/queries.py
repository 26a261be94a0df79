"""What followed from a decision about a module, and which releases wait for a body."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from catalogue.models import ModuleVersion
from catalogue.versions.models import GateRecord
from catalogue.versions.queries import gate_facts, versions
from catalogue.versions.rules import ready_since, waits_for_decision
from core import clock
from core.db import session
from core.filters import day
from governance.kinds import Body
from governance.models import Decision
from governance.rules import Effect, Waiting, register_effects, register_waiting


def _url(row: ModuleVersion) -> str:
    """The page of a version, also outside a request: an agenda may be made by a job."""
    return current_app.url_map.bind("localhost").build("catalogue.show_version", {"version_id": row.id})


@register_effects
def effects_of(decision_id: int) -> list[Effect]:
    """Versions whose release or end rests on a decision, or that an advice is about."""
    released = select(GateRecord.module_version_id).where(
        GateRecord.decision_id == decision_id, GateRecord.withdrawn_at.is_(None)
    )
    query = (
        select(ModuleVersion)
        .options(joinedload(ModuleVersion.module))
        .where(
            or_(
                ModuleVersion.id.in_(released),
                ModuleVersion.advice_id == decision_id,
                ModuleVersion.retirement_decision_id == decision_id,
            )
        )
        .order_by(ModuleVersion.id)
    )
    return [_effect(row, decision_id) for row in session().execute(query).scalars()]


def _effect(row: ModuleVersion, decision_id: int) -> Effect:
    if row.retirement_decision_id == decision_id and row.retires_on is not None:
        return Effect(
            "Einde van een versie", row.name, f"Niet meer te gebruiken vanaf {day(row.retires_on)}.", _url(row)
        )
    said = f"Vrijgegeven vanaf {day(row.released_on)}." if row.released_on else "Nog niet vrijgegeven."
    return Effect("Versie van een module", row.name, said, _url(row))


@register_waiting
def waiting_for(body: Body) -> list[Waiting]:
    """Versions of which everything but the decision is there: first the advisory board advises, then the board
    decides."""
    if body not in {Body.BOARD, Body.ADVISORY_BOARD}:
        return []
    found = []
    for row in versions():
        facts = gate_facts(row.id) if row.released_on is None and row.started_on is not None else None
        if facts is None or not waits_for_decision(facts) or (row.advice_id is None) == (body is Body.BOARD):
            continue
        advice = session().get(Decision, row.advice_id) if row.advice_id else None
        since = advice.decided_on if advice else ready_since(facts)
        what = "Besluit over" if body is Body.BOARD else "Advies over"
        explanation = f"Het advies ligt er: {advice.number}." if advice else "Alle andere voorwaarden zijn vervuld."
        found.append(Waiting(f"{what} de vrijgave van {row.name}", explanation, _url(row), since or clock.today()))
    return found
