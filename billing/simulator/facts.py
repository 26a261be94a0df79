"""The facts of a scenario as it keeps them, so that its outcome stays the same to the cent; without names of
participants, which are looked up when they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from billing.kinds import OpenTop
from billing.simulator.rules import Subscription, Tariffs
from billing.tariffs.recording.rules import WHOM, from_json, to_json
from core.filters import number

UNKNOWN = "De categorie is nog niet te bepalen, want er ontbreekt een aantal. Het tarief van de deelnemer zegt welk."


@dataclass(frozen=True)
class Facts:
    """What a simulation begins with: read once."""

    table: str
    """Name of the table that holds."""
    present: Tariffs
    population: list[Subscription]


def kept(facts: Facts) -> dict[str, Any]:
    """As JSON."""
    return {
        "table": facts.table,
        "open_top": facts.present.open_top.value,
        "rows": to_json(facts.present.categories),
        "population": [
            [
                row.key,
                row.audience,
                row.number,
                row.fixed,
                int(row.is_zero),
                None if row.last_year is None else f"{row.last_year:.2f}",
                int(row.problem is not None),
            ]
            for row in facts.population
        ],
    }


def read(stored: Mapping[str, Any], names: Mapping[str, str]) -> Facts:
    """What `kept` made, with the names of today by key; a key without a name stands for itself."""
    return Facts(
        stored["table"],
        Tariffs(from_json(stored["rows"]), OpenTop(stored["open_top"])),
        [
            Subscription(
                key=key,
                name=names.get(key, key),
                audience=audience,
                number=amount,
                fixed=fixed,
                is_zero=bool(is_zero),
                last_year=None if last_year is None else Decimal(last_year),
                problem=UNKNOWN if is_unknown else None,
            )
            for key, audience, amount, fixed, is_zero, last_year, is_unknown in stored["population"]
        ],
    )


def changes(then: Facts, now: Facts) -> list[str]:
    """What changed in the administration since a scenario was reckoned, each as part of a sentence."""
    told = []
    if then.table != now.table:
        told.append(f"er geldt een andere tabel ({now.table})")
    elif to_json(then.present.categories) != to_json(now.present.categories):
        told.append("de huidige tabel is anders")
    if then.present.open_top is not now.present.open_top:
        told.append("de toeslag van de hoogste categorie wordt anders gerekend")
    old, new = ({row.key: _compared(row) for row in facts.population} for facts in (then, now))
    told += _counted(len(new.keys() - old.keys()), "is er bij gekomen", "zijn er bij gekomen")
    told += _counted(len(old.keys() - new.keys()), "is er niet meer", "zijn er niet meer")
    differing = sum(1 for key, row in new.items() if key in old and old[key] != row)
    told += _counted(differing, "heeft andere gegevens", "hebben andere gegevens")
    return told


def _compared(row: Subscription) -> Subscription:
    """Names do not matter, nor how a problem is worded."""
    return replace(row, name="", problem=None if row.problem is None else UNKNOWN)


def _counted(count: int, one: str, more: str) -> list[str]:
    return [f"{number(count)} {one if count == 1 else more}"] if count else []


def audiences_differ(present: Tariffs, changed: Mapping[str, Any]) -> list[str]:
    """For whom a table counts something else than the present one, so that the two cannot be compared."""
    return [
        whom
        for audience, whom in WHOM.items()
        if (old := present.categories.get(audience))
        and (new := changed.get(audience))
        and {row.basis for row in old} != {row.basis for row in new}
    ]
