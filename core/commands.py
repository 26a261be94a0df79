"""Commands of the core: the database and the audit trail."""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import asdict

import click
from flask.cli import AppGroup

from core import audit, migrations
from core import db as database
from core.db import Base, scoped, transaction
from core.jobs import commands as jobs_commands

database_commands = AppGroup("database", help="De database bijwerken en controleren.")
audit_commands = AppGroup("audit", help="Het logboek van deze applicatie.")
ALL = (database_commands, audit_commands, jobs_commands)


def _owner_url() -> str:
    url = os.environ.get("OWNER_DATABASE_URL")
    if not url:
        raise click.UsageError(
            "OWNER_DATABASE_URL ontbreekt: het adres van de database met de rol die tabellen mag maken."
        )
    return url


@database_commands.command("migrate")
def migrate() -> None:
    """Werk de tabellen bij tot deze versie."""
    applied = migrations.upgrade(_owner_url())
    click.echo(f"{len(applied)} stappen uitgevoerd." if applied else "De database was al bij.")


@database_commands.command("check")
def check() -> None:
    """Vergelijk de modellen met wat de migraties maken (op een lege proefdatabase)."""
    migrations.upgrade(_owner_url())
    differences = migrations.differences(_owner_url(), Base.metadata)
    for difference in differences:
        click.echo(difference)
    sys.exit(1 if differences else 0)


def _subject(_context: click.Context, _argument: click.Parameter, value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{2,60}", value):
        raise click.BadParameter(
            "Schrijf kleine letters, cijfers en lage streepjes, bijvoorbeeld credit_notes: het wordt een bestandsnaam."
        )
    return value


@database_commands.command("draft")
@click.argument("name", callback=_subject)
def draft(name: str) -> None:
    """Schrijf de volgende genummerde migratie: wat de modellen meer hebben dan de migraties (op een lege
    proefdatabase)."""
    migrations.upgrade(_owner_url())
    if not migrations.differences(_owner_url(), Base.metadata):
        click.echo("De migraties maken al wat de modellen zeggen; er is niets te schrijven.")
        return
    path = migrations.draft(_owner_url(), Base.metadata, name)
    click.echo(
        f"Geschreven: {path.relative_to(migrations.FOLDER.parent)}. Lees het na en vul de rechten en de rijregels"
        " aan (core/protection.py)."
    )


@audit_commands.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Antwoord als JSON.")
@click.option("--anchor", metavar="NUMMER:WAARDE", help="Laatste schakel volgens een eerdere controle, elders bewaard.")
def verify(as_json: bool, anchor: str | None) -> None:
    """Reken de hele keten van het logboek na. Uitkomst 0 als zij heel is, 1 als zij is verbroken."""
    try:
        with scoped(database.JOB):
            outcome = audit.verify(anchor)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(asdict(outcome)))
    elif outcome.broken_at is None:
        click.echo(f"De keten is heel: {outcome.sealed} regels verzegeld, {outcome.unsealed} wachten op verzegeling.")
        click.echo(f"Laatste schakel: {outcome.head} (bewaar deze buiten het systeem, voor --anchor).")
    else:
        click.echo(
            f"De keten is verbroken bij schakel {outcome.broken_at} van {outcome.sealed}. Waarschuw de privacycollega."
        )
    sys.exit(0 if outcome.broken_at is None else 1)


@audit_commands.command("seal")
def seal() -> None:
    """Verzegel wat nog openstaat; de achtergrondverwerker doet dit elke minuut."""
    with scoped(database.JOB), transaction():
        count = audit.seal(thorough=True)
    click.echo(f"{count} regels verzegeld.")
