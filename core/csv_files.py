"""Read a CSV file of facts: UTF-8 with or without BOM, comma or semicolon, columns by name."""

from __future__ import annotations

import csv
from pathlib import Path

from core.errors import UserError


def read(path: Path) -> list[dict[str, str]]:
    """The rows as texts; an absent cell is empty. Raises UserError for a file that is not such a table."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UserError(f"{path} kan niet worden gelezen: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is geen tekst in UTF-8. Sla het bestand op als CSV in UTF-8.") from error
    heading = text.partition("\n")[0]
    delimiter = ";" if heading.count(";") > heading.count(",") else ","
    try:
        rows = list(csv.DictReader(text.splitlines(keepends=True), delimiter=delimiter, restval="", strict=True))
    except csv.Error as error:
        raise UserError(f"{path} is geen CSV-bestand dat wij kunnen lezen: {error}.") from error
    if any(None in row for row in rows):
        raise UserError(f"{path} heeft regels met meer kolommen dan de kop. Controleer de scheidingstekens.")
    return rows
