"""The list as files, the same rows as on the page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from core.listing import csv_text
from register.rules import LICENCE_URL, Listing, Selection

EXAMPLE = "VOORBEELD: verzonnen gegevens, geen echte aansluiting"
HEADINGS = (
    "naam",
    "bedrijfsonderdeel",
    "rol",
    "sector",
    "modules",
    "aangesloten sinds",
    "provincie",
    "plaats",
    "keurmerk",
)


def csv_document(rows: Sequence[Listing], *, is_demo: bool) -> bytes:
    """UTF-8 with BOM, semicolons, CRLF. Of an installation with example data every row says so."""
    more = ("VOORBEELD",) if is_demo else ()
    cells = [
        (
            row.name,
            row.unit,
            row.role.name,
            row.sector.name,
            ", ".join(module.name for module in row.modules),
            "voorbeeld" if row.is_example else row.since.isoformat() if row.since else "",
            row.province,
            row.place,
            row.directory_id,
            *((EXAMPLE,) if is_demo else ()),
        )
        for row in rows
    ]
    return ("\ufeff" + csv_text((*HEADINGS, *more), cells)).encode()


def json_document(
    rows: Sequence[Listing], selection: Selection, updated_on: date | None, *, is_demo: bool, badge_address: str
) -> bytes:
    """The rows with what was asked for. `badge_address` is the address of verification pages, without the id."""
    content = {
        **({"let_op": EXAMPLE} if is_demo else {}),
        "licentie": LICENCE_URL,
        "bijgewerkt_op": updated_on.isoformat() if updated_on else None,
        "aantal": len(rows),
        "filter": {
            name: value
            for name, value in (
                ("q", selection.q),
                ("rol", selection.rol),
                ("module", selection.module),
                ("sector", selection.sector),
                ("provincie", selection.provincie),
            )
            if value
        },
        "deelnemers": [
            {
                "id": row.directory_id,
                "naam": row.name,
                "bedrijfsonderdeel": row.unit or None,
                "rol": {"code": row.role.code, "naam": row.role.name},
                "sector": {"code": row.sector.code, "naam": row.sector.name},
                "modules": [{"code": module.code, "naam": module.name} for module in row.modules],
                "aangesloten_sinds": row.since.isoformat() if row.since else None,
                "provincie": row.province or None,
                "plaats": row.place or None,
                "keurmerk": f"{badge_address}{row.directory_id}",
            }
            for row in rows
        ],
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
