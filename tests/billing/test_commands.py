"""`flask billing …`"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from billing.models import TariffTable
from core.audit import SYSTEM
from governance.services import load_default_settings
from tests.billing.conftest import DATA, World

Run = Callable[..., Result]
FILE = str(DATA / "tarieven.csv")


@pytest.fixture
def run(app: Flask, session: Session) -> Run:
    def call(*arguments: str) -> Result:
        return app.test_cli_runner().invoke(args=["billing", *arguments])

    return call


def test_tariffs_are_imported_once(run: Run, session: Session) -> None:
    load_default_settings(SYSTEM)
    assert "Proef, er is niets veranderd: 4 nieuw" in run("import-tariffs", FILE, "--dry-run").output


def test_a_second_import_says_that_nothing_changed(run: Run, session: Session) -> None:
    load_default_settings(SYSTEM)
    session.commit()
    first, second = run("import-tariffs", FILE, "--example"), run("import-tariffs", FILE, "--example")
    assert first.exit_code == second.exit_code == 0
    assert "4 nieuw, 0 ongewijzigd, 1 overgeslagen." in first.output
    assert "0 nieuw, 4 ongewijzigd, 0 overgeslagen." in second.output
    assert session.scalar(select(func.count()).select_from(TariffTable)) == 2


def test_without_settings_it_is_bad_input(run: Run) -> None:
    answer = run("import-tariffs", FILE)
    assert answer.exit_code == 2
    assert "flask governance load-settings" in answer.output


def test_a_file_that_is_not_there_is_bad_input(run: Run, tmp_path: Path) -> None:
    assert run("import-tariffs", str(tmp_path / "nergens.csv")).exit_code == 2


def test_the_participants_of_a_day_as_json(run: Run, world: World) -> None:
    world.municipality(70_361, name="Gemeente Velsen", connected_on=date(2024, 3, 15))
    world.municipality(15_000, name="Gemeente Nieuw", connected_on=date(2026, 2, 1))
    answer = json.loads(run("classify", "--on", "2024-07-01", "--json").output)
    assert answer == {
        "on": "2024-07-01",
        "participants": [
            {
                "name": "Gemeente Velsen",
                "audience": "shv",
                "basis": "inhabitants",
                "number": 70361,
                "category": "D",
                "connection_fee": "300.00",
                "annual_fee": "3000.00",
                "sentence": "Gemeente Velsen: 70.361 inwoners volgens organisaties.overheid.nl, categorie D",
                "zero_tariff": False,
            }
        ],
        "parked": [],
        "totals": {"D": {"count": 1, "annual_fee": "3000.00"}},
        "annual_fee": "3000.00",
    }
    later = json.loads(run("classify", "--on", "1-3-2026", "--json").output)
    assert [(row["name"], row["annual_fee"]) for row in later["participants"]] == [
        ("Gemeente Nieuw", "0.00"),
        ("Gemeente Velsen", "3000.00"),
    ]


def test_what_cannot_be_said_yet_is_a_finding(run: Run, world: World) -> None:
    world.creditor(None, name="Zonder opgave", connected_on=date(2024, 1, 1))
    answer = run("classify", "--on", "2024-07-01")
    assert answer.exit_code == 1
    assert "Nog niet te bepalen: Zonder opgave. Van Zonder opgave is nog niet bekend" in answer.output


def test_what_if_every_municipality_were_a_debt_counsellor(run: Run, world: World) -> None:
    with (DATA / "gemeenten.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            world.inhabitants(world.organisation(row["officiele_naam"]), int(row["inwoners"]))
    world.session.commit()
    answer = json.loads(run("classify", "--on", "2024-07-01", "--what-if-all-municipalities", "--json").output)
    assert len(answer["participants"]) == 342
    assert answer["annual_fee"] == "523500.00"
    assert answer["totals"]["D"] == {"count": 41, "annual_fee": "123000.00"}
    assert {category: sums["count"] for category, sums in answer["totals"].items()} == {
        "A": 36,
        "B": 170,
        "C": 77,
        "D": 41,
        "E": 15,
        "F": 3,
    }


@pytest.mark.parametrize("on", ["gisteren", "31-2-2024"])
def test_a_day_that_does_not_exist_is_bad_input(run: Run, on: str) -> None:
    assert run("classify", "--on", on).exit_code == 2


def test_before_the_first_tariff_is_bad_input(run: Run, world: World) -> None:
    answer = run("classify", "--on", "2019-01-01")
    assert answer.exit_code == 2
    assert "geen tarieftabel" in answer.output
