"""The map of municipalities: outlines from the data file, tones from the list."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from register.rules import Municipality

OUTLINES = Path(__file__).parent.parent / "data" / "gemeenten_2026_svgpaden.json"


@dataclass(frozen=True)
class Area:
    """A municipality on the map."""

    code: str
    name: str
    path: str
    tone: str
    """connected or none; who is on the way is not public."""


@dataclass(frozen=True)
class Outline:
    """A province on the map."""

    name: str
    path: str


@dataclass(frozen=True)
class MapData:
    """What the map macro draws."""

    view_box: str
    municipalities: tuple[Area, ...]
    provinces: tuple[Outline, ...]


@lru_cache(maxsize=1)
def _outlines() -> tuple[str, dict[str, str], dict[str, str]]:
    content = json.loads(OUTLINES.read_text(encoding="utf-8"))
    return content["viewBox"], content["paden"], content["provincies"]


def map_data(municipalities: Iterable[Municipality]) -> MapData:
    """The map with the municipalities that exist. A municipality without outline is missing from the map only; an
    outline of one that we do not know keeps its code as name."""
    view_box, paths, provinces = _outlines()
    known = {row.code: row for row in municipalities}
    return MapData(
        view_box,
        tuple(
            Area(
                code,
                known[code].name if code in known else code,
                path,
                "connected" if code in known and known[code].connected else "none",
            )
            for code, path in paths.items()
        ),
        tuple(Outline(name, path) for name, path in provinces.items()),
    )
