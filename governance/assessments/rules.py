"""When an assessment may be closed, and what asks attention."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from governance.assessments.kinds import FindingState, Severity, Verdict

ANNOUNCED = timedelta(days=60)
"""So long before its next date an assessment is put before who arranges it."""
GRAVE = frozenset({Severity.HIGH, Severity.CRITICAL})


@dataclass(frozen=True)
class FindingFacts:
    """Of one finding, what decides on the verdict."""

    severity: Severity
    state: FindingState
    has_owner: bool
    has_due_date: bool


def why_not_closed(verdict: Verdict, findings: Iterable[FindingFacts]) -> str | None:
    """A sentence when this verdict cannot be given; None when it can.

    With an open critical or high finding there is no verdict that lets a release go on. Under conditions, each finding
    that stays open has an owner and a date.
    """
    if verdict is Verdict.REJECTED:
        return None
    still_open = [one for one in findings if one.state is FindingState.OPEN]
    grave = sum(one.severity in GRAVE for one in still_open)
    if grave:
        which = "staat 1 bevinding" if grave == 1 else f"staan {grave} bevindingen"
        return f"Er {which} open met ernst hoog of kritiek. Handel die eerst af, of kies 'Niet akkoord'."
    if verdict is Verdict.CONDITIONS:
        if not still_open:
            return "Er staat geen bevinding open, dus er zijn geen voorwaarden. Kies 'Akkoord'."
        if not all(one.has_owner and one.has_due_date for one in still_open):
            return "Bij 'Akkoord onder voorwaarden' heeft elke open bevinding een eigenaar en een datum. Vul die aan."
    return None


def is_due_soon(next_on: date | None, on: date) -> bool:
    """Whether an assessment has to be done again within sixty days, or should have been already."""
    return next_on is not None and next_on <= on + ANNOUNCED


def is_overdue(state: FindingState, due_on: date | None, on: date) -> bool:
    """Whether an open finding should have been settled: its date lies before today."""
    return state is FindingState.OPEN and due_on is not None and due_on < on
