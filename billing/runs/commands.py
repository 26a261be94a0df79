"""`flask billing run …`: the same steps as on the pages, with the same four eyes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import click
from flask.cli import AppGroup

from billing.commands import commands
from billing.runs import queries
from billing.runs.bundle.services import bundle as bundle_of
from billing.runs.jobs import issue_run
from billing.runs.kinds import RunScope, RunStage
from billing.runs.models import InvoiceRun
from billing.runs.services import calculate, name_of, put_forward, recalculate, refuse_previewer, start_run
from core import approvals, filters
from core import db as database
from core.audit import SYSTEM, Actor
from core.db import scoped, transaction
from core.errors import UserError
from core.money import ZERO
from identity.queries import account_by_email, staff_caller

run_commands = AppGroup("run", help="Facturatierondes: voorbereiden, goedkeuren, facturen maken.")
commands.add_command(run_commands)

YEAR = click.option("--year", type=int, required=True, help="Het jaar waarover wordt gefactureerd.")


def _stop(message: str, code: int = 2) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)


def _actor(email: str | None, permission: str) -> Actor:
    """Who acts, by mail address; the system without one. Raises UserError for who may not."""
    if email is None:
        return SYSTEM
    account = account_by_email(email.strip().lower())
    if account is None or account.disabled_at is not None:
        raise UserError(f"Er is geen medewerker met het adres {email}. Controleer het adres.")
    who = staff_caller(account)
    if not who.may(permission):
        raise UserError(f"{who.name} mag dit niet. Een medewerker met de rol Financiën mag het wel.")
    return who.actor


def _run_of(year: int) -> InvoiceRun:
    found = queries.latest_run(year)
    if found is None:
        raise UserError(f"Er is geen facturatieronde over {year}. Begin met: flask billing run preview --year {year}")
    return found


@run_commands.command("preview")
@YEAR
@click.option("--scope", type=click.Choice([str(scope.value) for scope in RunScope]), default="everybody")
@click.option("--as", "email", help="E-mailadres van de medewerker die de ronde voorbereidt.")
@click.option("--json", "as_json", is_flag=True, help="Antwoord als JSON.")
def preview(year: int, scope: str, email: str | None, as_json: bool) -> None:
    """Bereken wat er over een jaar gefactureerd zou worden. Er wordt niets verstuurd.

    Een ronde die nog niet is voorgelegd, wordt opnieuw berekend.
    """
    try:
        with scoped(database.JOB):
            with transaction():
                actor = _actor(email, "run:prepare")
                found = queries.open_run(year)
                if found is None:
                    found = start_run(year, RunScope(scope), actor)
                if found.stage is RunStage.PREVIEWED:
                    recalculate(found, actor)
                elif found.stage is RunStage.PREPARING:
                    calculate(found, actor)
                key = found.id
            answer = _answer(queries.run(key))
    except UserError as error:
        _stop(error.message)
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        _tell(answer)
    sys.exit(1 if answer["parked"] or not answer["complete"] else 0)


def _answer(found: InvoiceRun) -> dict[str, Any]:
    counted = queries.completeness(found)
    totals = queries.totals(found)
    return {
        "run": found.id,
        "name": name_of(found),
        "year": found.year,
        "stage": found.stage.value,
        "input_hash": found.input_hash,
        "hash": found.preview_hash,
        "subscriptions": counted.subscriptions,
        "invoices": counted.invoiced,
        "zero": counted.zero,
        "parked": counted.parked,
        "earlier": counted.earlier,
        "complete": counted.is_complete,
        "totals": {
            row.category: {"count": row.count, "net": str(row.net), "vat": str(row.vat), "gross": str(row.gross)}
            for row in totals
        },
        "net": str(sum((row.net for row in totals), ZERO)),
        "gross": str(sum((row.gross for row in totals), ZERO)),
        "set_apart": {reason.label: count for reason, count in queries.parked_by_reason(found)},
        "gaps": [
            {"seller": row.seller, "year": row.year, "kind": row.kind.value, "missing": row.missing}
            for row in queries.series_report()
            if row.missing
        ],
    }


def _tell(answer: dict[str, Any]) -> None:
    click.echo(f"Facturatieronde {answer['name']}: {RunStage(answer['stage']).label.lower()}.")
    for category, row in answer["totals"].items():
        click.echo(f"{category}  {row['count']:5}  € {row['net']:>12} zonder btw")
    click.echo(
        f"Samen € {answer['net']} zonder btw, € {answer['gross']} met btw."
        f" {answer['subscriptions']} abonnementen: {answer['invoices']} facturen, {answer['zero']} van € 0,00,"
        f" {answer['parked']} apart gezet, {answer['earlier']} eerder gefactureerd."
    )
    for reason, count in answer["set_apart"].items():
        click.echo(f"Apart gezet: {count} – {reason.lower()}")
    click.echo(f"Gaten in de nummers: {len(answer['gaps'])}. Kenmerk: {answer['hash']}")


@run_commands.command("approve")
@YEAR
@click.option("--as", "email", required=True, help="E-mailadres van de medewerker die goedkeurt.")
@click.option("--hash", "seen", help="Het kenmerk dat u zag; wijkt het af, dan gebeurt er niets.")
def approve(year: int, email: str, seen: str | None) -> None:
    """Keur een ronde goed. Wie haar voorbereidde, kan dat niet.

    Is de ronde zonder naam voorbereid, dan legt de eerste medewerker haar voor en keurt de tweede haar goed.
    """
    try:
        with scoped(database.JOB), transaction():
            actor, found = _actor(email, "run:approve"), _run_of(year)
            if seen is not None and seen != found.preview_hash:
                raise UserError("Het kenmerk is een ander dan u zag. Bekijk de ronde opnieuw.")
            is_approved, message = _approve(found, actor)
    except UserError as error:
        _stop(error.message, 1)
    click.echo(message)
    sys.exit(0 if is_approved else 1)


def _approve(found: InvoiceRun, actor: Actor) -> tuple[bool, str]:
    """Approve a run, or put it forward when nobody did; whether it is approved now, and what to say."""
    name = name_of(found)
    if found.stage in {RunStage.APPROVED, RunStage.ISSUED}:
        return True, f"Ronde {name} was al goedgekeurd."
    refuse_previewer(found, actor)
    if found.prepared_by is None:
        put_forward(found, actor)
        return False, f"U legde ronde {name} voor. Een collega keurt haar goed met hetzelfde commando."
    if found.stage is RunStage.PREVIEWED:
        put_forward(found, Actor("staff", found.prepared_by))
    if found.approval_id is None or found.stage is not RunStage.PUT_FORWARD:
        raise UserError(f"Ronde {name} kan nog niet worden goedgekeurd ({found.stage.label.lower()}).")
    approvals.approve(found.approval_id, actor)
    return True, f"Ronde {name} is goedgekeurd. Kenmerk: {found.preview_hash}"


@run_commands.command("issue")
@YEAR
def issue(year: int) -> None:
    """Maak de facturen van een goedgekeurde ronde. Nog eens uitvoeren verandert niets."""
    try:
        with scoped(database.JOB):
            with transaction():
                found = _run_of(year)
                if found.stage not in {RunStage.APPROVED, RunStage.ISSUED}:
                    raise UserError(
                        f"Ronde {name_of(found)} is nog niet goedgekeurd ({found.stage.label.lower()})."
                        f" Laat een collega haar goedkeuren: flask billing run approve --year {year} --as E-MAILADRES"
                    )
                key = found.id
            done = issue_run(key)
            gaps = [row for row in queries.series_report() if row.missing]
    except UserError as error:
        _stop(error.message, 1)
    click.echo(f"{filters.number(done)} wijzigingen.")
    if gaps:
        _stop(f"Er ontbreken factuurnummers: {gaps}", 1)


@run_commands.command("bundle")
@YEAR
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Het bestand (.zip).")
def bundle(year: int, out: Path) -> None:
    """Schrijf alles wat een accountant van een ronde nodig heeft in één bestand."""
    try:
        with scoped(database.JOB):
            found = _run_of(year)
            out.write_bytes(bundle_of(found))
    except UserError as error:
        _stop(error.message)
    except OSError as error:
        _stop(f"{out}: dit bestand kunnen wij niet schrijven ({error.strerror}).")
    click.echo(f"{out}: ronde {name_of(found)}.")
