"""Killing the process that issues a run, at any moment, as often as asked, and looking at what is left.

The process is killed with SIGKILL: nothing in it can tidy up. Each time another one goes on.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from datetime import date

from sqlalchemy import func, select

from app import create_app
from billing.delivery.jobs import deliver_batch
from billing.issuing.queries import Circumstances
from billing.models import Charge, Invoice, InvoiceFile, InvoiceMail, InvoiceSeries
from billing.runs import queries
from billing.runs.execution.services import issue_batch
from billing.runs.kinds import RunScope, RunStage
from billing.runs.models import RunItem
from billing.runs.services import calculate, put_forward, start_run
from core import approvals, clock, documents
from core import db as database
from core.audit import SYSTEM, Actor, AuditEvent
from core.config import Settings
from core.db import db, scoped, session, transaction
from core.mail import OutboxMessage
from identity.kinds import StaffRole
from tests.billing.conftest import World, load_tariffs
from tests.people import People

ON = date(2026, 1, 5)
BEFORE = date(2024, 6, 1)


def prepare(count: int) -> None:
    """An approved run over so many municipalities, one in four of which pays nothing."""
    with transaction():
        load_tariffs()
    world = World(session())
    for number in range(count):
        inhabitants = 9_000 if number % 4 == 0 else 20_000 + 1_000 * number
        world.municipality(inhabitants, name=f"Gemeente {number:04}", connected_on=BEFORE)
    people = People(session())
    one, other = (Actor("staff", people.staff(StaffRole.FINANCE).person_key) for _ in range(2))
    with transaction():
        run = start_run(2026, RunScope.EVERYBODY, one)
        calculate(run, SYSTEM)
        approval = put_forward(run, one)
        approvals.approve(approval.id, other)


def work(settings: Settings, size: int) -> None:
    """Issue and deliver everything that is left, some at a time: what the worker does."""
    app = create_app(settings)
    with app.app_context(), clock.at(ON), scoped(database.JOB):
        run_id = queries.runs()[0].id
        while True:
            with transaction():
                done = issue_batch(queries.run(run_id), Circumstances.now(), size=size)
            session().expunge_all()
            if not done:
                break
            deliver_batch(size)
        while deliver_batch(size):
            pass


def in_a_process(work_on: Callable[[], None]) -> int:
    """Start it in a process of its own, which ends without any tidying up; returns the id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work_on()
        code = 0
    finally:
        os._exit(code)


def kill_at_random(settings: Settings, kills: int, chance: random.Random, *, longest: float, size: int) -> int:
    """Kill so many of the processes that work, each after up to `longest` seconds, then let one finish. Returns how
    many were killed at work."""
    hit = 0
    for _ in range(kills):
        child = in_a_process(lambda: work(settings, size))
        time.sleep(chance.uniform(0.0, longest))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        hit += os.WIFSIGNALED(status)
    child = in_a_process(lambda: work(settings, size))
    _, status = os.waitpid(child, 0)
    assert os.WEXITSTATUS(status) == 0, "the last one did not finish"
    return hit


def demand_whole(count: int) -> None:
    """Nothing is lost, doubled or skipped."""
    run = queries.runs()[0]
    assert run.stage is RunStage.ISSUED
    assert queries.completeness(run).is_complete
    invoices = list(session().execute(select(Invoice).order_by(Invoice.series_number)).scalars())
    assert [row.series_number for row in invoices] == list(range(1, count + 1))
    assert len({row.participant_id for row in invoices}) == count
    assert session().scalar(select(InvoiceSeries.last_number)) == count
    for what in (Charge, InvoiceFile, InvoiceMail, OutboxMessage):
        assert session().scalar(select(func.count()).select_from(what)) == count, what.__tablename__
    issued = select(func.count()).where(AuditEvent.name == "billing:invoice:issued")
    assert session().scalar(issued) == count
    items = select(func.count(func.distinct(RunItem.invoice_id))).where(RunItem.run_id == run.id)
    assert session().scalar(items) == count
    for file in session().execute(select(InvoiceFile)).scalars():
        assert documents.read(file.sha256).startswith(b"%PDF-")
        assert file.ubl_sha256 is not None
        assert documents.read(file.ubl_sha256).startswith(b"<?xml")


def prove(settings: Settings, *, count: int, kills: int, longest: float, size: int, seed: int) -> int:
    """Prepare, kill, finish, look. Returns how many processes were killed at work."""
    app = create_app(settings)
    with app.app_context(), clock.at(ON), scoped(database.JOB):
        prepare(count)
        db.session.remove()
        db.engine.dispose()
        hit = kill_at_random(settings, kills, random.Random(seed), longest=longest, size=size)  # noqa: S311  no secret
        demand_whole(count)
        with transaction():
            assert issue_batch(queries.runs()[0], Circumstances.now()) == 0
        db.session.remove()
        db.engine.dispose()
    return hit
