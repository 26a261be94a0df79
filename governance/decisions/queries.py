"""Finding decisions, what followed from one, and what still waits for one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, Select, extract, or_, select
from sqlalchemy.orm import aliased, joinedload

from core import approvals, clock, filters
from core.approvals import Approval, Outcome
from core.db import session
from core.errors import NotFound
from core.permissions import current_caller
from core.sources import Gathered, gather
from governance.kinds import NEEDS_ADVICE, Body, DecisionKind
from governance.models import Decision, DecisionDocument, Setting
from governance.queries import label_of, settings_on, shown_value
from governance.rules import EFFECTS, Effect, Waiting, part_of, register_effects, register_waiting

NAME = "decision"
"""The kind of approval that records a decision."""


@dataclass(frozen=True)
class DecisionFilter:
    """What the register shows; None or empty means everything."""

    body: Body | None = None
    kind: DecisionKind | None = None
    year: int | None = None
    text: str = ""


SORT_COLUMNS: Mapping[str, Any] = {
    "nummer": Decision.number,
    "datum": Decision.decided_on,
    "onderwerp": Decision.title,
}


def decision_list(chosen: DecisionFilter) -> Select[Decision]:
    """The decisions and advices of a filter, unordered."""
    query = select(Decision).options(joinedload(Decision.advice), joinedload(Decision.superseded_by))
    if chosen.body is not None:
        query = query.where(Decision.body == chosen.body)
    if chosen.kind is not None:
        query = query.where(Decision.kind == chosen.kind)
    if chosen.year is not None:
        query = query.where(extract("year", Decision.decided_on) == chosen.year)
    if chosen.text:
        query = query.where(_mentions(chosen.text))
    return query


def _mentions(words: str) -> ColumnElement[bool]:
    columns = (Decision.number, Decision.title, Decision.text, Decision.reasons)
    return or_(*(column.icontains(words, autoescape=True) for column in columns))


def decision_years() -> list[int]:
    """The years in which anything was decided, latest first."""
    year = extract("year", Decision.decided_on)
    return [int(value) for value in session().execute(select(year).distinct().order_by(year.desc())).scalars()]


def advices() -> list[Decision]:
    """What the advisory board advised, latest first."""
    query = select(Decision).where(Decision.body == Body.ADVISORY_BOARD)
    return list(session().execute(query.order_by(Decision.decided_on.desc(), Decision.id.desc())).scalars())


def not_superseded() -> list[Decision]:
    """Decisions of which the place can still be taken, latest first."""
    later = aliased(Decision)
    query = select(Decision).outerjoin(later, later.supersedes_id == Decision.id).where(later.id.is_(None))
    return list(session().execute(query.order_by(Decision.decided_on.desc(), Decision.id.desc())).scalars())


def document(number: str, document_id: int) -> DecisionDocument:
    """A document of a decision. Raises NotFound."""
    query = (
        select(DecisionDocument)
        .join(Decision, Decision.id == DecisionDocument.decision_id)
        .where(Decision.number == number, DecisionDocument.id == document_id)
    )
    found = session().execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound("Dit stuk bestaat niet bij dit besluit.")
    return found


def decisions_by_id(keys: list[int]) -> list[Decision]:
    """The decisions with these ids, latest first."""
    query = select(Decision).where(Decision.id.in_(keys)).order_by(Decision.decided_on.desc(), Decision.id.desc())
    return list(session().execute(query).scalars())


# --------------------------------------------------------------------------------------------- proposals


def proposals() -> list[Approval]:
    """Decisions that a colleague still has to confirm, oldest first."""
    return [row for row in approvals.waiting() if row.kind == NAME]


def proposal(approval_id: int) -> Approval:
    """A proposal, also when a colleague decided on it. Raises NotFound."""
    row = session().get(Approval, approval_id)
    if row is None or row.kind != NAME:
        raise NotFound("Dit voorstel bestaat niet.")
    return row


def outcome_of(row: Approval) -> Decision | None:
    """The decision that came of a proposal."""
    if row.outcome is not Outcome.APPROVED or "number" not in row.payload:
        return None
    query = select(Decision).where(Decision.number == row.payload["number"])
    return session().execute(query).scalar_one_or_none()


# --------------------------------------------------------------------------------------------- what followed


def effects_of(decision: Decision) -> Gathered[Effect]:
    """Everything that rests on a decision, from all packages; what could not be read is named."""
    return gather([(part_of(source), partial(source, decision.id)) for source in EFFECTS])


@register_effects
def settings_resting_on(decision_id: int) -> list[Effect]:
    """Settings that were chosen by the decision."""
    query = select(Setting).where(Setting.decision_id == decision_id).order_by(Setting.starts_on, Setting.id)
    who = current_caller()
    url = url_for("governance.list_settings") if who and who.may("setting:view") else None
    return [
        Effect("Instelling", label_of(row), f"{shown_value(row)}, vanaf {filters.day(row.starts_on)}.", url)
        for row in session().execute(query).scalars()
    ]


# --------------------------------------------------------------------------------------------- what waits


@register_waiting
def advices_without_decision(body: Body) -> list[Waiting]:
    """For the board: advices after which nothing was decided yet."""
    if body is not Body.BOARD:
        return []
    later = aliased(Decision)
    query = (
        select(Decision)
        .outerjoin(later, later.advice_id == Decision.id)
        .where(Decision.body == Body.ADVISORY_BOARD, Decision.kind.in_(NEEDS_ADVICE), later.id.is_(None))
        .order_by(Decision.decided_on, Decision.id)
    )
    return [
        Waiting(
            f"Besluiten na advies {row.number}: {row.title}",
            f"{row.kind.label}; de raad van advies adviseerde op {filters.day(row.decided_on)}.",
            url_for("governance.show_decision", number=row.number),
            row.decided_on,
        )
        for row in session().execute(query).scalars()
    ]


@register_waiting
def settings_to_confirm(body: Body) -> list[Waiting]:
    """For the board: settings that hold until it confirms them, as one point."""
    rows = [row for row in settings_on(clock.today()) if row.to_confirm] if body is Body.BOARD else []
    if not rows:
        return []
    noun = "instelling" if len(rows) == 1 else "instellingen"
    return [
        Waiting(
            f"{len(rows)} {noun} bevestigen",
            "Wat geen bron zegt, staat op een keuze die geldt tot het bestuur haar bevestigt.",
            url_for("governance.list_settings"),
            min(row.starts_on for row in rows),
        )
    ]
