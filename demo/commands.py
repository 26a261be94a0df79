"""`flask demo …`: only in the demonstration."""

from __future__ import annotations

import sys
import time

import click
from flask.cli import AppGroup

from core import db as database
from core.db import scoped
from core.web import settings
from demo import load as loading
from demo.personas import sign_ins
from demo.reference import load_registers, load_rules

commands = AppGroup("demo", help="Voorbeeldgegevens.")


class _Progress:
    """A progress bar per part, on the error channel; silent when nobody watches."""

    def __init__(self) -> None:
        self.label, self.total, self.done = "", 0, 0

    def __call__(self, label: str, steps: int) -> None:
        if label:
            self.label, self.total, self.done = label, steps, 0
        else:
            self.done += steps
        if sys.stderr.isatty() and (label or self.done % 10 == 0 or self.done == self.total):
            end = "\n" if self.done == self.total else ""
            click.echo(f"\r{self.label}: {self.done} van {self.total}", err=True, nl=False)
            click.echo(end, err=True, nl=False)


@commands.command("load")
def load() -> None:
    """Zet de voorbeeldgegevens klaar, als dat nog niet is gebeurd."""
    started = time.monotonic()
    with scoped(database.JOB):
        if loading.is_loaded():
            click.echo("De voorbeeldgegevens staan er al.")
            return
        if not loading.is_empty():
            click.echo("Het klaarzetten is eerder afgebroken. Begin opnieuw met: make demo-reset", err=True)
            sys.exit(1)
        load_rules()
        load_registers()
        loading.load(_Progress())
    click.echo(f"Voorbeeldgegevens klaar in {time.monotonic() - started:.0f} seconden.")


@commands.command("sign-ins")
def show_sign_ins() -> None:
    """Toon met welke personen u kunt inloggen."""
    for line in sign_ins(settings().base_url):
        click.echo(line)
