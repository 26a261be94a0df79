"""`flask catalogue …`"""

from __future__ import annotations

import json
import sys

import click
from flask.cli import AppGroup

from catalogue import services
from core import db as database
from core.audit import SYSTEM
from core.db import scoped, session, transaction

commands = AppGroup("catalogue", help="De modules van het knooppunt.")


@commands.command("import-modules")
@click.option("--dry-run", is_flag=True, help="Toon wat er zou veranderen en verander niets.")
@click.option("--json", "as_json", is_flag=True, help="Antwoord als JSON.")
def import_modules(dry_run: bool, as_json: bool) -> None:
    """Breng de modules en wie ze mag gebruiken in overeenstemming met de gegevensbestanden."""
    try:
        with scoped(database.JOB), transaction():
            report = services.import_modules(SYSTEM)
            if dry_run:
                session().rollback()
    except (KeyError, ValueError, OSError) as error:
        click.echo(f"De gegevensbestanden van de modules kloppen niet: {error}", err=True)
        sys.exit(2)
    if as_json:
        click.echo(json.dumps({"added": report.added, "changed": report.changed, "removed": report.removed}))
        return
    if report.is_empty:
        click.echo("0 wijzigingen: de modules waren al bij.")
        return
    start = "Proef, er is niets veranderd: " if dry_run else ""
    click.echo(f"{start}{report.added} nieuw, {report.changed} gewijzigd, {report.removed} combinaties vervallen.")
