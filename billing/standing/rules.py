"""Which number governs a category. A newer number that would give another category does not take effect by itself: it
is proposed, and two people decide from which day on. Source: docs/domain.md §1.5 and §1.8, issue 4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from billing.tariffs.rules import (
    UNITS,
    Category,
    Classification,
    NoCategory,
    Policy,
    annual_fee,
    classify,
    connection_fee,
    thousands,
    written,
)


@dataclass(frozen=True)
class Invoiced:
    """What the last annual invoice that stands rested on."""

    year: int
    invoice: str
    basis: str
    number: int


@dataclass(frozen=True)
class Decided:
    """A change of category on which two people decided."""

    effective_on: date
    decided_on: date
    basis: str
    old_number: int
    new_number: int
    is_approved: bool
    is_measured: bool = False
    """The new number was measured; the declared one stands beside it, unchanged."""

    @property
    def governing_number(self) -> int:
        """The new number when it was approved, else the old one, until a later decision."""
        return self.new_number if self.is_approved else self.old_number


@dataclass(frozen=True)
class Standing:
    """Of one participant; the decided changes oldest first."""

    invoiced: Invoiced | None = None
    decided: Sequence[Decided] = ()


@dataclass(frozen=True)
class _Held:
    number: int
    decided: Decided | None
    explanation: str


def _held(standing: Standing, basis: str, day: date) -> _Held | None:
    """The number to which a new one is compared: that of the newest decision in force on the day, or of an invoice that
    was made by it later; without a decision that of the last invoice."""
    in_force = [one for one in standing.decided if one.basis == basis and one.effective_on <= day]
    decided = in_force[-1] if in_force else None
    invoiced = standing.invoiced if standing.invoiced and standing.invoiced.basis == basis else None
    if decided is None:
        return _Held(invoiced.number, None, f" zoals op factuur {invoiced.invoice}") if invoiced else None
    if invoiced and date(invoiced.year, 1, 1) >= decided.effective_on and invoiced.number != decided.governing_number:
        return _Held(invoiced.number, None, f" zoals op factuur {invoiced.invoice}")
    return _Held(decided.governing_number, decided, "")


def governed(
    computed: Classification,
    policy: Policy,
    categories: Sequence[Category],
    standing: Standing | None,
    name: str,
    day: date,
) -> Classification:
    """The category that holds on a day, given the one by the newest number. Both are compared under the table of the
    day, so that other bounds of a new table take effect by themselves. `proposed` tells the computed outcome while it
    waits for a decision."""
    held = _held(standing, computed.basis, day) if standing and computed.basis else None
    if held is None or standing is None:
        return computed
    try:
        category = classify(categories, held.number)
    except NoCategory:
        return computed
    if category.name == computed.category:
        is_its_number = held.decided is not None and held.number == computed.number
        return replace(computed, sentence=computed.sentence + _fixed(held.decided)) if is_its_number else computed
    return _by_held_number(held, category, policy, name, None if _is_decided(standing, computed) else computed)


def _by_held_number(
    held: _Held, category: Category, policy: Policy, name: str, proposed: Classification | None
) -> Classification:
    fee = annual_fee(category, held.number, policy.open_top)
    one, more = UNITS[category.basis]
    number = f"{thousands(held.number)} {one if held.number == 1 else more}"
    return Classification(
        category=category.name,
        basis=category.basis,
        number=held.number,
        connection_fee=connection_fee(category, fee),
        annual_fee=fee,
        sentence=f"{name}: {number}{held.explanation}, categorie {category.name}{_fixed(held.decided)}",
        decision_id=policy.decision_id,
        row_id=category.row_id,
        proposed=proposed,
    )


def _is_decided(standing: Standing, computed: Classification) -> bool:
    """Whether the last decision was about this very number; it may hold from a later day on, or have kept the old. A
    decision on a measured number was about the declared one as well."""
    last = standing.decided[-1] if standing.decided else None
    if last is None or last.basis != computed.basis:
        return False
    return computed.number == last.new_number or (last.is_measured and computed.number == last.old_number)


def _fixed(decided: Decided | None) -> str:
    return f", vastgesteld op {written(decided.decided_on)}" if decided else ""
