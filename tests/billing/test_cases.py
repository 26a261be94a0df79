"""`flask billing classify --table FILE …`: one case of any date, without a database."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from tests.billing.conftest import DATA, World

Run = Callable[..., Result]
FILE = str(DATA / "tarieven.csv")


@pytest.fixture
def run(app: Flask) -> Run:
    """Without a scope or a session: the database is not touched."""

    def call(*arguments: str) -> Result:
        return app.test_cli_runner().invoke(args=["billing", "classify", *arguments])

    return call


def case(basis: str, number: str, audience: str, on: str = "2024-07-01", file: str = FILE) -> list[str]:
    return ["--table", file, "--basis", basis, "--number", number, "--audience", audience, "--on", on]


def test_one_case_as_json_has_the_shape_of_the_list(run: Run) -> None:
    answer = run(*case("inhabitants", "70361", "shv"), "--json")
    assert answer.exit_code == 0
    assert json.loads(answer.output) == {
        "on": "2024-07-01",
        "audience": "shv",
        "basis": "inhabitants",
        "number": 70361,
        "category": "D",
        "connection_fee": "300.00",
        "annual_fee": "3000.00",
        "sentence": "70.361 inwoners: categorie D in de tabel A-G (zeker in 2024; besluit 2023)",
        "table": "A-G (zeker in 2024; besluit 2023)",
        "table_starts_on": "2023-01-01",
    }


def test_one_case_in_words(run: Run) -> None:
    answer = run(*case("files", "1", "creditor"))
    assert answer.output.replace("\u00a0", " ") == (
        "1 schulddossier per jaar: categorie A in de tabel A-G (zeker in 2024; besluit 2023).\n"
        "Aansluitkosten € 150,00, jaartarief € 0,00; bedragen zonder btw.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "category", "annual_fee"),
    [
        (case("arrangements", "750", "shv", "2020-07-01"), "F", "12000.00"),
        (case("arrangements", "9", "shv", "2022-12-31"), "A", "0.00"),
        (case("inhabitants", "9", "shv", "2023-01-01"), "A", "0.00"),
        (case("inhabitants", "1.000.000", "shv"), "G", "15000.00"),
        (case("inhabitants", "1000001", "shv"), "G", "16500.00"),
        (case("files", "12500", "creditor"), "G", "19500.00"),
    ],
)
def test_the_table_in_force_on_the_day_decides(run: Run, arguments: list[str], category: str, annual_fee: str) -> None:
    answer = json.loads(run(*arguments, "--json").output)
    assert (answer["category"], answer["annual_fee"]) == (category, annual_fee)


def test_without_a_day_it_is_today(run: Run) -> None:
    answer = run("--table", FILE, "--basis", "files", "--number", "12", "--audience", "creditor", "--json")
    assert json.loads(answer.output)["category"] == "B"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (case("inhabitants", "7", "shv", "2020-06-30"), "Op 30 juni 2020 gold nog geen tabel van dit bestand."),
        (case("inhabitants", "7", "shv", "2021-01-01"), "telt voor schuldhulpverleners het aantal geaccordeerde"),
        (case("files", "7", "shv"), "Voor schulddossiers per jaar kiest u --audience creditor."),
        (case("files", "7", "creditor", "2021-01-01"), "heeft geen bedragen voor schuldeisers"),
        (case("files", "-7", "creditor"), "'-7' is geen aantal."),
        (case("files", "zeven", "creditor"), "'zeven' is geen aantal."),
        (case("files", "9" * 30, "creditor"), "is geen aantal."),
        (case("people", "7", "creditor"), "De grondslag 'people' is onbekend."),
        (case("files", "7", "klanten"), "De doelgroep 'klanten' is onbekend."),
        (case("files", "7", "creditor", file="nergens.csv"), "nergens.csv kan niet worden gelezen"),
        (["--table", FILE], "Voor één geval zijn ook nodig: --basis, --number, --audience."),
        (["--number", "7"], "Voor één geval zijn ook nodig: --table, --basis, --audience."),
        (["--what-if-all-municipalities", "--number", "7"], "Kies één geval"),
    ],
)
def test_bad_input_gets_a_sentence(run: Run, arguments: list[str], sentence: str) -> None:
    answer = run(*arguments)
    assert answer.exit_code == 2
    assert sentence in answer.output


def rows() -> list[dict[str, Any]]:
    with (DATA / "tarieven.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def written(path: Path, content: list[dict[str, Any]]) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(content[0]))
        writer.writeheader()
        writer.writerows(content)
    return str(path)


def changed(path: Path, **values: str) -> str:
    """The file with category B of the debt counsellors in A–G changed."""
    content = rows()
    next(row for row in content if row["tabel"].startswith("A-G") and row["categorie"] == "B").update(values)
    return written(path, content)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"bovengrens_excl": "50000"}, "de grenzen van categorie B en C overlappen elkaar"),
        ({"bovengrens_excl": "30000"}, "kent geen categorie bij 39.999 voor schuldhulpverleners"),
        ({"bovengrens_excl": "10"}, "categorie B heeft grenzen die niet kunnen"),
        ({"jaartarief_eur": "NaN"}, "categorie B heeft een bedrag waarmee niet te rekenen is"),
        ({"jaartarief_eur": "-750.00"}, "categorie B heeft een bedrag waarmee niet te rekenen is"),
        ({"jaartarief_eur": "veel"}, "het jaartarief 'veel' is niet te lezen"),
        ({"grondslag": "aantal (schuld)dossiers per jaar"}, "tellen niet alle hetzelfde"),
    ],
)
def test_a_table_that_cannot_be_right_is_bad_input(
    run: Run, tmp_path: Path, values: dict[str, str], sentence: str
) -> None:
    answer = run(*case("inhabitants", "39999", "shv", file=changed(tmp_path / "anders.csv", **values)))
    assert answer.exit_code == 2
    assert sentence in answer.output


def test_a_table_of_ones_own_says_itself_from_when_it_holds(run: Run, tmp_path: Path) -> None:
    content = [dict(row, geldt_vanaf="") for row in rows()]
    content += [
        dict(row, tabel="Plan 2027", geldt_vanaf="1-1-2027", jaartarief_eur="800.00")
        for row in content
        if row["tabel"].startswith("A-G") and row["categorie"] == "B"
    ]
    file = written(tmp_path / "plan.csv", content)
    before = json.loads(run(*case("inhabitants", "20000", "shv", "2026-12-31", file), "--json").output)
    after = json.loads(run(*case("inhabitants", "20000", "shv", "2027-01-01", file), "--json").output)
    assert (before["annual_fee"], after["annual_fee"]) == ("750.00", "800.00")
    content[-1]["geldt_vanaf"] = content[-2]["geldt_vanaf"] = ""
    assert (
        "niet bekend vanaf wanneer"
        in run(*case("inhabitants", "20000", "shv", file=written(tmp_path / "x.csv", content))).output
    )
    alone = written(tmp_path / "alleen.csv", content[-2:])
    assert (
        json.loads(run(*case("inhabitants", "20000", "shv", "2019-01-01", alone), "--json").output)["category"] == "B"
    )


def test_raising_b_to_800_brings_8500_a_year_on_the_342(run: Run, world: World, tmp_path: Path) -> None:
    with (DATA / "gemeenten.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            world.inhabitants(world.organisation(row["officiele_naam"]), int(row["inwoners"]))
    world.session.commit()
    arguments = ["--on", "2024-07-01", "--what-if-all-municipalities", "--json"]
    recorded, same, raised = (
        json.loads(run(*arguments, *more).output)
        for more in ([], ["--table", FILE], ["--table", changed(tmp_path / "b.csv", jaartarief_eur="800.00")])
    )
    assert len(recorded["participants"]) == 342
    counted = {name: sums["count"] for name, sums in recorded["totals"].items()}
    assert counted == {"A": 36, "B": 170, "C": 77, "D": 41, "E": 15, "F": 3}
    assert recorded["annual_fee"] == same["annual_fee"] == "523500.00"
    assert raised["annual_fee"] == "532000.00"
    assert run("--on", "2021-07-01", "--what-if-all-municipalities", "--table", FILE).exit_code == 2
