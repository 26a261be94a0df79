"""Background jobs: heartbeats, one at a time, and a real worker process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Event as Flag

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core import clock, jobs
from core import db as database
from core.audit import Person
from core.db import current_scope, scoped, session, transaction
from core.embedded_postgres import Urls
from core.jobs import JOBS, AlreadyRunning, JobHeartbeat, periodic, run
from tests.core.conftest import Installation
from tests.database import Databases

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def job() -> Iterator[Callable[[Callable[[], int | None]], str]]:
    """Registers a function as a job for one test."""

    def register(function: Callable[[], int | None]) -> str:
        periodic("tests:job", "Test", cron="* * * * *", every=timedelta(minutes=1))(function)
        return "tests:job"

    yield register
    JOBS.pop("tests:job", None)


Register = Callable[[Callable[[], int | None]], str]


def heartbeat(name: str) -> JobHeartbeat:
    session().expire_all()
    return session().get_one(JobHeartbeat, name)


# ------------------------------------------------------------------------------------------- one run


def test_a_run_leaves_its_heartbeat(installation: Installation, job: Register) -> None:
    name = job(lambda: 7)
    assert run(name) == 7
    beat = heartbeat(name)
    assert beat.succeeded_at is not None
    assert beat.duration_ms is not None
    assert (beat.failed_at, beat.last_error) == (None, None)


def test_a_job_runs_in_its_own_scope_whoever_starts_it(installation: Installation, job: Register) -> None:
    seen: list[str] = []

    def look() -> None:
        seen.extend([current_scope().name, str(session().scalar(text("SELECT app_scope()")))])

    name = job(look)
    with scoped(database.NOBODY):
        run(name)
        assert current_scope() == database.NOBODY
    assert seen == ["job", "job"]


def test_a_failure_is_noted_raised_and_undone(installation: Installation, job: Register) -> None:
    def fail() -> None:
        session().add(Person(name="Verdwijnt"))
        session().flush()
        session().execute(text("SELECT 1/0"))

    name = job(fail)
    with pytest.raises(DBAPIError, match="division by zero"):
        run(name)
    beat = heartbeat(name)
    assert beat.failed_at is not None
    assert beat.succeeded_at is None
    assert "division by zero" in (beat.last_error or "")
    assert session().query(Person).count() == 0


def test_after_a_success_the_error_is_gone_and_its_moment_stays(installation: Installation, job: Register) -> None:
    failures = [RuntimeError("eerst mis")]

    def sometimes() -> int:
        if failures:
            raise failures.pop()
        return 3

    name = job(sometimes)
    with pytest.raises(RuntimeError):
        run(name)
    assert run(name) == 3
    beat = heartbeat(name)
    assert beat.last_error is None
    assert beat.failed_at is not None


def test_a_job_never_runs_twice_at_the_same_time(installation: Installation, job: Register) -> None:
    inside, leave = Flag(), Flag()

    def slow() -> int:
        inside.set()
        leave.wait(10)
        return 1

    name = job(slow)

    def second() -> str:
        inside.wait(10)
        try:
            run(name)
        except AlreadyRunning as error:
            return error.message
        finally:
            leave.set()
        return "liep tweemaal"

    first, other = installation.at_once(lambda: str(run(name)), second)
    assert first.result() == "1"
    assert other.result() == "De taak 'tests:job' loopt al."
    assert run(name) == 1


def test_a_name_is_given_once(job: Register) -> None:
    job(lambda: None)
    with pytest.raises(ValueError, match="exists already"):
        job(lambda: None)


def test_the_worker_is_alive_while_it_gives_signs_of_life(installation: Installation) -> None:
    assert not jobs.worker_is_alive()
    run(jobs.HEARTBEAT)
    assert jobs.worker_is_alive()
    with clock.at(clock.now() + timedelta(seconds=61)):
        assert not jobs.worker_is_alive()
    with transaction():
        heartbeat(jobs.HEARTBEAT).succeeded_at = clock.now() - timedelta(hours=1)
        session().execute(text("INSERT INTO procrastinate_workers DEFAULT VALUES"))
    assert jobs.worker_is_alive()  # too busy for jobs of the queue, and there


def test_rows_of_killed_workers_are_cleared_away(installation: Installation) -> None:
    with transaction():
        session().execute(
            text(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', 'a', 'doing'),"
                " ('default', 'b', 'failed'), ('default', 'c', 'todo')"
            )
        )
    with transaction():
        assert jobs.forget_abandoned() == 2
    assert session().scalars(text("SELECT task_name FROM procrastinate_jobs")).all() == ["c"]


@pytest.mark.parametrize("name", ["core:seal_audit_trail", "core:deliver_mail", "core:forget_jobs"])
def test_a_job_can_be_run_by_hand(installation: Installation, name: str) -> None:
    outcome = installation.app.test_cli_runner().invoke(args=["jobs", "run", name])
    assert (outcome.exit_code, outcome.output) == (0, f"{name}: klaar, 0 verwerkt.\n")


def test_a_job_that_does_not_exist_cannot(installation: Installation) -> None:
    outcome = installation.app.test_cli_runner().invoke(args=["jobs", "run", "core:nothing"])
    assert outcome.exit_code == 2
    assert "core:seal_audit_trail" in outcome.output


def test_every_job_says_in_dutch_what_it_does_and_has_a_working_schedule(installation: Installation) -> None:
    worker = jobs.procrastinate_app(installation.app)
    assert set(worker.tasks) >= set(JOBS)
    listed = installation.app.test_cli_runner().invoke(args=["jobs", "list"]).output
    for registered in JOBS.values():
        assert registered.label[:1].isupper(), registered.name
        assert registered.label in listed


# ------------------------------------------------------------------------------------------- the worker process


@dataclass
class Worker:
    process: subprocess.Popen[str]
    notes: Path
    urls: Urls

    def lines(self, word: str) -> list[str]:
        return [line for line in self.notes.read_text().splitlines() if line.split()[0] == word]

    def wait_for(self, condition: Callable[[], bool], seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, f"stopped with {self.process.returncode}"
            assert time.monotonic() < deadline, self.notes.read_text()
            time.sleep(0.1)

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        return ask(self.urls.owner, statement)


def ask(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True) as connection:
        return connection.execute(statement.encode()).fetchall()


@contextmanager
def working(urls: Urls, folder: Path) -> Iterator[Worker]:
    """`flask jobs work` on this database."""
    notes = folder / "notes"
    notes.touch()
    environment = {
        "PATH": os.environ["PATH"],
        "MODE": "test",
        "BASE_URL": "http://localhost",
        "DATABASE_URL": urls.app,
        "DATA_DIR": str(folder),
        "SECRET_KEY": "a secret that is only good for tests",
        "TEST_LOG": str(notes),
    }
    with (folder / "log").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "tests.core.worker_app", "jobs", "work"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            text=True,
        )
        try:
            yield Worker(process, notes, urls)
        finally:
            process.kill()
            process.wait()


@pytest.fixture
def urls(databases: Databases) -> Iterator[Urls]:
    with databases.copy() as made:
        yield made


def test_a_worker_runs_what_is_due_and_stops_when_asked(urls: Urls, tmp_path: Path) -> None:
    with working(urls, tmp_path) as worker:
        worker.wait_for(lambda: len(worker.lines("quick")) >= 3)
        worker.wait_for(lambda: len(worker.lines("fails_once")) == 2)
        worker.wait_for(lambda: worker.lines("slow")[-1:] == ["slow begins"])
        worker.process.send_signal(signal.SIGTERM)
        assert worker.process.wait(20) == 0

        scopes = {tuple(line.split()[1:3]) for line in worker.lines("quick")}
        assert scopes == {("job", "job")}
        assert worker.lines("slow") == ["slow begins", "slow ends"] * (len(worker.lines("slow")) // 2)
        beats = {row[0]: row[1:] for row in worker.sql("SELECT name, succeeded_at, last_error FROM job_heartbeats")}
        assert beats[jobs.HEARTBEAT][0] is not None
        assert beats["core:seal_audit_trail"][0] is not None
        assert beats["tests:fails"][0] is None
        assert "division by zero" in str(beats["tests:fails"][1])
        assert beats["tests:fails_once"][0] is not None
        ((wrong,),) = worker.sql("SELECT count(*) FROM people WHERE name = 'Mislukt'")
        assert wrong == 0
        ((unfinished,),) = worker.sql("SELECT count(*) FROM procrastinate_jobs WHERE status <> 'todo'")
        assert unfinished == 0
        ((workers,),) = worker.sql("SELECT count(*) FROM procrastinate_workers")
        assert workers == 0


def test_a_worker_that_is_killed_leaves_nothing_locked_and_another_goes_on(urls: Urls, tmp_path: Path) -> None:
    with working(urls, tmp_path) as one, working(urls, tmp_path) as other:
        one.wait_for(lambda: len(one.sql("SELECT FROM procrastinate_workers")) == 2)
        one.wait_for(lambda: one.lines("slow")[-1:] == ["slow begins"])
        assert "slow begins slow begins" not in " ".join(one.lines("slow"))
        one.process.kill()
        one.process.wait()
        done = len(one.lines("slow"))
        other.wait_for(lambda: other.lines("slow")[done:].count("slow ends") >= 2)


def test_a_worker_outlives_a_database_that_goes_away_for_a_moment(
    databases: Databases, urls: Urls, tmp_path: Path
) -> None:
    with working(urls, tmp_path) as worker:
        worker.wait_for(lambda: len(worker.lines("quick")) >= 2)
        name = urls.app.rpartition("/")[2]
        ended = ask(
            databases.server.superuser_url(),
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",  # noqa: S608
        )
        assert len(ended) > 1
        done = len(worker.lines("quick"))
        worker.wait_for(lambda: len(worker.lines("quick")) >= done + 3, 40)
        worker.process.send_signal(signal.SIGINT)
        assert worker.process.wait(20) == 0
