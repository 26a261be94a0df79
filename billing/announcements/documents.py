"""The letter about a new bank account: plain values, of which PDF and mail are made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Letter:
    """What stands in the letter to one participant."""

    operator: str
    sender: tuple[str, ...]
    """Lines of the sender's address."""
    recipient: tuple[str, ...]
    written_on: date
    iban: str
    holder: str
    starts_on: date
    before: str | None
    """The account that holds until then."""
    code: str
    check_url: str
    logo_sha256: str | None
    example: bool
