"""`flask take-over …`"""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from core import csv_files
from core import db as database
from core.audit import SYSTEM
from core.db import scoped, session, transaction
from core.errors import UserError
from onboarding.take_over.services import take_over_rows

commands = AppGroup("take-over", help="Bestaande aansluitingen uit de vorige administratie.")


@commands.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Toon wat er zou gebeuren en verander niets.")
def import_file(file: Path, dry_run: bool) -> None:
    """Neem de aansluitingen in een CSV-bestand over (kolommen: zie docs/operations.md)."""
    try:
        with scoped(database.JOB), transaction():
            report = take_over_rows(SYSTEM, csv_files.read(file))
            if dry_run:
                session().rollback()
    except UserError as error:
        click.echo(error.message, err=True)
        sys.exit(2)
    for reason in report.refused:
        click.echo(f"Geweigerd: {reason}")
    start = "Proef, er is niets veranderd: " if dry_run else ""
    click.echo(f"{start}{report.taken_over} overgenomen, {report.known} al bekend, {len(report.refused)} geweigerd.")
    sys.exit(1 if report.refused else 0)
