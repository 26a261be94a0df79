"""What upper packages ask about privacy."""

from __future__ import annotations

from datetime import date

from governance.privacy.statistics.queries import purpose_on


def statistic_allowed(code: str, on: date) -> bool:
    """Whether a statistic may be made and shown on a day: its purpose and legal basis are recorded and it is switched
    on. What is not recorded stays off."""
    found = purpose_on(code, on)
    return found is not None and found.allowed and bool(found.purpose.strip() and found.legal_basis.strip())
