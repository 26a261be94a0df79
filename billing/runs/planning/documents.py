"""What a run would do for one participant: plain values, of which the hash is approved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from billing.issuing.documents import Draft, digest
from billing.kinds import NO_CATEGORY
from billing.runs.kinds import ItemOutcome, ParkReason


@dataclass(frozen=True)
class Plan:
    """What a run would do for one participant."""

    participant_id: int
    name: str
    outcome: ItemOutcome
    facts: Mapping[str, Any]
    difference: str
    previous_net: Decimal | None
    category: str = NO_CATEGORY
    draft: Draft | None = None
    park_reason: ParkReason | None = None
    problem: str | None = None
    recheck_on: date | None = None
    invoice_id: int | None = None
    """Of the invoice that stands already."""

    @property
    def content(self) -> dict[str, Any]:
        """What is approved: plain values."""
        return {
            "participant_id": self.participant_id,
            "outcome": self.outcome.value,
            "park_reason": self.park_reason.value if self.park_reason else None,
            "invoice_id": self.invoice_id,
            "draft": self.draft.to_json() if self.draft else None,
        }

    @property
    def content_hash(self) -> str:
        return digest(self.content)
