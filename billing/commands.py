"""`flask billing …`"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from billing.cases.services import classify_case, policy_of
from billing.tariffs import queries
from billing.tariffs.rules import Classification, annual_charge, connection_charge
from billing.tariffs.services import import_tariffs as import_into_database
from core import clock, csv_files
from core import db as database
from core.audit import SYSTEM
from core.db import scoped, session, transaction
from core.errors import UserError
from core.filters import euro
from core.forms import whole_number
from core.validators import parse_day

commands = AppGroup("billing", help="Tarieven en facturen.")
MOST = 2_000_000_000
"""No count of inhabitants or files is higher."""


@commands.command("import-tariffs")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--example", is_flag=True, help="Met verzonnen besluiten, voor de voorbeeldomgeving.")
@click.option("--dry-run", is_flag=True, help="Toon wat er zou veranderen en verander niets.")
def import_tariffs(file: Path, example: bool, dry_run: bool) -> None:
    """Leg de tarieven vast (tarieven.csv), met de besluiten waarop ze rusten."""
    try:
        with scoped(database.JOB), transaction():
            outcome = import_into_database(csv_files.read(file), SYSTEM, example=example)
            if dry_run:
                session().rollback()
    except UserError as error:
        click.echo(error.message, err=True)
        sys.exit(2)
    for label, names in (("Nieuw", outcome.added), ("Overgeslagen", outcome.skipped)):
        for name in names:
            click.echo(f"{label}: {name}")
    start = "Proef, er is niets veranderd: " if dry_run else ""
    click.echo(
        f"{start}{len(outcome.added)} nieuw, {len(outcome.unchanged)} ongewijzigd, {len(outcome.skipped)} overgeslagen."
    )


def _day(_context: click.Context, _option: click.Parameter, value: str | None) -> date:
    if value is None:
        return clock.today()
    try:
        return parse_day(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@commands.command("classify")
@click.option("--on", "on", callback=_day, help="De dag waarover het gaat; zonder deze optie vandaag.")
@click.option("--json", "as_json", is_flag=True, help="Antwoord als JSON.")
@click.option(
    "--what-if-all-municipalities", "what_if", is_flag=True, help="Reken alsof elke gemeente schuldhulpverlener is."
)
@click.option(
    "--table",
    "file",
    type=click.Path(path_type=Path),
    help="Reken met de tabellen van dit bestand (vorm: tarieven.csv): één geval, of alle gemeenten.",
)
@click.option("--basis", help="Eén geval: wat is geteld. inhabitants, files of arrangements.")
@click.option("--number", help="Eén geval: het aantal.")
@click.option("--audience", help="Eén geval: de doelgroep. shv of creditor.")
def classify(
    on: date,
    as_json: bool,
    what_if: bool,
    file: Path | None,
    basis: str | None,
    number: str | None,
    audience: str | None,
) -> None:
    """Toon in welke categorie de deelnemers vallen, en wat zij per jaar betalen. Met --table één geval."""
    try:
        case = _case(file, basis, number, audience, what_if=what_if, on=on)
        if case is not None:
            click.echo(json.dumps(case, ensure_ascii=False) if as_json else _case_in_words(case))
            sys.exit(0)
        with scoped(database.JOB):
            rows, parked = (_what_if(on, file), []) if what_if else _participants(on)
    except UserError as error:
        click.echo(error.message, err=True)
        sys.exit(2)
    totals = _totals(rows)
    total = sum((Decimal(row["annual_fee"]) for row in rows), Decimal("0.00"))
    if as_json:
        answer = {
            "on": on.isoformat(),
            "participants": rows,
            "parked": parked,
            "totals": totals,
            "annual_fee": str(total),
        }
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        for category, sums in totals.items():
            click.echo(f"{category}  {sums['count']:5}  {euro(Decimal(sums['annual_fee']))}")
        click.echo(f"Samen {len(rows)}, {euro(total)} per jaar.")
        for case in parked:
            click.echo(f"Nog niet te bepalen: {case['name']}. {case['problem']}")
    sys.exit(1 if parked else 0)


def _case(
    file: Path | None, basis: str | None, number: str | None, audience: str | None, *, what_if: bool, on: date
) -> dict[str, Any] | None:
    """The answer for one case; None when none is asked for. Raises UserError for options that do not fit."""
    given = {"--basis": basis, "--number": number, "--audience": audience}
    if what_if or not (file or any(value is not None for value in given.values())):
        if any(value is not None for value in given.values()):
            raise UserError("Kies één geval (--basis, --number, --audience) of --what-if-all-municipalities.")
        return None
    missing = [name for name, value in {"--table": file, **given}.items() if value is None]
    if file is None or basis is None or number is None or audience is None:
        raise UserError(f"Voor één geval zijn ook nodig: {', '.join(missing)}.")
    counted = whole_number(number)
    if counted is None or not 0 <= counted <= MOST:
        raise UserError(f"'{number}' is geen aantal. Geef een heel getal vanaf 0, bijvoorbeeld 70361.")
    case = classify_case(csv_files.read(file), basis, counted, audience, on)
    found = _row("", audience, case.found, case.found.connection_fee, case.found.annual_fee)
    del found["name"]
    starts_on = case.table.starts_on.isoformat() if case.table.starts_on else None
    return {"on": on.isoformat(), **found, "table": case.table.name, "table_starts_on": starts_on}


def _case_in_words(case: dict[str, Any]) -> str:
    connection, annual = euro(Decimal(case["connection_fee"])), euro(Decimal(case["annual_fee"]))
    return f"{case['sentence']}.\nAansluitkosten {connection}, jaartarief {annual}; bedragen zonder btw."


def _what_if(on: date, file: Path | None) -> list[dict[str, Any]]:
    policy = policy_of(csv_files.read(file), on) if file else None
    if policy is not None and "inhabitants" not in {row.basis for row in policy.categories.get("shv", ())}:
        raise UserError(f"De tabel '{policy.table}' rekent niet naar inwoners. Kies een latere dag met --on.")
    return [
        _row(name, "shv", found, found.connection_fee, found.annual_fee)
        for name, found in queries.municipalities_as_debt_counsellors(on, policy)
    ]


def _participants(on: date) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    rows, parked = [], []
    for outcome in queries.outcomes(on):
        name, found = outcome.participant.name, outcome.found
        if found is None:
            parked.append({"name": name, "problem": outcome.problem or ""})
            continue
        connection = connection_charge(found, outcome.zero).net
        annual = annual_charge(found, outcome.zero, on.year).net
        rows.append(_row(name, outcome.participant.role.audience, found, connection, annual))
        rows[-1]["zero_tariff"] = outcome.is_zero
    return rows, parked


def _row(
    name: str, audience: str, found: Classification, connection_fee: Decimal, annual_fee: Decimal
) -> dict[str, Any]:
    return {
        "name": name,
        "audience": audience,
        "basis": found.basis,
        "number": found.number,
        "category": found.category,
        "connection_fee": f"{connection_fee:.2f}",
        "annual_fee": f"{annual_fee:.2f}",
        "sentence": found.sentence,
    }


def _totals(rows: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Number and annual fee per category, in the order of the categories."""
    sums: dict[str, tuple[int, Decimal]] = {}
    for row in rows:
        count, fee = sums.get(row["category"], (0, Decimal("0.00")))
        sums[row["category"]] = (count + 1, fee + Decimal(row["annual_fee"]))
    return {category: {"count": count, "annual_fee": str(fee)} for category, (count, fee) in sorted(sums.items())}
