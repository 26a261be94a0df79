"""`flask billing simulate`."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from billing.commands import commands
from billing.simulator import documents, queries
from billing.simulator.facts import Facts, audiences_differ
from billing.simulator.kinds import Population
from billing.simulator.models import TariffScenario
from billing.simulator.rules import Result, Tariffs, simulate
from billing.tariffs.recording.rules import Tables, problems
from billing.tariffs.services import COLUMNS, audience_of, read_category
from core import clock, csv_files
from core import db as database
from core.db import scoped
from core.errors import UserError
from core.filters import euro
from core.spreadsheets import Sheet, workbook


@commands.command("simulate")
@click.option("--scenario", "scenario_id", type=int, help="Het nummer van een bewaard scenario.")
@click.option("--table", "file", type=click.Path(path_type=Path), help="Een tabel in een bestand (als tarieven.csv).")
@click.option("--name", "begins_with", default="", help="Zo begint de kolom 'tabel', als het bestand er meer heeft.")
@click.option(
    "--population",
    type=click.Choice([str(row.value) for row in Population]),
    default="participants",
    help="Voor wie, bij --table.",
)
@click.option("--year", type=int, help="Het jaar, bij --table; zonder deze optie het volgende.")
@click.option("--end-zero-tariff", is_flag=True, help="Reken alsof het jaartarief € 0,00 is geëindigd, bij --table.")
@click.option("--json", "as_json", is_flag=True, help="Antwoord als JSON.")
@click.option("--xlsx", "out", type=click.Path(path_type=Path), help="Schrijf de uitkomst in dit bestand.")
def simulate_tariffs(
    scenario_id: int | None,
    file: Path | None,
    begins_with: str,
    population: str,
    year: int | None,
    end_zero_tariff: bool,
    as_json: bool,
    out: Path | None,
) -> None:
    """Reken uit wat een andere tarieftabel over een jaar opbrengt, en wie meer of minder betaalt."""
    if (scenario_id is None) == (file is None):
        click.echo("Geef óf --scenario, óf --table.", err=True)
        sys.exit(2)
    try:
        with scoped(database.JOB):
            if file is not None:
                wanted = read_tables(csv_files.read(file), begins_with)
                year = year or clock.today().year + 1
                kept, result = _of_table(wanted, Population(population), year, end_zero_tariff=end_zero_tariff)
                sheets = _sheets(result)
            else:
                row, kept, result = _of_scenario(scenario_id or 0)
                year, population = row.year, str(row.population.value)
                sheets = documents.sheets(row, kept, result)
            if out is not None:
                out.write_bytes(workbook(sheets))
    except UserError as error:
        click.echo(error.message, err=True)
        sys.exit(2)
    except OSError as error:
        click.echo(f"{out}: dit bestand kunnen wij niet schrijven ({error.strerror}).", err=True)
        sys.exit(2)
    if as_json:
        answer = documents.as_json(result, year=year, table=kept.table, population=population)
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        _tell(result, year)
    sys.exit(1 if result.parked else 0)


def read_tables(rows: list[dict[str, str]], begins_with: str) -> Tables:
    """The categories of one table in a file that is laid out as tarieven.csv. Raises UserError when it holds none or
    more than one, and for a table that is not right."""
    if rows and (missing := COLUMNS - rows[0].keys()):
        raise UserError(f"Het bestand mist de kolommen: {', '.join(sorted(missing))}.")
    filled = [row for row in rows if row["ondergrens_incl"].strip() and row["tabel"].startswith(begins_with)]
    names = list(dict.fromkeys(row["tabel"] for row in filled))
    if len(names) != 1:
        raise UserError(
            f"Het bestand heeft {len(names)} tabellen met bedragen"
            f"{': ' + ', '.join(names) if names else ''}. Kies er een met --name."
        )
    tables: Tables = {}
    for row in filled:
        tables.setdefault(audience_of(row), []).append(read_category(row))
    wrong = [problem for problem in problems(tables) if problem.audience in tables]
    if wrong:
        raise UserError(f"De tabel klopt niet. {' '.join(problem.told for problem in wrong)}")
    return tables


def _of_table(
    wanted: Mapping[str, Any], population: Population, year: int, *, end_zero_tariff: bool
) -> tuple[Facts, Result]:
    """An audience that the file leaves out keeps its present categories."""
    live = queries.facts_of(population, year, clock.today())
    if differing := audiences_differ(live.present, wanted):
        raise UserError(f"De tabel telt voor {' en '.join(differing)} iets anders dan de huidige tabel.")
    changed = Tariffs({**live.present.categories, **wanted}, live.present.open_top)
    return live, simulate(live.population, live.present, changed, ends_zero_tariff=end_zero_tariff)


def _of_scenario(key: int) -> tuple[TariffScenario, Facts, Result]:
    row = queries.scenario(key)
    kept = queries.facts_kept(row)
    return row, kept, queries.outcome(row, kept)


def _sheets(result: Result) -> list[Sheet]:
    return [
        Sheet("Per categorie", documents.CATEGORY_HEADINGS, documents.category_rows(result)),
        Sheet("Per deelnemer", documents.LINE_HEADINGS, documents.line_rows(result)),
    ]


def _tell(result: Result, year: int) -> None:
    for row in result.categories:
        click.echo(
            f"{documents.whom(row.audience):24} {row.category:3} {row.count_before:6} {euro(row.income_before):>16}"
            f" -> {row.count:6} {euro(row.income):>16}"
        )
    click.echo(f"Over {year}: {euro(result.income)}, {documents.difference(result.change)} dan of als nu.")
    click.echo(
        f"{result.movement.risers} stijgen, {result.movement.fallers} dalen, {len(result.parked)} niet te rekenen."
    )
