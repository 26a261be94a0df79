"""What a prepayment entry is, and what is left and used."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.kinds import Labelled
from core.money import ZERO

DISCOUNT = "Korting launching customer"
"""How the benefit is called on an invoice."""


class EntryKind(Labelled):
    PREPAYMENT = "prepayment", "Vooruitbetaling"
    CONTRIBUTION = "contribution", "Bijdrage in de startperiode, zonder vooruitbetaling"
    CORRECTION = "correction", "Correctie of terugbetaling"


@dataclass(frozen=True)
class Available:
    """What is left of the prepayments of a participant."""

    paid: Decimal = ZERO
    """In euros with VAT, as it was paid."""
    benefit: Decimal = ZERO
    """The agreed benefit, in euros without VAT."""
    decision_id: int | None = None
    """The decision on which the benefit rests."""


NOTHING = Available()


@dataclass(frozen=True)
class Use:
    """What one invoice takes of it, in the same euros."""

    paid: Decimal
    benefit: Decimal
