"""`flask privacy …`"""

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
from governance.privacy.processing.services import import_activities
from governance.privacy.retention.services import load_default_terms
from governance.privacy.statistics.services import import_purposes

commands = AppGroup("privacy", help="Verwerkingsregister, bewaartermijnen en doelen van statistieken.")
DATA = Path(__file__).parent.parent.parent / "data"


@commands.command("load")
@click.option("--dry-run", is_flag=True, help="Toon wat er zou veranderen en verander niets.")
def load(dry_run: bool) -> None:
    """Leg vast wat nog ontbreekt: verwerkingen, bewaartermijnen en statistieken, alles 'te bevestigen'."""
    try:
        with scoped(database.JOB), transaction():
            counts = (
                ("verwerkingen", import_activities(csv_files.read(DATA / "verwerkingen.csv"), SYSTEM)),
                ("bewaartermijnen", load_default_terms(SYSTEM)),
                ("statistieken", import_purposes(csv_files.read(DATA / "statistieken.csv"), SYSTEM)),
            )
            if dry_run:
                session().rollback()
    except UserError as error:
        click.echo(error.message, err=True)
        sys.exit(2)
    start = "Proef, er is niets veranderd: " if dry_run else ""
    click.echo(start + ", ".join(f"{count} {name}" for name, count in counts) + " vastgelegd.")
