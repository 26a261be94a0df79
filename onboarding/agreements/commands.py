"""`flask onboarding import-text`"""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import select

from core import db as database
from core.audit import SYSTEM
from core.db import scoped, session, transaction
from core.errors import UserError
from governance.kinds import DecisionKind
from governance.models import Decision
from governance.queries import decision as find_decision
from governance.queries import operator_on
from onboarding.agreements import rules, services
from onboarding.models import AgreementText

commands = AppGroup("onboarding", help="Aanmelden en aansluiten.")


@commands.command("import-text")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--decision", "number", help="Nummer van het besluit; anders het laatste besluit over de overeenkomst.")
@click.option("--dry-run", is_flag=True, help="Toon wat er zou veranderen en verander niets.")
def import_text(files: tuple[Path, ...], number: str | None, dry_run: bool) -> None:
    """Neem versies van de overeenkomst op. Wat er al staat, blijft zoals het is."""
    added = 0
    try:
        with scoped(database.JOB), transaction():
            for file in files:
                text = rules.read_file(file.read_text(encoding="utf-8"))
                known = session().scalar(select(AgreementText.id).where(AgreementText.version == text.version))
                services.import_text(
                    text.version,
                    text.body,
                    text.starts_on,
                    operator_on(text.starts_on),
                    _decision(number),
                    SYSTEM,
                    title=text.title,
                )
                added += known is None
                click.echo(f"{text.version}: {'opgenomen' if known is None else 'stond er al'}.")
            if dry_run:
                session().rollback()
    except (rules.InvalidText, UnicodeDecodeError) as error:
        click.echo(f"De tekst kan niet worden gelezen: {error}", err=True)
        sys.exit(2)
    except UserError as error:
        click.echo(error.message, err=True)
        sys.exit(2)
    click.echo(f"{'Proef, er is niets veranderd: ' if dry_run else ''}{added} wijzigingen.")


def _decision(number: str | None) -> Decision:
    if number is not None:
        return find_decision(number)
    query = (
        select(Decision)
        .where(Decision.kind == DecisionKind.AGREEMENT_TEXT)
        .order_by(Decision.decided_on.desc(), Decision.id.desc())
        .limit(1)
    )
    found = session().execute(query).scalar_one_or_none()
    if found is None:
        raise UserError("Er is nog geen besluit over de tekst van de overeenkomst. Leg dat eerst vast.")
    return found
