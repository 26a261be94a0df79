"""A run is killed with SIGKILL fifty times at random moments, and loses, doubles or skips nothing."""

from __future__ import annotations

import os
from pathlib import Path

from tests.billing.runs.killing import prove
from tests.conftest import settings_for
from tests.database import Databases

KILLS = 50
COUNT = 240
"""Invoices: enough for fifty processes to be killed in the middle of it."""


def prove_fifty_kills_leave_a_whole_run(databases: Databases, tmp_path: Path) -> None:
    seed = int(os.environ.get("SEED") or int.from_bytes(os.urandom(4)))
    print(f"\nSEED={seed}: {KILLS} times SIGKILL on a run of {COUNT} invoices")
    with databases.copy() as urls:
        settings = settings_for(urls.app, tmp_path)
        hit = prove(settings, count=COUNT, kills=KILLS, longest=2.0, size=5, seed=seed)
    print(f"{hit} processes were killed at work; {COUNT} invoices, each once, with files and mail")
    assert hit >= KILLS * 3 // 4, "too many had finished before they were killed: make the run larger"
