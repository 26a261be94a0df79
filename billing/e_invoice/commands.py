"""`flask billing check-ubl`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from billing.commands import commands
from billing.e_invoice.checks import Finding, check, is_accepted


@commands.command("check-ubl")
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Antwoord als JSON.")
def check_ubl(files: tuple[Path, ...], as_json: bool) -> None:
    """Controleer e-facturen (UBL) op opbouw, Europese en Nederlandse regels, en nummers."""
    answers, unread = {}, False
    for path in files:
        try:
            answers[str(path)] = check(path.read_bytes())
        except OSError as error:
            unread = True
            click.echo(f"{path}: dit bestand kunnen wij niet lezen ({error.strerror}).", err=True)
    if as_json:
        click.echo(json.dumps([_row(name, found) for name, found in answers.items()], ensure_ascii=False))
    else:
        for name, found in answers.items():
            _tell(name, found)
    sys.exit(2 if unread else 1 if any(answers.values()) else 0)


def _row(name: str, found: list[Finding]) -> dict[str, object]:
    return {
        "file": name,
        "accepted": is_accepted(found),
        "fatal": sum(finding.is_fatal for finding in found),
        "warnings": sum(not finding.is_fatal for finding in found),
        "findings": [
            {
                "layer": finding.layer.value,
                "rule": finding.rule,
                "severity": finding.severity.value,
                "text": finding.text,
                "original": finding.original,
            }
            for finding in found
        ],
    }


def _tell(name: str, found: list[Finding]) -> None:
    if not found:
        click.echo(f"{name}: in orde")
    for finding in found:
        rule = f" {finding.rule}" if finding.rule else ""
        click.echo(f"{name}: {finding.severity.label.lower()}, {finding.layer.label}{rule}: {finding.text}")
