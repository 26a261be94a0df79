"""The retention schedule: one rule per kind of data, registered by who owns the table."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

Find = Callable[[date], Sequence[int | str]]
"""The keys of everything that is older than a day, in any order."""
CarryOut = Callable[[Sequence[int | str]], None]
"""Clear away exactly these."""


@dataclass(frozen=True)
class RetentionRule:
    """How long one kind of data may stand, and how it is cleared away."""

    name: str
    """package:object, for the terms and the approvals."""
    label: str
    """What is cleared away, in Dutch: "Tekst van verzonden mail"."""
    subject: str
    """The table."""
    effect: str
    """What is left afterwards, in Dutch."""
    months: int
    """The term until the client sets another, shown as "te bevestigen"."""
    find: Find
    carry_out: CarryOut


RULES: dict[str, RetentionRule] = {}


def register(rule: RetentionRule) -> RetentionRule:
    """Add a rule to the schedule. Raises ValueError when its name is taken."""
    if rule.name in RULES:
        raise ValueError(f"retention rule {rule.name} exists already")
    RULES[rule.name] = rule
    return rule


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last day of that month when it has no such day."""
    total = day.year * 12 + day.month - 1 - months
    year, month = divmod(total, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def digest(rule: str, before: date, keys: Sequence[int | str]) -> str:
    """SHA-256 over exactly this set: what was approved is what is carried out, or nothing is."""
    listed = "\n".join(sorted(map(str, keys)))
    return hashlib.sha256(f"{rule}\n{before.isoformat()}\n{listed}".encode()).hexdigest()
