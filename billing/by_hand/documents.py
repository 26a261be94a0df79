"""What is asked for when an invoice is made by hand: plain values, kept with the request for approval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.money import ZERO


@dataclass(frozen=True)
class HandLine:
    """One line, in euros without VAT; less than nothing takes something off."""

    description: str
    net: Decimal


@dataclass(frozen=True)
class ByHand:
    """An invoice by hand, before it has number, parties and VAT."""

    reason: str
    lines: tuple[HandLine, ...]
    starts_on: date
    """First day of the period it is about …"""
    ends_on: date
    """… and the last."""
    decision_id: int | None = None
    """The decision on which it rests; None when it rests on its reason alone."""

    @property
    def net(self) -> Decimal:
        """The total in euros without VAT."""
        return sum((line.net for line in self.lines), ZERO)

    def to_json(self) -> dict[str, Any]:
        """As kept with the request."""
        return {
            "reason": self.reason,
            "lines": [[line.description, str(line.net)] for line in self.lines],
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat(),
            "decision": self.decision_id,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> ByHand:
        return cls(
            reason=stored["reason"],
            lines=tuple(HandLine(description, Decimal(net)) for description, net in stored["lines"]),
            starts_on=date.fromisoformat(stored["starts_on"]),
            ends_on=date.fromisoformat(stored["ends_on"]),
            decision_id=stored["decision"],
        )
