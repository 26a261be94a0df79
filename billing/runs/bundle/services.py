"""Everything that an accountant needs to follow a run, in one archive. The same run gives the same bytes: it is made of
what is stored alone, and its files carry the moment of approval."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from billing.runs import queries
from billing.runs.models import InvoiceRun, RunItem
from billing.runs.services import hashes, name_of
from core import clock, filters
from core.db import session
from core.listing import csv_text

README = """Facturatieronde {name}

Wat erin zit:
- ronde.json       stand, kenmerken (SHA-256), wie voorbereidde en goedkeurde, tarieftabel, besluiten, instellingen
- deelnemers.csv   elke deelnemer: factuur, € 0,00, apart gezet of eerder gefactureerd, met bedrag en verschil
- totalen.csv      per categorie
- nummers.csv      de factuurnummers van deze ronde en wat daartussen ontbreekt
- invoer.json      waarop elk bedrag rust: aantallen met hun bron, ingangsdatum, tarief

Kenmerk van de invoer:     {input_hash}
Kenmerk van de voorvertoning: {preview_hash}
Opnieuw berekend uit dit bestand: {verdict}
"""


def bundle(run: InvoiceRun) -> bytes:
    """The archive (ZIP) of a run that was calculated."""
    again = hashes(run)
    verdict = "gelijk" if again == (run.input_hash, run.preview_hash) else "VERSCHILT"
    items = session().execute(
        select(RunItem).where(RunItem.run_id == run.id).order_by(RunItem.position).options(joinedload(RunItem.invoice))
    )
    rows = list(items.scalars())
    files = {
        "LEESMIJ.txt": README.format(
            name=name_of(run), input_hash=run.input_hash, preview_hash=run.preview_hash, verdict=verdict
        ),
        "ronde.json": _json(_head(run)),
        "deelnemers.csv": _csv(_HEADINGS, (_item(row) for row in rows)),
        "totalen.csv": _csv(
            ("Categorie", "Aantal", "Zonder btw", "Btw", "Met btw", "Vorig jaar zonder btw"),
            (
                (total.category, total.count, total.net, total.vat, total.gross, total.previous_net)
                for total in queries.totals(run)
            ),
        ),
        "nummers.csv": _csv(
            ("Stelselbeheerder", "Jaar", "Soort", "Eerste nummer", "Laatste nummer", "Ontbreekt"),
            (
                (
                    row.seller,
                    row.year,
                    row.kind.label,
                    row.first_number,
                    row.last_number,
                    " ".join(map(str, row.missing)) or "niets",
                )
                for row in queries.series_of(run)
            ),
        ),
        "invoer.json": _json([{"deelnemer": row.participant_id, **row.facts} for row in rows]),
    }
    return _archive(files, run.approved_at or run.previewed_at or run.started_at)


_HEADINGS = (
    "Deelnemer",
    "Uitkomst",
    "Factuurnummer",
    "Categorie",
    "Zonder btw",
    "Btw",
    "Met btw",
    "Jaartarief vorig jaar",
    "Verschil",
    "Waarop het rust",
    "Apart gezet",
    "Wie is aan zet",
    "Kenmerk",
)


def _item(row: RunItem) -> Sequence[Any]:
    return (
        row.name,
        row.outcome.label,
        row.invoice.number if row.invoice else "",
        row.category,
        row.net,
        row.vat,
        row.gross,
        "" if row.previous_net is None else row.previous_net,
        row.difference,
        row.facts.get("sentence", ""),
        row.problem or "",
        row.park_reason.owner.label if row.park_reason else "",
        row.content_hash,
    )


def _head(run: InvoiceRun) -> dict[str, Any]:
    found = queries.completeness(run)
    names = queries.names_of([run.prepared_by, run.approved_by])
    return {
        "ronde": name_of(run),
        "jaar": run.year,
        "wie": run.scope.label,
        "stand": run.stage.label,
        "voorbereid_door": names.get(run.prepared_by),
        "berekend_op": filters.moment(run.previewed_at),
        "goedgekeurd_door": names.get(run.approved_by),
        "goedgekeurd_op": filters.moment(run.approved_at) if run.approved_at else None,
        "afgerond_op": filters.moment(run.issued_at) if run.issued_at else None,
        "kenmerk_invoer": run.input_hash,
        "kenmerk_voorvertoning": run.preview_hash,
        "abonnementen": found.subscriptions,
        "facturen": found.invoiced,
        "facturen_van_nul": found.zero,
        "apart_gezet": found.parked,
        "eerder_gefactureerd": found.earlier,
        "klopt": found.is_complete,
        "grondslag": run.basis,
    }


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True, default=str) + "\n"


def _csv(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    return "\ufeff" + csv_text(headings, (tuple(_written(value) for value in row) for row in rows))


def _written(value: Any) -> Any:
    return f"{value:.2f}".replace(".", ",") if isinstance(value, Decimal) else value


def _archive(files: dict[str, str], moment: datetime) -> bytes:
    local = moment.astimezone(clock.AMSTERDAM)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, local.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return out.getvalue()
