"""Whose an IBAN is on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.kinds import Labelled


class Standing(Labelled):
    """What can be said of an IBAN."""

    OURS = "ours", "Van ons"
    COMING = "coming", "Wordt van ons"
    PAST = "past", "Was van ons"
    UNKNOWN = "unknown", "Niet van ons"


@dataclass(frozen=True)
class Account:
    """An account of an operator during its time, half-open."""

    iban: str
    holder: str
    operator_id: int
    operator: str
    starts_on: date
    ends_before: date | None
    id: int | None = None
    """Of the row; None for the account with which the operator began."""
    recorded_on: date | None = None

    def is_in_force(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_before is None or day < self.ends_before)


def standing_of(accounts: Sequence[Account], iban: str, day: date) -> tuple[Standing, Account | None]:
    """Whether an IBAN is ours on a day, is going to be, or was; with the account that says so."""
    same = sorted((one for one in accounts if one.iban == iban), key=lambda one: one.starts_on)
    now = [one for one in same if one.is_in_force(day)]
    if now:
        return Standing.OURS, now[-1]
    coming = [one for one in same if one.starts_on > day and one.ends_before != one.starts_on]
    if coming:
        return Standing.COMING, coming[0]
    past = [one for one in same if one.ends_before is not None and one.starts_on < one.ends_before <= day]
    return (Standing.PAST, past[-1]) if past else (Standing.UNKNOWN, None)


def why_not(accounts: Sequence[Account], iban: str, starts_on: date, today: date) -> tuple[str, str] | None:
    """Why the operator of these accounts cannot get this one from that day: field and sentence. A payer has to be told
    in time, so that it starts in the future; the past lies fixed."""
    if any(one.iban == iban for one in accounts):
        return "iban", "Dit IBAN is al van ons, of was het. Een rekening kan maar één keer beginnen."
    if starts_on <= today:
        return (
            "starts_on",
            "Een nieuw IBAN gaat pas later in: eerst krijgen alle deelnemers een brief. Kies een latere dag.",
        )
    if accounts and starts_on <= max(one.starts_on for one in accounts):
        return "starts_on", "Op deze dag of later begint al een andere rekening. Kies een dag daarna."
    return None
