"""The registry of places where personal data stand; each owner of a table adds its own."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

ERASED = "verwijderd"
"""What stands in place of a name."""


def erased_address(key: int | str) -> str:
    """An address at which nobody can be reached; unique where it has to be."""
    return f"verwijderd-{key}@verwijderd.invalid"


@dataclass(frozen=True)
class Subject:
    """Who it is about."""

    email: str
    """Lower case."""
    accounts: tuple[int, ...]
    people: tuple[uuid.UUID, ...]
    """Keys of the audit trail."""


Row = Mapping[str, str]
"""What stands somewhere about a person, as pairs of a Dutch word and a value."""


@dataclass(frozen=True)
class Holding:
    """One place where data about people stand."""

    label: str
    collect: Callable[[Subject], list[Row]]
    erase: Callable[[Subject], int] | None
    """Returns how many rows were cleared; None where nothing may be cleared."""
    kept: str
    """Why all of it or a part stays, as a Dutch sentence; empty when nothing stays."""


HOLDINGS: list[Holding] = []


def register(holding: Holding) -> Holding:
    """Add a place; upper packages call this when they are imported."""
    HOLDINGS.append(holding)
    return holding
