"""Which module fits which role, as the published matrix says it; nothing here reads a file or the database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

ROLE_OF_TYPE = {
    "Schuldeisers": "creditor",
    "Schuldhulpverleners fase 1": "shv_phase_1",
    "Schuldhulpverleners fase 2": "shv_phase_2",
    "Overige schuldhulpverleners": "shv_other",
    "Bewindvoerders": "administrator",
}
"""Columns of the published matrix (docs/domain.md §3.1) and the roles of this administration."""

PHASE_2, CREDIT_BANK, FUND = "shv_phase_2", "credit_bank", "guarantee_fund"
ONLY_CREDIT_BANKS = "kredietbanken"


@dataclass(frozen=True, order=True)
class Audience:
    """A role may use a module, if need be on a condition (a Dutch sentence)."""

    module_code: str
    role_code: str
    condition: str | None = None


def audiences_of_cell(module_code: str, role_code: str, cell: str) -> list[Audience]:
    """What one cell of the matrix means: "nee", "ja", "ja (kredietbanken)" or "ja (…)" with a condition.

    A credit bank is a debt counsellor of phase 2 with more, so it gets what phase 2 gets; what the matrix leaves to
    credit banks goes to that role, and to the fund on the other side. Raises ValueError for another text.
    """
    found = re.fullmatch(r"(ja|nee)(?: \((.+)\))?", cell.strip())
    if found is None:
        raise ValueError(f"'{cell}' is geen ja of nee")
    if found[1] == "nee":
        return []
    if found[2] == ONLY_CREDIT_BANKS:
        return [Audience(module_code, CREDIT_BANK), Audience(module_code, FUND)]
    condition = f"{found[2][0].upper()}{found[2][1:]}." if found[2] else None
    audience = Audience(module_code, role_code, condition)
    return [audience, Audience(module_code, CREDIT_BANK, condition)] if role_code == PHASE_2 else [audience]


def chain_of_versions(released_on: Sequence[date], since: date) -> list[tuple[int, date, date | None]]:
    """Which version somebody used when, who always followed the newest: position, first day, and first day of the next.
    `released_on` are the days of release, oldest first; nobody used a version before it was released."""
    found = []
    for n, day in enumerate(released_on):
        later = released_on[n + 1] if n + 1 < len(released_on) else None
        if later is None or later > since:
            found.append((n, max(since, day), later))
    return found
