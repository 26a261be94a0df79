"""What an invoice would say, before it has a number: plain values that can be shown, hashed, stored and issued."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from billing.documents import InvoiceDocument
from billing.kinds import FeeKind
from billing.prepayments.kinds import Use
from core.money import ZERO

OF_THE_DAY = ("number", "issued_on", "due_on")
"""What an invoice gets at issue; a draft of another day is still the same draft."""


@dataclass(frozen=True)
class DraftLine:
    """One line with what it rests on. `charge_year`: the year that the fee is for, 0 for what is charged once, None for
    what may be charged more often, such as a correction."""

    fee_kind: FeeKind
    description: str
    net: Decimal
    vat_percentage: Decimal
    category: str
    charge_year: int | None = None
    tariff_row_id: int | None = None
    decision_id: int | None = None
    basis_number: int | None = None
    credits_line_id: int | None = None


@dataclass(frozen=True)
class Draft:
    """An invoice or credit note without number, of the seller in force."""

    participant_id: int
    name: str
    """Of the participant."""
    year: int
    operator_id: int
    document: InvoiceDocument
    lines: tuple[DraftLine, ...]
    mailed_to: str | None
    credits_id: int | None = None
    credits_part: bool = False
    use: Use | None = None
    """What it takes of the prepayments of the participant."""

    @property
    def annual_net(self) -> Decimal:
        """What it asks for the year itself, without VAT and without what is charged once."""
        return sum((line.net for line in self.lines if line.fee_kind is FeeKind.ANNUAL), ZERO)

    def to_json(self) -> dict[str, Any]:
        """As stored with a run: the document without number and days, amounts as text."""
        document = {name: value for name, value in self.document.to_json().items() if name not in OF_THE_DAY}
        lines = [
            {**asdict(line), "fee_kind": line.fee_kind.value, "net": str(line.net), "vat_percentage": _rate(line)}
            for line in self.lines
        ]
        return {
            "participant_id": self.participant_id,
            "year": self.year,
            "operator_id": self.operator_id,
            "mailed_to": self.mailed_to,
            "document": document,
            "lines": lines,
        }


def document_of(stored: Mapping[str, Any], on: date) -> InvoiceDocument:
    """The document of a stored draft, as if issued on a day without a number; for a look at it."""
    return InvoiceDocument.from_json(
        {**stored["document"], "number": "", "issued_on": on.isoformat(), "due_on": None},
    )


def _rate(line: DraftLine) -> str:
    return f"{line.vat_percentage.normalize():f}"


def digest(content: Any) -> str:
    """SHA-256 of plain values in their canonical form: sorted keys, no white space."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
