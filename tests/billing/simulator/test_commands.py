"""`flask billing simulate`"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.audit import SYSTEM
from participants.imports.rules import read_table
from participants.imports.services import Importer
from tests.billing.conftest import DATA, World
from tests.billing.simulator.conftest import Make
from tests.billing.test_commands import Run, run

__all__ = ["run"]


@pytest.fixture
def raised(tmp_path: Path) -> str:
    """tarieven.csv with € 800 for category B of debt counsellors, by inhabitants."""
    lines = (DATA / "tarieven.csv").read_text(encoding="utf-8").splitlines()
    changed = [
        line.replace("750.00", "800.00") if line.startswith("A-G") and "schuldhulpverleners" in line else line
        for line in lines
    ]
    file = tmp_path / "b800.csv"
    file.write_text("\n".join(changed), encoding="utf-8")
    return str(file)


def test_b_at_800_brings_8500_on_the_342_municipalities(run: Run, world: World, raised: str) -> None:
    table = read_table((DATA / "gemeenten.csv").read_bytes())
    Importer(SYSTEM, table).store_all(table.rows)
    world.session.commit()
    answer = run("simulate", "--table", raised, "--name", "A-G", "--population", "municipalities", "--json")
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.output)
    assert (found["income_before"], found["income"], found["change"]) == ("523500.00", "532000.00", "8500.00")
    assert (found["risers"], found["fallers"]) == (170, 0)
    counts = {row["category"]: row["count"] for row in found["categories"]}
    assert counts == {"A": 36, "B": 170, "C": 77, "D": 41, "E": 15, "F": 3, "G": 0}


def test_a_scenario_that_was_kept(run: Run, make: Make, tmp_path: Path) -> None:
    row, out = make(), tmp_path / "uit.xlsx"
    answer = run("simulate", "--scenario", str(row.id), "--xlsx", str(out))
    assert answer.exit_code == 0, answer.output
    assert "Over 2027: €\u00a05.300,00, €\u00a050,00 meer" in answer.output
    assert out.read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        ((), "Geef óf --scenario, óf --table."),
        (("--scenario", "999999"), "Dit scenario bestaat niet."),
        (("--table", "nergens.csv"), "kan niet worden gelezen"),
        (("--table", str(DATA / "gemeenten.csv")), "Het bestand mist de kolommen"),
        (("--table", str(DATA / "tarieven.csv")), "Kies er een met --name."),
        (("--table", str(DATA / "tarieven.csv"), "--name", "2020"), "telt voor schuldhulpverleners iets anders"),
    ],
)
def test_bad_input(run: Run, world: World, arguments: tuple[str, ...], answer: str) -> None:
    found = run("simulate", *arguments)
    assert found.exit_code == 2
    assert answer in found.output
