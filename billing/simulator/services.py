"""Keep scenarios. Callers hold scope staff or JOB and a transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from billing.simulator import events, facts, queries
from billing.simulator.kinds import Population
from billing.simulator.models import ScenarioAttachment, TariffScenario
from billing.tariffs.recording.rules import from_json, problems, to_json
from billing.tariffs.recording.services import TableDraft, propose_table
from billing.tariffs.rules import Category
from core import clock
from core.approvals import Approval
from core.audit import Actor, record
from core.db import lock, session
from core.errors import Refused
from governance.models import Decision

FIXED = "Dit scenario hoort bij een besluit of advies en ligt vast. Maak een kopie als u verder wilt rekenen."
YEARS_AHEAD = 5


@dataclass(frozen=True)
class ScenarioDraft:
    """What somebody fills in of a scenario."""

    name: str
    explanation: str | None
    population: Population
    year: int
    ends_zero_tariff: bool
    budget: Decimal | None
    tables: Mapping[str, Sequence[Category]]


def make_scenario(draft: ScenarioDraft, actor: Actor, *, copied_from: TariffScenario | None = None) -> TariffScenario:
    """Keep a scenario, reckoned from the administration as it is now. Raises Refused for a table that is not right, a
    name that is taken, or a year that is over."""
    now = clock.now()
    row = TariffScenario(
        copied_from_id=copied_from.id if copied_from else None, made_by=actor.person, made_at=now, changed_at=now
    )
    _demand(draft, None)
    _fill(row, draft)
    _reckon(row)
    session().add(row)
    session().flush()
    record(events.SCENARIO_MADE, actor, subject=f"tariff_scenario:{row.id}", name=row.name)
    return row


def change_scenario(row: TariffScenario, draft: ScenarioDraft, actor: Actor) -> None:
    """Change a scenario that is not attached, and reckon it again from the administration as it is now."""
    _demand_free(row)
    _demand(draft, row)
    _fill(row, draft)
    _reckon(row)
    row.changed_at = clock.now()
    session().flush()
    record(events.SCENARIO_CHANGED, actor, subject=f"tariff_scenario:{row.id}", name=row.name)


def refresh_scenario(row: TariffScenario, actor: Actor) -> None:
    """Reckon it again from the administration as it is now."""
    _demand_free(row)
    if row.year < clock.today().year:
        raise Refused("Dit jaar is voorbij. Maak een kopie voor een ander jaar.")
    _reckon(row)
    row.changed_at = clock.now()
    session().flush()
    record(events.SCENARIO_REFRESHED, actor, subject=f"tariff_scenario:{row.id}", name=row.name)


def attach_scenario(
    row: TariffScenario, actor: Actor, *, decision: Decision | None = None, preparing: str | None = None
) -> ScenarioAttachment:
    """Attach a scenario to a decision or advice, or to advice in preparation. From the first time on it lies fixed."""
    lock(row)
    if (decision is None) == (preparing is None):
        raise Refused("Kies een besluit of advies, of schrijf op wat in voorbereiding is; een van de twee.")
    if decision is not None and any(found.decision_id == decision.id for found in row.attachments):
        raise Refused("Dit scenario hoort al bij dit besluit of advies.", field="decision")
    made = ScenarioAttachment(
        scenario_id=row.id,
        decision_id=decision.id if decision else None,
        preparing=preparing,
        attached_by=actor.person,
        attached_at=clock.now(),
    )
    session().add(made)
    session().flush()
    session().expire(row, ["attachments"])
    what = f"{decision.number}: {decision.title}" if decision else f"stuk in voorbereiding: {preparing}"
    record(events.SCENARIO_ATTACHED, actor, subject=f"tariff_scenario:{row.id}", name=row.name, what=what)
    return made


def propose_table_of(row: TariffScenario, draft: TableDraft, decision: Decision, actor: Actor) -> Approval:
    """Ask a colleague to record the table of a scenario, which from then on belongs to its decision."""
    if all(found.decision_id != decision.id for found in row.attachments):
        attach_scenario(row, actor, decision=decision)
    return propose_table(draft, actor)


def _demand_free(row: TariffScenario) -> None:
    lock(row)
    session().expire(row, ["attachments"])
    if row.is_fixed:
        raise Refused(FIXED)


def _demand(draft: ScenarioDraft, row: TariffScenario | None) -> None:
    this_year = clock.today().year
    if not this_year <= draft.year <= this_year + YEARS_AHEAD:
        raise Refused(f"Kies een jaar van {this_year} tot en met {this_year + YEARS_AHEAD}.", field="year")
    if draft.budget is not None and draft.budget < 0:
        raise Refused("Een begroting kan niet negatief zijn. Vul 0 of meer in.", field="budget")
    taken = select(TariffScenario.id).where(TariffScenario.name == draft.name)
    found = session().scalar(taken)
    if found is not None and (row is None or found != row.id):
        raise Refused("Er is al een scenario met deze naam. Kies een andere naam.", field="name")
    wrong = problems(draft.tables)
    if wrong:
        raise Refused(wrong[0].told)


def _fill(row: TariffScenario, draft: ScenarioDraft) -> None:
    row.name, row.explanation = draft.name, draft.explanation
    row.population, row.year = draft.population, draft.year
    row.ends_zero_tariff, row.budget = draft.ends_zero_tariff, draft.budget
    row.rows = to_json(draft.tables)


def _reckon(row: TariffScenario) -> None:
    live = queries.facts_of(row.population, row.year, clock.today())
    differing = facts.audiences_differ(live.present, from_json(row.rows))
    if differing:
        raise Refused(
            f"De tabel telt voor {' en '.join(differing)} iets anders dan de huidige tabel. Een vergelijking kan alleen"
            " met dezelfde grondslag. Maak het scenario opnieuw vanuit de huidige tabel."
        )
    row.facts, row.counted_at = facts.kept(live), clock.now()
    result = queries.outcome(row, live)
    row.income_before, row.income = result.income_before, result.income
