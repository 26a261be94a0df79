"""`flask governance …`"""

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
from governance import services

commands = AppGroup("governance", help="Stelselbeheerders, besluiten en instellingen.")


@commands.command("import-operators")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--example", is_flag=True, help="Alleen de verzonnen stelselbeheerders, voor de voorbeeldomgeving.")
@click.option("--dry-run", is_flag=True, help="Toon wat er zou veranderen en verander niets.")
def import_operators(file: Path, example: bool, dry_run: bool) -> None:
    """Lees de stelselbeheerders in (beheerders.csv)."""
    try:
        with scoped(database.JOB), transaction():
            outcome = services.import_operators(csv_files.read(file), SYSTEM, example=example)
            if dry_run:
                session().rollback()
    except UserError as error:
        click.echo(error.message, err=True)
        sys.exit(2)
    for label, names in (("Nieuw", outcome.added), ("Aangevuld", outcome.completed), ("Geweigerd", outcome.refused)):
        for name in names:
            click.echo(f"{label}: {name}")
    start = "Proef, er is niets veranderd: " if dry_run else ""
    click.echo(
        f"{start}{len(outcome.added)} nieuw, {len(outcome.completed)} aangevuld, {len(outcome.unchanged)} ongewijzigd,"
        f" {len(outcome.refused)} geweigerd."
    )
    sys.exit(1 if outcome.refused else 0)


@commands.command("load-settings")
@click.option("--dry-run", is_flag=True, help="Toon wat er zou veranderen en verander niets.")
def load_settings(dry_run: bool) -> None:
    """Leg de instellingen vast die nog ontbreken, met de keuze die geldt tot de opdrachtgever haar bevestigt."""
    with scoped(database.JOB), transaction():
        count = services.load_default_settings(SYSTEM)
        if dry_run:
            session().rollback()
    start = "Proef, er is niets veranderd: " if dry_run else ""
    click.echo(f"{start}{count} instellingen vastgelegd." if count else "0 wijzigingen: alle instellingen staan er al.")
