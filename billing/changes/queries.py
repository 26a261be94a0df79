"""Reads about changes of category: what is still to be decided, and what was."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from billing.changes.kinds import OPEN, ChangeStage
from billing.changes.models import CategoryChange
from billing.tariffs.queries import CannotClassify, Numbers, classification_of
from billing.tariffs.rules import UNITS, Classification, Policy
from core.db import session
from core.errors import NotFound
from core.filters import euro, number
from core.money import ZERO
from participants.models import Organisation, Participant


@dataclass(frozen=True)
class UndecidedChange:
    """A category that would change without a decision: the annual invoice waits. Fees are those of the table, in euros
    without VAT, for a whole year."""

    participant_id: int
    name: str
    basis: str
    old_number: int
    old_category: str
    old_fee: Decimal
    new_number: int
    new_category: str
    new_fee: Decimal
    sentence: str
    """In Dutch: what changes, and what is to be done."""

    @property
    def difference(self) -> Decimal:
        return self.new_fee - self.old_fee


def undecided(
    participants: Sequence[Participant], year: int, policy: Policy, numbers: Numbers
) -> dict[int, UndecidedChange]:
    """By participant: whose category over a year would change without a decision of two. `policy` and `numbers` are of
    1 January of that year; no queries of its own. Who cannot be classified is left out."""
    found = {}
    for participant in participants:
        try:
            outcome = classification_of(participant, date(year, 1, 1), policy, numbers)
        except CannotClassify:
            continue
        change = undecided_change(participant, outcome)
        if change is not None:
            found[participant.id] = change
    return found


def undecided_change(participant: Participant, found: Classification) -> UndecidedChange | None:
    """The same, of an outcome that is known; None when nothing waits."""
    new = found.proposed
    if new is None or found.number is None or new.number is None or new.basis is None:
        return None
    unit = UNITS[new.basis][1]
    return UndecidedChange(
        participant_id=participant.id,
        name=participant.name,
        basis=new.basis,
        old_number=found.number,
        old_category=found.category,
        old_fee=found.annual_fee,
        new_number=new.number,
        new_category=new.category,
        new_fee=new.annual_fee,
        sentence=f"De categorie zou veranderen van {found.category} ({number(found.number)} {unit}) in {new.category}"
        f" ({number(new.number)} {unit}; jaartarief {euro(found.annual_fee)} wordt {euro(new.annual_fee)}) en daarover"
        " is nog niet besloten. Financiën legt het voor bij Tarieven, Wijziging van categorie.",
    )


# ------------------------------------------------------------------------------------------------- what is kept


def changes(stage: ChangeStage | None = None) -> Select[CategoryChange]:
    """Changes with their participants, unordered; of one stage or of all."""
    query = (
        select(CategoryChange)
        .join(CategoryChange.participant)
        .join(Participant.organisation)
        .options(
            contains_eager(CategoryChange.participant).contains_eager(Participant.organisation),
            contains_eager(CategoryChange.participant).joinedload(Participant.role),
        )
    )
    return query if stage is None else query.where(CategoryChange.stage == stage)


SORT_COLUMNS = {
    "deelnemer": Organisation.short_name,
    "oud": CategoryChange.old_category,
    "nieuw": CategoryChange.new_category,
    "verschil": CategoryChange.new_fee - CategoryChange.old_fee,
    "ingang": CategoryChange.effective_on,
}


def changes_by_id(keys: Collection[int]) -> list[CategoryChange]:
    """By name of the participant; keys that do not exist are left out."""
    query = changes().where(CategoryChange.id.in_(keys)).order_by(Organisation.search_text, CategoryChange.id)
    return list(session().execute(query).scalars())


def changes_of_approval(approval_id: int) -> list[CategoryChange]:
    """What one request is about, by name. Raises NotFound when there is no such request."""
    query = changes().where(CategoryChange.approval_id == approval_id)
    rows = list(session().execute(query.order_by(Organisation.search_text, CategoryChange.id)).scalars())
    if not rows:
        raise NotFound("Dit verzoek bestaat niet, of gaat niet over een wijziging van categorie.")
    return rows


def changes_of(participant_id: int) -> list[CategoryChange]:
    """Of one participant, newest first; those that lapsed are left out."""
    query = (
        select(CategoryChange)
        .where(CategoryChange.participant_id == participant_id, CategoryChange.stage != ChangeStage.LAPSED)
        .options(joinedload(CategoryChange.approval))
    )
    return list(session().execute(query.order_by(CategoryChange.id.desc())).scalars())


def open_change(participant_id: int) -> CategoryChange | None:
    """The change on which still is to be decided."""
    query = select(CategoryChange).where(
        CategoryChange.participant_id == participant_id, CategoryChange.stage.in_(list(OPEN))
    )
    return session().execute(query).scalar_one_or_none()


def open_changes() -> dict[int, CategoryChange]:
    """All changes on which still is to be decided, by participant."""
    query = select(CategoryChange).where(CategoryChange.stage.in_(list(OPEN)))
    return {row.participant_id: row for row in session().execute(query).scalars()}


def counts_by_stage() -> dict[ChangeStage, int]:
    """How many changes there are of each stage."""
    query = select(CategoryChange.stage, func.count()).group_by(CategoryChange.stage)
    return dict(session().execute(query).all())


@dataclass(frozen=True)
class Move:
    """How many go from one category to another, and what that means a year, in euros without VAT."""

    old_category: str
    new_category: str
    count: int
    difference: Decimal


def moves(rows: Sequence[CategoryChange]) -> list[Move]:
    """Totals per pair of categories, in their order."""
    sums: dict[tuple[str, str], tuple[int, Decimal]] = {}
    for row in rows:
        count, difference = sums.get((row.old_category, row.new_category), (0, ZERO))
        sums[row.old_category, row.new_category] = (count + 1, difference + row.difference)
    return [Move(*pair, *totals) for pair, totals in sorted(sums.items())]
