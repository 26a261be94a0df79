"""How a statement of account adds up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.kinds import Labelled
from core.money import ZERO


class MovementKind(Labelled):
    """What changes the balance. Payments come in a later issue, as one kind more."""

    INVOICE = "invoice", "Factuur"
    CREDIT_NOTE = "credit_note", "Creditnota"
    PREPAID = "prepaid", "Vooruitbetaald, verrekend"


@dataclass(frozen=True)
class Movement:
    """One line, before it is added up. What a participant owes counts as positive, in euros with VAT."""

    on: date
    kind: MovementKind
    number: str
    """Of the invoice or credit note."""
    description: str
    amount: Decimal


@dataclass(frozen=True)
class Line:
    """A movement with the balance after it."""

    movement: Movement
    balance: Decimal


@dataclass(frozen=True)
class Statement:
    """What stands on the statement, up to and including a day."""

    on: date
    year: int | None
    """Only movements of this year; None for all."""
    opening: Decimal
    """The balance before the first line."""
    lines: tuple[Line, ...]

    def total(self, kind: MovementKind) -> Decimal:
        """The sum of one kind of movements on this statement, in euros with VAT."""
        return sum((line.movement.amount for line in self.lines if line.movement.kind is kind), ZERO)

    @property
    def balance(self) -> Decimal:
        """Invoiced minus credited and prepaid, in euros with VAT. What was paid is not in it."""
        return self.lines[-1].balance if self.lines else self.opening


def statement(movements: Iterable[Movement], on: date, year: int | None = None) -> Statement:
    """Add movements up in their order, oldest first. Of a year: what came before it is the opening balance."""
    opening, lines = ZERO, []
    balance = ZERO
    for movement in movements:
        if movement.on > on or (year is not None and movement.on.year > year):
            continue
        balance += movement.amount
        if year is not None and movement.on.year < year:
            opening = balance
        else:
            lines.append(Line(movement, balance))
    return Statement(on, year, opening, tuple(lines))
