"""Compare what governs with the newest numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from billing.changes.kinds import ChangeCause, ChangeStage
from billing.changes.models import CategoryChange
from billing.changes.rules import next_first_of_january
from billing.standing.queries import standing_of
from billing.tariffs.queries import CannotClassify, Outcome, classification_of, outcomes, policy_on, without_annual_fee
from billing.tariffs.rules import (
    MEASURED,
    UNITS,
    Classification,
    NoCategory,
    Policy,
    annual_fee,
    classify,
    thousands,
)
from core import clock
from core.db import is_among, session
from participants.kinds import Basis, MeasurementKind
from participants.models import Measurement, Participant
from participants.queries import latest_measurement


@dataclass(frozen=True)
class Candidate:
    """A newer number that gives another category than the one that governs."""

    participant: Participant
    cause: ChangeCause
    old: Classification
    new_number: int
    new_category: str
    new_fee: Decimal
    explanation: str
    table: str
    pays_nothing: bool
    counted_for: date

    def is_the_same_as(self, row: CategoryChange) -> bool:
        """Whether a change that is kept says just this."""
        mine = (self.cause, self.old.number, self.old.category, self.new_number, self.new_category, self.new_fee)
        kept = (row.cause, row.old_number, row.old_category, row.new_number, row.new_category, row.new_fee)
        return mine == kept and (self.pays_nothing, self.counted_for) == (row.pays_nothing, row.counted_for)

    def to_row(self, stage: ChangeStage) -> CategoryChange:
        return CategoryChange(
            participant_id=self.participant.id,
            participant=self.participant,
            stage=stage,
            cause=self.cause,
            basis=self.old.basis,
            old_number=self.old.number,
            old_category=self.old.category,
            old_fee=self.old.annual_fee,
            new_number=self.new_number,
            new_category=self.new_category,
            new_fee=self.new_fee,
            table_name=self.table,
            pays_nothing=self.pays_nothing,
            counted_for=self.counted_for,
            explanation=self.explanation,
            proposed_at=clock.now(),
        )


def candidates(on: date) -> Iterator[Candidate]:
    """Everybody whose category would change: over this year where it is not invoiced yet, else on the coming 1 January.
    One for each participant; a fixed number of queries."""
    found: dict[int, Candidate] = {}
    first_day, next_day = date(on.year, 1, 1), next_first_of_january(on)
    for day, rows in ((first_day, without_annual_fee(first_day)), (next_day, outcomes(next_day))):
        policy = policy_on(day)
        for candidate in (*_computed(rows, day, policy), *_measured(rows, day, policy)):
            found.setdefault(candidate.participant.id, candidate)
    yield from found.values()


def candidate_of(participant: Participant, day: date, *, pays_nothing: bool) -> Candidate | None:
    """Of one participant, for a day; None when nothing would change or nothing can be said."""
    policy = policy_on(day)
    try:
        found = classification_of(participant, day, policy)
    except CannotClassify:
        return None
    return _candidate(participant, found, day, policy, pays_nothing=pays_nothing)


def _computed(rows: Sequence[Outcome], day: date, policy: Policy) -> Iterator[Candidate]:
    for row in rows:
        candidate = _candidate(row.participant, row.found, day, policy, pays_nothing=row.is_zero) if row.found else None
        if candidate is not None:
            yield candidate


def _candidate(
    participant: Participant, found: Classification, day: date, policy: Policy, *, pays_nothing: bool
) -> Candidate | None:
    new = found.proposed
    if new is None or new.number is None:
        return None
    return Candidate(
        participant,
        ChangeCause.COUNTED if participant.role.basis is Basis.INHABITANTS else ChangeCause.DECLARED,
        found,
        new.number,
        new.category,
        new.annual_fee,
        new.sentence,
        policy.table,
        pays_nothing,
        day,
    )


def _measured(rows: Sequence[Outcome], day: date, policy: Policy) -> Iterator[Candidate]:
    """What the hub measured after the last declaration, where it would give another category."""
    by_id = {row.participant.id: row for row in rows if row.found and row.found.basis == MeasurementKind.FILES.value}
    query = (
        select(Measurement)
        .where(is_among(Measurement.participant_id, by_id), Measurement.kind == MeasurementKind.FILES)
        .where(Measurement.measured_on <= day)
        .order_by(Measurement.measured_on, Measurement.id)
    )
    newest = {row.participant_id: row for row in session().execute(query).scalars()} if by_id else {}
    measured = {key: row for key, row in newest.items() if key is not None and row.source == MEASURED}
    standing = standing_of(list(measured), day) if measured else {}
    for key, measurement in measured.items():
        row, found = by_id[key], by_id[key].found
        last = standing[key].decided[-1:] if key in standing else ()
        if found is None or found.proposed or any(one.new_number == measurement.value for one in last):
            continue
        try:
            category = classify(policy.categories[row.participant.role.audience], measurement.value)
        except NoCategory:
            continue
        if category.name == found.category:
            continue
        yield Candidate(
            row.participant,
            ChangeCause.MEASURED,
            found,
            measurement.value,
            category.name,
            annual_fee(category, measurement.value, policy.open_top),
            f"{row.participant.name}: {thousands(measurement.value)} {UNITS[category.basis][1]} volgens {MEASURED},"
            f" categorie {category.name}",
            policy.table,
            row.is_zero,
            day,
        )


def still_holds(row: CategoryChange) -> bool:
    """Whether the number on which a proposal rests is still the newest."""
    if row.cause is ChangeCause.MEASURED:
        latest = latest_measurement(MeasurementKind.FILES, participant_id=row.participant_id)
        return latest is not None and (latest.source, latest.value) == (MEASURED, row.new_number)
    try:
        found = classification_of(row.participant, row.counted_for)
    except CannotClassify:
        return False
    new = found.proposed
    return new is not None and (found.number, new.number, new.category) == (
        row.old_number,
        row.new_number,
        row.new_category,
    )
