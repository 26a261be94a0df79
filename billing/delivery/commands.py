"""`flask billing make-files` and `flask billing export`."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import current_app

from billing import queries
from billing.commands import commands
from billing.delivery.jobs import deliver_in_processes, deliver_part
from billing.delivery.services import file_of
from billing.models import Invoice
from core import db as database
from core import documents
from core.config import Settings
from core.db import scoped, session, transaction


@commands.command("make-files")
@click.option("--processes", type=click.IntRange(1, 99), help="Hoeveel processen het werk delen.")
@click.option("--part", type=click.IntRange(0), hidden=True)
@click.option("--of", type=click.IntRange(1), hidden=True)
def make_files(processes: int | None, part: int | None, of: int | None) -> None:
    """Maak de bestanden van facturen die nog niet zijn verstuurd, en zet de mails klaar."""
    settings: Settings = current_app.extensions["settings"]
    with scoped(database.JOB):
        if part is not None and of is not None:
            deliver_part(part, of)
            return
        try:
            deliver_in_processes(processes or settings.invoice_processes)
        except RuntimeError as error:
            click.echo(str(error), err=True)
            sys.exit(1)
        left = len(queries.undelivered(1))
    click.echo("Alle facturen zijn gemaakt; de mails staan klaar." if not left else "Er wachten nieuwe facturen.")


@commands.command("export")
@click.option(
    "--year", type=click.IntRange(2000, 2100), required=True, help="Het jaar waarin de facturen zijn gemaakt."
)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="De map.")
def export(year: int, out: Path) -> None:
    """Schrijf de PDF en de e-factuur (UBL) van elke factuur en creditnota van een jaar in een map.

    Wat er al staat, blijft staan: een tweede keer schrijft alleen wat ontbreekt.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        click.echo(f"{out}: deze map kunnen wij niet maken ({error.strerror}). Kies een andere map.", err=True)
        sys.exit(2)
    written = total = 0
    with scoped(database.JOB):
        keys = queries.issued_in(year)
        with click.progressbar(keys, label=f"Facturen van {year}", file=sys.stderr) as shown:
            for key in shown:
                with transaction():
                    written += _write(session().get_one(Invoice, key), out)
                total += 1
                session().expunge_all()
    click.echo(f"{total} facturen en creditnota's van {year} in {out}: {written} bestanden geschreven.")


def _write(invoice: Invoice, out: Path) -> int:
    """Write what is not there yet; whole or not at all."""
    file, written = file_of(invoice), 0
    for sha256, suffix in ((file.sha256, "pdf"), (file.ubl_sha256, "xml")):
        path = out / f"{invoice.number}.{suffix}"
        if sha256 is not None and not path.exists():
            temporary = path.with_suffix(f".{suffix}.deel")
            temporary.write_bytes(documents.read(sha256))
            temporary.rename(path)
            written += 1
    return written
