"""`flask database draft` writes the next migration from the models, in a copy of the project."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.database import Databases

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of all packages and migrations."""
    copy = tmp_path / "project"
    copy.mkdir()
    shutil.copy(ROOT / "app.py", copy)
    for folder in ROOT.iterdir():
        if folder.name == "migrations" or ((folder / "__init__.py").exists() and folder.name != "tests"):
            shutil.copytree(folder, copy / folder.name, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


@pytest.fixture
def environment(databases: Databases, tmp_path: Path) -> Iterator[dict[str, str]]:
    with databases.copy() as urls:
        yield {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONDONTWRITEBYTECODE": "1",
            "MODE": "test",
            "BASE_URL": "http://127.0.0.1:8000",
            "DATABASE_URL": urls.app,
            "OWNER_DATABASE_URL": urls.owner,
            "SECRET_KEY": "een geheim van meer dan tweeendertig tekens, alleen hier",
            "DATA_DIR": str(tmp_path / "data"),
        }


def run(project: Path, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "database", *arguments],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )


def versions(project: Path) -> list[str]:
    return sorted(path.name for path in (project / "migrations/versions").glob("*.py"))


def test_only_a_changed_model_becomes_the_next_numbered_migration(project: Path, environment: dict[str, str]) -> None:
    before = versions(project)
    answer = run(project, environment, "draft", "nothing")
    assert "er is niets te schrijven" in answer.stdout, answer.stderr
    assert versions(project) == before

    models = project / "participants/models.py"
    models.write_text(models.read_text().replace("    own_oin:", "    nickname: Mapped[str | None]\n    own_oin:", 1))
    answer = run(project, environment, "draft", "nicknames")
    assert answer.returncode == 0, answer.stderr
    number = f"{int(before[-1][:4]) + 1:04}"
    assert versions(project) == [*before, f"{number}_nicknames.py"]
    assert f"Geschreven: migrations/versions/{number}_nicknames.py." in answer.stdout
    written = (project / f"migrations/versions/{number}_nicknames.py").read_text()
    assert "nickname" in written
    assert f"down_revision: str | None = '{before[-1][:4]}'" in written

    answer = run(project, environment, "check")
    assert (answer.returncode, answer.stdout) == (0, "")


@pytest.mark.parametrize("name", ["Hoofdletters", "met spatie", "../elders", "1eerst", "a", "", "x" * 80, "kopje;rm"])
def test_a_name_that_cannot_be_a_file_name_is_refused(app: Flask, name: str) -> None:
    before = versions(ROOT)
    answer = app.test_cli_runner().invoke(args=["database", "draft", name])
    assert answer.exit_code == 2
    assert "kleine letters" in answer.output
    assert versions(ROOT) == before
