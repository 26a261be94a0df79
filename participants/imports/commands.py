"""`flask participants import-organisations FILE…`"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from core import db as database
from core.audit import SYSTEM
from core.db import scoped, session, transaction
from participants.imports import rules
from participants.imports.rules import Table, UnreadableFile
from participants.imports.services import Importer, Outcome


@click.command("import-organisations")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Laat zien wat er zou veranderen; bewaar niets.")
@click.option("--json", "as_json", is_flag=True, help="Antwoord als JSON.")
def import_organisations(files: tuple[Path, ...], dry_run: bool, as_json: bool) -> None:
    """Lees gemeenten, opgeheven gemeenten en publieke organisaties in uit bestanden van openbare registers.

    Uitkomst 0: alles verwerkt; 1: er zijn regels geweigerd; 2: een bestand is niet bruikbaar (dan is niets bewaard).
    """
    tables = _tables(files)
    outcomes: list[tuple[Path, Outcome]] = []
    for path, table in tables:
        with scoped(database.JOB), transaction():
            importer = Importer(SYSTEM, table)
            with click.progressbar(table.rows, label=path.name, file=sys.stderr) as rows:
                outcomes.append((path, importer.store_all(rows)))
            if dry_run:
                session().rollback()
    if as_json:
        click.echo(json.dumps([_as_json(path, outcome, dry_run) for path, outcome in outcomes], ensure_ascii=False))
    else:
        for path, outcome in outcomes:
            _tell(path, outcome, dry_run)
    sys.exit(1 if any(outcome.refused for _, outcome in outcomes) else 0)


def _tables(files: tuple[Path, ...]) -> list[tuple[Path, Table]]:
    """All files, read; one that is not usable stops the command before anything is stored."""
    tables, problems = [], []
    for path in files:
        try:
            tables.append((path, rules.read_table(path.read_bytes())))
        except UnreadableFile as error:
            problems.append(f"{path}: {error}")
        except OSError as error:
            problems.append(f"{path}: niet te openen ({error.strerror}).")
    if problems:
        for problem in problems:
            click.echo(problem, err=True)
        click.echo("Er is niets bewaard.", err=True)
        sys.exit(2)
    return tables


def _tell(path: Path, outcome: Outcome, dry_run: bool) -> None:
    click.echo(
        f"{path.name} ({outcome.layout.label}): {len(outcome.added)} toegevoegd, {len(outcome.changed)} gewijzigd, "
        f"{outcome.unchanged} ongewijzigd, {len(outcome.refused)} geweigerd."
    )
    for heading, remarks in (
        ("Gewijzigd", outcome.changed),
        ("Geweigerd", outcome.refused),
        ("Let op", outcome.warnings),
    ):
        if remarks:
            click.echo(f"  {heading}:")
        for remark in remarks:
            click.echo(f"    regel {remark.line}, {remark.name or 'zonder naam'}: {remark.text}")
    if dry_run:
        click.echo("  Dit was een proef; er is niets bewaard.")


def _as_json(path: Path, outcome: Outcome, dry_run: bool) -> dict[str, Any]:
    return {
        "file": str(path),
        "kind": outcome.layout.label,
        "dry_run": dry_run,
        "added": outcome.added,
        "changed": [vars(remark) for remark in outcome.changed],
        "unchanged": outcome.unchanged,
        "refused": [vars(remark) for remark in outcome.refused],
        "warnings": [vars(remark) for remark in outcome.warnings],
    }
