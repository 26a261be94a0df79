"""The application with a few jobs more, for tests of a real worker process (`flask --app tests.core.worker_app`).

Each job leaves lines in the file that TEST_LOG names.
"""

from __future__ import annotations

import os
import threading
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from app import create_app
from core.audit import Person
from core.db import current_scope, session, transaction
from core.jobs import periodic

EVERY_SECOND = "* * * * * */1"
LOG = Path(os.environ["TEST_LOG"])

__all__ = ["create_app"]


def note(line: str) -> None:
    with LOG.open("a") as log:
        log.write(f"{line}\n")


@periodic("tests:quick", "Snel", cron=EVERY_SECOND, every=timedelta(seconds=1))
def quick() -> int:
    """Notes scope, thread and connection, and writes a row."""
    with transaction():
        scope, backend = session().execute(text("SELECT app_scope(), pg_backend_pid()")).one()
        session().add(Person(name="Snel"))
    note(f"quick {scope} {current_scope().name} {threading.get_ident()} {backend}")
    return 1


@periodic("tests:slow", "Traag", cron=EVERY_SECOND, every=timedelta(seconds=1))
def slow() -> None:
    """Takes longer than its interval; a second one at the same time would be seen in the notes."""
    note("slow begins")
    with transaction():
        session().add(Person(name="Traag"))
        session().flush()
        time.sleep(1.5)
    note("slow ends")


@periodic("tests:fails", "Mislukt vaak", cron=EVERY_SECOND, every=timedelta(seconds=1))
def fails() -> None:
    note("fails")
    with transaction():
        session().add(Person(name="Mislukt"))
        session().flush()
        session().execute(text("SELECT 1/0"))


@periodic("tests:fails_once", "Mislukt eenmaal", cron="0 3 * * *", every=timedelta(days=1))
def fails_once() -> None:
    """Comes round once a day: done at the start because no worker ran last night, and tried again when it fails."""
    note("fails_once")
    if LOG.read_text().count("fails_once") == 1:
        raise RuntimeError("de eerste keer mislukt")
