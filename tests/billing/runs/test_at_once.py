"""Two who issue the same run at the same moment."""

from __future__ import annotations

import os
from pathlib import Path

from app import create_app
from core import clock
from core import db as database
from core.db import db, scoped
from tests.billing.runs.killing import ON, demand_whole, in_a_process, prepare, work
from tests.conftest import settings_for
from tests.database import Databases

COUNT = 16


def test_two_processes_issue_one_run_without_gap_or_double(databases: Databases, tmp_path: Path) -> None:
    with databases.copy() as urls:
        settings = settings_for(urls.app, tmp_path)
        app = create_app(settings)
        with app.app_context(), clock.at(ON), scoped(database.JOB):
            prepare(COUNT)
            db.session.remove()
            db.engine.dispose()
            children = [in_a_process(lambda: work(settings, 2)) for _ in range(2)]
            assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0]
            demand_whole(COUNT)
            db.session.remove()
            db.engine.dispose()
