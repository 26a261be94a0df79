"""A run that is killed at any moment is whole afterwards. `make proof` does the same fifty times."""

from __future__ import annotations

from pathlib import Path

from tests.billing.runs.killing import prove
from tests.conftest import settings_for
from tests.database import Databases


def test_a_run_that_was_killed_goes_on_and_is_whole(databases: Databases, tmp_path: Path) -> None:
    with databases.copy() as urls:
        hit = prove(settings_for(urls.app, tmp_path), count=12, kills=4, longest=1.5, size=2, seed=20260105)
    assert hit >= 2
