"""Background work with Procrastinate on the same PostgreSQL: periodic jobs with retries and a heartbeat each."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import click
import procrastinate
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core import db as database
from core.db import Base, session, transaction

WORKER = "worker"


class JobHeartbeat(Base):
    """When a job last started and last went well; what went wrong since."""

    __tablename__ = "job_heartbeats"

    name: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    succeeded_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    duration_ms: Mapped[int | None]
    last_error: Mapped[str | None]


@dataclass(frozen=True)
class Job:
    """A periodic job."""

    name: str
    label: str
    """What it does, in Dutch, for the page that shows the jobs."""
    cron: str
    """Five fields, or six with seconds last."""
    every: timedelta
    """How often it should succeed; twice as long without success is shown as late."""
    run: Callable[[], int | None]


JOBS: dict[str, Job] = {}


def periodic(
    name: str, label: str, *, cron: str, every: timedelta
) -> Callable[[Callable[[], int | None]], Callable[[], int | None]]:
    """Register a function as a periodic job. It runs in scope JOB and opens its own transactions."""

    def register(function: Callable[[], int | None]) -> Callable[[], int | None]:
        if name in JOBS:
            raise ValueError(f"job {name} exists already")
        JOBS[name] = Job(name, label, cron, every, function)
        return function

    return register


def _note(name: str, **values: datetime | int | str | None) -> None:
    with transaction():
        row = {"name": name, "started_at": clock.now(), **values}
        session().execute(
            insert(JobHeartbeat)
            .values(**row)
            .on_conflict_do_update(index_elements=[JobHeartbeat.name], set_=dict(values) or row)
        )


def run(name: str) -> int | None:
    """Run one job now, in the running application context, with its heartbeat. Raises what the job raises."""
    job = JOBS[name]
    with database.scoped(database.JOB):
        _note(name, started_at=clock.now())
        begun = time.monotonic()
        try:
            result = job.run()
        except Exception as error:
            session().rollback()
            _note(name, failed_at=clock.now(), last_error=f"{type(error).__name__}: {error}"[:1000])
            raise
        _note(name, succeeded_at=clock.now(), duration_ms=int((time.monotonic() - begun) * 1000), last_error=None)
        return result


def worker_is_alive() -> bool:
    """Whether the worker's heartbeat is less than a minute old."""
    latest = session().scalar(select(func.max(JobHeartbeat.succeeded_at)).where(JobHeartbeat.name == "core:heartbeat"))
    return latest is not None and clock.now() - latest < timedelta(seconds=60)


@periodic(
    "core:heartbeat", "Laat zien dat de achtergrondverwerker werkt", cron="* * * * * */10", every=timedelta(seconds=10)
)
def heartbeat() -> None:
    return None


def procrastinate_app(app: Flask) -> procrastinate.App:
    """The Procrastinate application with every registered job as a periodic task, each at most once at a time."""
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).set(drivername="postgresql")
    connector = procrastinate.PsycopgConnector(conninfo=url.render_as_string(hide_password=False))
    worker = procrastinate.App(connector=connector)

    def task(job: Job) -> Callable[[int], None]:
        def call(timestamp: int) -> None:
            with app.app_context():
                run(job.name)
                database.db.session.remove()

        return call

    for job in JOBS.values():
        registered = worker.task(
            name=job.name,
            queueing_lock=job.name,
            lock=job.name,
            retry=procrastinate.RetryStrategy(max_attempts=3, exponential_wait=5),
        )(task(job))
        worker.periodic(cron=job.cron)(registered)
    return worker


commands = AppGroup("jobs", help="Achtergrondtaken.")


@commands.command("work")
def work() -> None:
    """Werk achtergrondtaken af tot Ctrl-C."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the worker outlives this context
    run("core:heartbeat")
    database.db.session.remove()
    worker = procrastinate_app(app)
    worker.run_worker(
        concurrency=2, delete_jobs="successful", fetch_job_polling_interval=5, shutdown_graceful_timeout=20
    )


@commands.command("run")
@click.argument("name")
def run_one(name: str) -> None:
    """Voer één taak nu uit."""
    if name not in JOBS:
        raise click.ClickException(f"De taak '{name}' bestaat niet. Kies uit: {', '.join(sorted(JOBS))}.")
    result = run(name)
    click.echo(f"{name}: klaar{f', {result} verwerkt' if result is not None else ''}.")


@commands.command("list")
def list_jobs() -> None:
    """Toon de taken."""
    for job in JOBS.values():
        click.echo(f"{job.name:32} {job.cron:18} {job.label}")
