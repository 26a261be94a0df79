"""`flask governance …`"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from governance import queries
from governance.rules import DEFAULTS

Run = Callable[..., Result]
FILE = str(Path(__file__).parents[2] / "data/beheerders.csv")


@pytest.fixture
def run(app: Flask, session: Session) -> Run:
    def call(*arguments: str) -> Result:
        return app.test_cli_runner().invoke(args=["governance", *arguments])

    return call


def test_operators_are_imported_once(run: Run) -> None:
    answer = run("import-operators", FILE, "--example")
    assert answer.exit_code == 0, answer.output
    assert "Nieuw: Voorbeeldbeheerder A" in answer.output
    assert "2 nieuw, 0 aangevuld, 0 ongewijzigd, 0 geweigerd." in answer.output
    assert "0 nieuw, 0 aangevuld, 2 ongewijzigd, 0 geweigerd." in run("import-operators", FILE, "--example").output


def test_a_dry_run_changes_nothing(run: Run) -> None:
    answer = run("import-operators", FILE, "--dry-run")
    assert "Proef, er is niets veranderd: 2 nieuw" in answer.output
    assert queries.operators() == []
    assert "instellingen vastgelegd" in run("load-settings", "--dry-run").output
    assert queries.settings_on(date(2026, 1, 1)) == []


def test_settings_are_loaded_once(run: Run) -> None:
    assert run("load-settings").output == f"{len(DEFAULTS)} instellingen vastgelegd.\n"
    assert run("load-settings").output == "0 wijzigingen: alle instellingen staan er al.\n"


def test_a_refused_row_is_a_finding(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "beheerders.csv"
    file.write_text(Path(FILE).read_text(encoding="utf-8").replace("99000010", "9900001"), encoding="utf-8")
    answer = run("import-operators", str(file), "--example")
    assert answer.exit_code == 1
    assert "Geweigerd: Voorbeeldbeheerder A: Een KvK-nummer heeft acht cijfers. U vulde er zeven in." in answer.output
    assert "Nieuw: Voorbeeldbeheerder B" in answer.output


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "kan niet worden gelezen"),
        (b"\xff\xfe\x00", "geen tekst in UTF-8"),
        (b"naam,van\nA,2020-01-01\n", "mist de kolommen"),
        (b"naam,van\nA,2020-01-01,te veel\n", "meer kolommen dan de kop"),
        (b'naam,van\n"A,2020-01-01\n', "geen CSV-bestand"),
    ],
)
def test_a_file_that_is_no_table_is_bad_input(run: Run, tmp_path: Path, content: bytes | None, says: str) -> None:
    file = tmp_path / "beheerders.csv"
    if content is not None:
        file.write_bytes(content)
    answer = run("import-operators", str(file))
    assert answer.exit_code == 2
    assert says in answer.output
