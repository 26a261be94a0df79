"""The A–G table, and changes of it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from billing.simulator.rules import Tariffs
from billing.tariffs.rules import Category


def _table(basis: str, lowers: tuple[int, ...], step: int) -> list[Category]:
    fees = (0, 750, 1500, 3000, 7500, 15_000, 15_000)
    connection = (150, 150, 150, 300, 750, 1500, None)
    rows = [
        Category(name, basis, lower, upper, Decimal(fee), Decimal(once) if once is not None else None)
        for name, lower, upper, fee, once in zip("ABCDEFG", lowers, (*lowers[1:], None), fees, connection, strict=True)
    ]
    rows[-1] = replace(rows[-1], connection_share=Decimal(10), step_size=step, step_fee=Decimal(1500))
    return rows


A_TO_G = _table("inhabitants", (0, 15_000, 40_000, 70_000, 160_000, 540_000, 1_000_000), 100_000)
BY_FILES = _table("files", (0, 12, 500, 1_000, 2_500, 7_500, 10_000), 1_000)
PRESENT = Tariffs({"shv": A_TO_G, "creditor": BY_FILES})


def changed(name: str, *, audience: str = "shv", **values: Any) -> Tariffs:
    """The present table with one category changed; its neighbour follows when a lower bound moves."""
    rows = list(PRESENT.categories[audience])
    at = next(position for position, row in enumerate(rows) if row.name == name)
    rows[at] = replace(rows[at], **values)
    if "lower" in values and at:
        rows[at - 1] = replace(rows[at - 1], upper=values["lower"])
    return Tariffs({**PRESENT.categories, audience: rows})
