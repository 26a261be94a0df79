"""The answers of /api/v1 as plain values; `specification` describes the same forms."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from register.documents import EXAMPLE
from register.open_data.rules import BASE, VERSION, Asked
from register.rules import LICENCE_LINK, LICENCE_NAME, LICENCE_URL, Listing

JSON = "application/json"
LICENCE = {"naam": LICENCE_NAME, "url": LICENCE_URL}


@dataclass(frozen=True)
class Place:
    """Where the installation stands, and whether everything in it is an example."""

    address: str
    """Scheme and host, without slash at the end."""
    is_demo: bool

    def url(self, path: str) -> str:
        return f"{self.address}{path}"

    @property
    def warning(self) -> dict[str, str]:
        return {"letOp": EXAMPLE} if self.is_demo else {}


def bytes_of(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def root(place: Place) -> dict[str, Any]:
    """What there is to ask."""
    return {
        **place.warning,
        "naam": "Deelnemers aan het Schuldenknooppunt",
        "versie": VERSION,
        "licentie": LICENCE,
        "_links": {
            "self": {"href": place.url(BASE)},
            "deelnemers": {"href": place.url(f"{BASE}/deelnemers")},
            "specificatie": {"href": place.url(f"{BASE}/openapi.json")},
            "uitleg": {"href": place.url("/open-data")},
        },
    }


def participant(row: Listing, place: Place) -> dict[str, Any]:
    """One participant. What is unknown, or not invented for an example, is null."""
    return {
        "id": row.directory_id,
        "naam": row.name,
        "bedrijfsonderdeel": row.unit or None,
        "rol": {"code": row.role.code, "naam": row.role.name},
        "sector": {"code": row.sector.code, "naam": row.sector.name},
        "modules": [{"code": module.code, "naam": module.name, "sinds": _iso(module.since)} for module in row.modules],
        "aangeslotenSinds": _iso(row.since),
        "provincie": row.province or None,
        "plaats": row.place or None,
        "gemeenten": list(row.municipalities),
        "aansluitwijze": row.channel or None,
        "voorbeeld": row.is_example or place.is_demo,
        "_links": {
            "self": {"href": place.url(f"{BASE}/deelnemers/{row.directory_id}")},
            "pagina": {"href": place.url(f"/deelnemers/{row.directory_id}")},
            "keurmerk": {"href": place.url(f"/keurmerk/{row.directory_id}")},
        },
    }


def one(row: Listing, place: Place) -> dict[str, Any]:
    """One participant as an answer of its own: with the licence."""
    return {**place.warning, **participant(row, place), "licentie": LICENCE}


def collection(rows: Sequence[Listing], asked: Asked, updated_on: date | None, place: Place) -> dict[str, Any]:
    """One page of the list. `rows`: all that fit the filters."""
    start = (asked.number - 1) * asked.size
    return {
        **place.warning,
        "deelnemers": [participant(row, place) for row in rows[start : start + asked.size]],
        "totaal": len(rows),
        "pagina": asked.number,
        "paginaGrootte": asked.size,
        "aantalPaginas": asked.pages(len(rows)),
        "bijgewerktOp": _iso(updated_on),
        "licentie": LICENCE,
        "_links": {
            relation: {"href": place.url(f"{BASE}/deelnemers{query}")}
            for relation, query in asked.links(len(rows)).items()
        },
    }


def link_header(links: Mapping[str, Mapping[str, str]]) -> str:
    """The `_links` of a page as header (RFC 8288), with the licence."""
    pages = [f'<{link["href"]}>; rel="{relation}"' for relation, link in links.items()]
    return ", ".join([*pages, LICENCE_LINK])


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
