"""Recording tariffs on decisions of the board. Nothing is recorded until a colleague agrees; then it lies fixed.
Callers hold scope staff and a transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from billing.events import EXCEPTION_RECORDED
from billing.models import CategoryException, TariffRow, TariffTable
from billing.tariffs.queries import policy_on, tariff_tables
from billing.tariffs.recording import events, queries, rules
from billing.tariffs.rules import Category
from core import approvals, clock, filters
from core.approvals import Approval
from core.audit import Actor, record
from core.db import advisory_lock, session
from core.errors import Refused
from governance.kinds import DecisionKind
from governance.models import Decision
from governance.services import demand_decision
from participants.kinds import Basis
from participants.models import Role

TABLE_NAME, EXCEPTION_NAME = queries.TABLE_NAME, queries.EXCEPTION_NAME
LOCK = "billing-tariffs"


def board_decision(key: int | None, kind: DecisionKind) -> Decision:
    """The decision to record something on. Raises Refused when it is not one of the board about just that."""
    found = session().get(Decision, key) if key is not None else None
    if found is None:
        raise Refused("Kies het besluit van het bestuur.", field="decision")
    demand_decision(found, kind)
    return found


def demand_nothing_waits(kind: str, about: str) -> None:
    """Raises Refused while a colleague has a request about the same thing."""
    if any(row.kind == kind and row.payload.get("about") == about for row in approvals.waiting()):
        raise Refused("Hierover ligt al een verzoek bij een collega. Wacht tot die heeft besloten.")


def numbered(decision: Decision) -> str:
    return f"{decision.number}: {decision.title}"


# ------------------------------------------------------------------------------------------------- tables


@dataclass(frozen=True)
class TableDraft:
    """A table to record."""

    name: str
    starts_on: date
    decision_id: int | None
    source: str
    tables: Mapping[str, Sequence[Category]]
    corrects_id: int | None = None
    """The recorded table that was wrong; then the day is that of the wrong one."""


def propose_table(draft: TableDraft, actor: Actor) -> Approval:
    """Ask a colleague to record a tariff table. Raises Refused for a table that is not right, a decision that is not of
    the board about tariffs, and a day that is not in the future."""
    advisory_lock(LOCK)
    _demand_table(draft)
    decision = board_decision(draft.decision_id, DecisionKind.TARIFF_TABLE)
    demand_nothing_waits(TABLE_NAME, draft.starts_on.isoformat())
    table, before = queries.tables_on(draft.starts_on)
    return approvals.request_approval(
        TABLE,
        actor,
        f"tarieftabel '{draft.name}' vastleggen",
        {
            "about": draft.starts_on.isoformat(),
            "name": draft.name,
            "starts_on": draft.starts_on.isoformat(),
            "decision": draft.decision_id,
            "source": draft.source,
            "rows": rules.to_json(draft.tables),
            "corrects": draft.corrects_id,
        },
        before={"Tarieftabel": table or "nog geen"},
        after={
            "Tarieftabel": draft.name,
            "Geldt vanaf": filters.day(draft.starts_on),
            "Besluit": numbered(decision),
            "Wat er verandert": "; ".join(rules.differences(before, draft.tables)) or "niets",
        },
    )


def _demand_table(draft: TableDraft) -> None:
    wrong = rules.problems(draft.tables)
    if wrong:
        raise Refused(wrong[0].told)
    known = tariff_tables()
    if any(table.name == draft.name for table in known):
        raise Refused("Er is al een tarieftabel met deze naam. Kies een andere naam.", field="name")
    if draft.corrects_id is not None:
        _demand_correction(draft, known)
        return
    if why := rules.why_not_from(draft.starts_on, clock.today()):
        raise Refused(why, field="starts_on")
    decision = session().get(Decision, draft.decision_id) if draft.decision_id else None
    if decision is not None and draft.starts_on < decision.starts_on:
        first = filters.day(decision.starts_on)
        raise Refused(f"Het besluit geldt vanaf {first}. Kies die dag of een latere.", field="starts_on")
    if any(table.starts_on == draft.starts_on for table in known):
        raise Refused(
            "Vanaf deze dag is al een tarieftabel vastgelegd. Is die niet goed? Kies dan welke tabel u corrigeert.",
            field="starts_on",
        )


def _demand_correction(draft: TableDraft, known: Sequence[TariffTable]) -> None:
    wrong = next((table for table in known if table.id == draft.corrects_id), None)
    if wrong is None or wrong.corrected_by is not None:
        raise Refused("Deze tabel is al gecorrigeerd, of bestaat niet. Kies de laatste.", field="corrects")
    if wrong.starts_on != draft.starts_on:
        first = filters.day(wrong.starts_on)
        raise Refused(f"Een correctie geldt vanaf dezelfde dag als de foute tabel: {first}.", field="starts_on")


def draft_of(row: Approval) -> TableDraft:
    """What a request holds."""
    payload: Mapping[str, Any] = row.payload
    return TableDraft(
        payload["name"],
        date.fromisoformat(payload["starts_on"]),
        payload["decision"],
        payload["source"],
        rules.from_json(payload["rows"]),
        payload["corrects"],
    )


def _record_table(approval: Approval, actor: Actor) -> None:
    advisory_lock(LOCK)
    draft = draft_of(approval)
    _demand_table(draft)
    record_table(draft, actor)


def record_table(draft: TableDraft, actor: Actor) -> TariffTable:
    """Record a table for good; whoever calls this has seen to the second person."""
    decision = board_decision(draft.decision_id, DecisionKind.TARIFF_TABLE)
    made = TariffTable(
        name=draft.name,
        starts_on=draft.starts_on,
        decision_id=decision.id,
        source=draft.source,
        corrects_id=draft.corrects_id,
    )
    made.rows = [
        TariffRow(
            audience=audience,
            basis=row.basis,
            category=row.name,
            lower=row.lower,
            upper=row.upper,
            annual_fee=row.annual_fee,
            connection_fee=row.connection_fee,
            connection_share=row.connection_share,
            step_size=row.step_size,
            step_fee=row.step_fee,
        )
        for audience, rows in draft.tables.items()
        for row in rows
    ]
    session().add(made)
    session().flush()
    record(
        events.TABLE_RECORDED,
        actor,
        subject=f"tariff_table:{made.id}",
        table=made.name,
        starts_on=filters.day(made.starts_on),
        decision=decision.number,
    )
    return made


# ------------------------------------------------------------------------------------------------- exceptions


def propose_exception(
    role_code: str, category: str, starts_on: date, ends_before: date, decision_id: int | None, actor: Actor
) -> Approval:
    """Ask a colleague to record that a role falls in a category for a time, whatever its number."""
    advisory_lock(LOCK)
    role = _demand_exception(role_code, category, starts_on, ends_before)
    decision = board_decision(decision_id, DecisionKind.TARIFF_EXCEPTION)
    demand_nothing_waits(EXCEPTION_NAME, role_code)
    return approvals.request_approval(
        EXCEPTION,
        actor,
        f"uitzondering vastleggen: {role.label.lower()} in categorie {category}",
        {
            "about": role_code,
            "role": role_code,
            "category": category,
            "starts_on": starts_on.isoformat(),
            "ends_before": ends_before.isoformat(),
            "decision": decision_id,
        },
        before={},
        after={
            "Rol": role.label,
            "Categorie": category,
            "Van": filters.day(starts_on),
            "Tot en met": filters.day(ends_before - timedelta(days=1)),
            "Besluit": numbered(decision),
        },
    )


def _demand_exception(role_code: str, category: str, starts_on: date, ends_before: date) -> Role:
    role = session().get(Role, role_code)
    if role is None or role.basis is Basis.NONE:
        raise Refused("Kies een rol waarvoor een tarief geldt.", field="role")
    if why := rules.why_not_from(starts_on, clock.today()):
        raise Refused(why, field="starts_on")
    if ends_before <= starts_on:
        raise Refused("De laatste dag ligt voor de eerste dag. Controleer de datums.", field="ends_on")
    known = [row.name for row in policy_on(starts_on).categories.get(role.audience, ())]
    if category not in known:
        raise Refused(f"De tarieftabel kent deze categorie niet. Kies uit: {', '.join(known)}.", field="category")
    overlap = select(CategoryException).where(
        CategoryException.role_code == role_code,
        CategoryException.starts_on < ends_before,
        CategoryException.ends_before > starts_on,
    )
    if session().execute(overlap.limit(1)).scalar_one_or_none() is not None:
        raise Refused("In deze dagen geldt al een uitzondering voor deze rol. Kies andere dagen.", field="starts_on")
    return role


def _record_exception(approval: Approval, actor: Actor) -> None:
    advisory_lock(LOCK)
    payload = approval.payload
    starts_on, ends_before = date.fromisoformat(payload["starts_on"]), date.fromisoformat(payload["ends_before"])
    role = _demand_exception(payload["role"], payload["category"], starts_on, ends_before)
    decision = board_decision(payload["decision"], DecisionKind.TARIFF_EXCEPTION)
    made = CategoryException(
        role_code=role.code,
        category=payload["category"],
        starts_on=starts_on,
        ends_before=ends_before,
        decision_id=decision.id,
    )
    session().add(made)
    session().flush()
    record(
        EXCEPTION_RECORDED,
        actor,
        subject=f"decision:{decision.id}",
        role=role.label.lower(),
        category=made.category,
        ends_before=filters.day(ends_before),
        decision=decision.number,
    )


# ------------------------------------------------------------------------------------------------- kinds of requests

CONFIRM = "tariff:confirm"
TABLE = approvals.register(
    approvals.Kind(TABLE_NAME, "Tarieftabel vastleggen", CONFIRM, _record_table, page="tariffs.show_table_request")
)
EXCEPTION = approvals.register(
    approvals.Kind(EXCEPTION_NAME, "Uitzondering op de tarieven vastleggen", CONFIRM, _record_exception)
)
