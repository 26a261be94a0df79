"""Background work with Procrastinate on the same PostgreSQL: periodic jobs with retries and a heartbeat each."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import click
import procrastinate
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core import db as database
from core.db import Base, session, transaction
from core.errors import UserError

HEARTBEAT = "core:heartbeat"
logger = logging.getLogger(__name__)


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


class AlreadyRunning(UserError):
    """The job runs at this moment, here or on another machine."""

    status = 409


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Hold the job's lock, on a connection of its own; a crash lets it go. Raises AlreadyRunning."""
    engine = database.db.engine.engine.execution_options(isolation_level="AUTOCOMMIT")
    lock = {"name": f"job:{name}"}
    with engine.connect() as connection:
        if not connection.scalar(text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))"), lock):
            raise AlreadyRunning(f"De taak '{name}' loopt al.")
        try:
            yield
        finally:
            with suppress(DBAPIError):  # a broken connection has let go already
                connection.execute(text("SELECT pg_advisory_unlock(hashtextextended(:name, 0))"), lock)


def run(name: str) -> int | None:
    """Run one job now, in the running application context, with its heartbeat; never twice at the same time.

    Raises AlreadyRunning, and what the job raises.
    """
    job = JOBS[name]
    with database.scoped(database.JOB), _alone(name):
        _note(name, started_at=clock.now())
        begun = time.monotonic()
        try:
            result = job.run()
        except Exception as error:
            with suppress(SQLAlchemyError):  # the error of the job says more than that of the database
                session().rollback()
                message = f"{type(error).__name__}: {error}".replace("\0", "")
                _note(name, failed_at=clock.now(), last_error=message[:1000])
            raise
        _note(name, succeeded_at=clock.now(), duration_ms=int((time.monotonic() - begun) * 1000), last_error=None)
        return result


_ALIVE = text(
    "SELECT EXISTS (SELECT FROM job_heartbeats WHERE name = :name AND succeeded_at > :since)"
    " OR EXISTS (SELECT FROM procrastinate_workers WHERE last_heartbeat > :since)"
)


def worker_is_alive() -> bool:
    """Whether a worker gave a sign of life in the last minute, by a job or, while long jobs keep it busy, by itself."""
    since = clock.now() - timedelta(seconds=60)
    return bool(session().scalar(_ALIVE, {"name": HEARTBEAT, "since": since}))


@periodic(HEARTBEAT, "Laat zien dat de achtergrondverwerker werkt", cron="* * * * * */10", every=timedelta(seconds=10))
def heartbeat() -> None:
    return None


_ABANDONED = text(
    "DELETE FROM procrastinate_jobs AS job WHERE status NOT IN ('todo', 'doing') OR (status = 'doing' AND NOT EXISTS"
    " (SELECT FROM procrastinate_workers WHERE id = job.worker_id AND last_heartbeat > now() - interval '1 hour'))"
)


def forget_abandoned() -> int:
    """Remove queue rows of workers that were killed. Returns how many."""
    return int(getattr(session().execute(_ABANDONED), "rowcount", 0))


# ------------------------------------------------------------------------------------------- the worker

CATCH_UP = timedelta(days=7)
"""A job whose moment passed while no worker ran is done at the next start, when it is not longer ago than this."""

RETRIED = timedelta(minutes=10)
"""A job that comes round less often than this is tried again when it fails; others have their next turn soon."""


def procrastinate_app(app: Flask) -> procrastinate.App:
    """The Procrastinate application with every registered job as a periodic task."""
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).set(drivername="postgresql")
    connector = procrastinate.PsycopgConnector(conninfo=url.render_as_string(hide_password=False))
    worker = procrastinate.App(connector=connector, periodic_defaults={"max_delay": CATCH_UP.total_seconds()})

    def task(job: Job) -> Callable[[int], None]:
        def call(timestamp: int) -> None:
            """In a thread of its own, with a session of its own: that of this application context."""
            with app.app_context(), suppress(AlreadyRunning):
                run(job.name)

        return call

    for job in JOBS.values():
        registered = worker.task(
            name=job.name,
            queueing_lock=job.name,
            retry=procrastinate.RetryStrategy(max_attempts=3, exponential_wait=5) if job.every >= RETRIED else False,
        )(task(job))
        worker.periodic(cron=job.cron)(registered)
    return worker


async def _work(app: Flask) -> None:
    """Work until SIGINT or SIGTERM; a database that goes away for a while is waited for."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    while not stop.is_set():
        try:
            await _work_until(stop, procrastinate_app(app))
        except Exception:
            logger.exception("The worker stopped")
        if not stop.is_set():
            logger.warning("The worker begins again in 5 seconds")
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), 5)


async def _work_until(stop: asyncio.Event, worker: procrastinate.App) -> None:
    async with worker.open_async():
        working = asyncio.create_task(
            worker.run_worker_async(
                concurrency=4,
                delete_jobs="always",  # the heartbeats remember what failed
                fetch_job_polling_interval=5,
                shutdown_graceful_timeout=15,
                install_signal_handlers=False,
            )
        )
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not working.done():
            working.cancel()  # finishes the jobs that are running
        with suppress(asyncio.CancelledError):
            await working


commands = AppGroup("jobs", help="Achtergrondtaken.")


@commands.command("work")
def work() -> None:
    """Werk achtergrondtaken af tot Ctrl-C."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the worker outlives this context
    with suppress(AlreadyRunning, SQLAlchemyError):
        run(HEARTBEAT)
    database.db.session.remove()
    asyncio.run(_work(app))


@commands.command("run")
@click.argument("name")
def run_one(name: str) -> None:
    """Voer één taak nu uit."""
    if name not in JOBS:
        raise click.BadParameter(f"De taak '{name}' bestaat niet. Kies uit: {', '.join(sorted(JOBS))}.")
    try:
        result = run(name)
    except AlreadyRunning as error:
        raise click.ClickException(error.message) from error
    click.echo(f"{name}: klaar{f', {result} verwerkt' if result is not None else ''}.")


@commands.command("list")
def list_jobs() -> None:
    """Toon de taken."""
    for job in JOBS.values():
        click.echo(f"{job.name:32} {job.cron:18} {job.label}")
