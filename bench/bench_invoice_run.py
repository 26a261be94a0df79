"""A run of 10,000 invoices, from approval to the last file: numbers, ledger rows, PDF, UBL and mails.

INVOICES=1000 makes it shorter. Ledger work is measured by itself: drafts are compared, numbers taken, invoices, lines,
charges, audit events and mails written, in batches. Files are made by as many processes as there are processors; their
memory is sampled. Raw numbers are kept in .data/bench.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import func, insert, select

from app import create_app
from bench.measure import RESULTS
from billing import queries as invoice_queries
from billing.delivery.services import files_of, queue_invoices
from billing.issuing.queries import Circumstances
from billing.models import Invoice, InvoiceFile, InvoiceMail
from billing.runs import queries
from billing.runs.execution.services import demand_unchanged, issue_batch
from billing.runs.kinds import RunScope
from billing.runs.models import InvoiceRun
from billing.runs.services import calculate, put_forward, start_run
from core import approvals, clock
from core import db as database
from core.audit import SYSTEM, Actor
from core.config import Settings
from core.db import db, scoped, session, transaction
from identity.kinds import StaffRole
from participants.kinds import Channel, MeasurementKind, OrganisationKind, Sector, Stage
from participants.models import ConnectionPeriod, InvoiceDetails, Measurement, Organisation, Participant
from tests.billing.conftest import load_tariffs
from tests.conftest import settings_for
from tests.database import Databases
from tests.people import People

T = TypeVar("T")
INVOICES = int(os.environ.get("INVOICES") or 10_000)
PROCESSES = os.cpu_count() or 1
LEDGER_GOAL = 500
"""Invoices per second."""
WHOLE_GOAL = 12 * 60
"""Seconds for 10,000 on two cores."""


def bench_a_run_from_approval_to_the_last_file(databases: Databases, tmp_path: Path) -> None:
    took: dict[str, float] = {}
    with databases.copy() as urls:
        settings = settings_for(urls.app, tmp_path)
        app = create_app(settings)
        with app.app_context(), scoped(database.JOB):
            with transaction():
                load_tariffs()
            _participants(INVOICES)
            run_id = _timed(took, "preview, with UBL written and checked", _approved_run)
            _timed(took, "ledger: check, numbers, lines, charges, audit", lambda: _issue(run_id))
            mails = _timed(took, "files of the first hundred", _first_files)
            _timed(took, "mails of the first hundred", lambda: _first_mails(mails))
            db.session.remove()
            memory = _timed(took, "files and mails of all others", lambda: _files(settings))
            _demand_whole(queries.runs()[0])
            db.session.remove()
            db.engine.dispose()
    _tell(took, memory)


def _timed(took: dict[str, float], name: str, work: Callable[[], T]) -> T:
    begun = time.perf_counter()
    result = work()
    took[name] = time.perf_counter() - begun
    return result


def _participants(count: int) -> None:
    rows = range(1, count + 1)
    with transaction():
        tables: list[tuple[Any, Callable[[int], dict[str, Any]]]] = [
            (
                Organisation,
                lambda n: {
                    "id": n,
                    "name": f"Gemeente Voorbeeld {n}",
                    "short_name": f"Voorbeeld {n}",
                    "kind": OrganisationKind.MUNICIPALITY,
                    "sector": Sector.MUNICIPALITY,
                    "kvk": f"{99_000_000 + n}",
                    "source": "meting",
                    "fictional": True,
                    "search_text": f"gemeente voorbeeld {n:06}",
                },
            ),
            (
                Measurement,
                lambda n: {
                    "kind": MeasurementKind.INHABITANTS,
                    "organisation_id": n,
                    "value": 15_000 + (n * 7_919) % 900_000,
                    "measured_on": date(2024, 1, 1),
                    "source": "organisaties.overheid.nl",
                    "recorded_at": clock.now(),
                },
            ),
            (
                Participant,
                lambda n: {
                    "id": n,
                    "organisation_id": n,
                    "role_code": "shv_phase_2",
                    "unit_name": "",
                    "channel": Channel.PORTAL,
                    "stage": Stage.LIVE,
                    "stage_since": clock.now(),
                    "list_publicly": True,
                    "version": 1,
                },
            ),
            (
                InvoiceDetails,
                lambda n: {
                    "participant_id": n,
                    "street": f"Postbus {n}",
                    "postal_code": "9999 XX",
                    "city": "Voorbeeldveld",
                    "email": f"facturen{n}@voorbeeld.invalid",
                    "buyer_reference": f"AFD-{n}",
                },
            ),
            (ConnectionPeriod, lambda n: {"participant_id": n, "starts_on": date(2024, 6, 1)}),
        ]
        for table, made in tables:
            session().execute(insert(table), [made(n) for n in rows])


def _approved_run() -> int:
    people = People(session())
    one, other = (Actor("staff", people.staff(StaffRole.FINANCE).person_key) for _ in range(2))
    with transaction():
        run = start_run(clock.today().year, RunScope.EVERYBODY, one)
        calculate(run, SYSTEM)
        approvals.approve(put_forward(run, one).id, other)
        return run.id


def _issue(run_id: int) -> None:
    with transaction():
        demand_unchanged(queries.run(run_id))
    while True:
        with transaction():
            done = issue_batch(queries.run(run_id), Circumstances.now())
        session().expunge_all()
        if not done:
            return


def _first_files() -> list[int]:
    keys = invoice_queries.undelivered(100)
    with transaction():
        files_of([session().get_one(Invoice, key) for key in keys])
    return keys


def _first_mails(keys: list[int]) -> None:
    with transaction():
        invoices = [session().get_one(Invoice, key) for key in keys]
        queue_invoices(invoices, files_of(invoices))


def _files(settings: Settings) -> list[dict[str, float]]:
    """Make the rest with several processes, as the worker does; returns their memory in MB, sampled."""
    environment = os.environ | {
        "MODE": settings.mode,
        "BASE_URL": settings.base_url,
        "DATABASE_URL": settings.database_url,
        "DATA_DIR": str(settings.data_dir),
        "FILES_URL": settings.files_url,
        "SECRET_KEY": settings.secret_key,
        "WORKER_EXPECTED": "0",
    }
    command = [sys.executable, "-m", "flask", "--app", "app", "billing", "make-files", f"--processes={PROCESSES}"]
    memory: list[dict[str, float]] = []
    begun = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            time.sleep(2)
            found = [_resident(key) for key in (process.pid, *_children(process.pid))]
            if found and found[0]:
                memory.append({"second": time.perf_counter() - begun, "largest": max(found), "sum": sum(found)})
    assert process.returncode == 0
    return memory


def _children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children")
    return [int(key) for key in listed.read_text().split()] if listed.exists() else []


def _resident(process: int) -> float:
    """Megabytes in memory; 0 of a process that has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def _demand_whole(run: InvoiceRun) -> None:
    assert queries.completeness(run).is_complete
    for what in (Invoice, InvoiceFile, InvoiceMail):
        assert session().scalar(select(func.count()).select_from(what)) == INVOICES
    assert [report.missing for report in queries.series_report()] == [[]]


def _tell(took: dict[str, float], memory: list[dict[str, float]]) -> None:
    ledger = INVOICES / (
        took["ledger: check, numbers, lines, charges, audit"] + took["mails of the first hundred"] * INVOICES / 100
    )
    whole = sum(seconds for name, seconds in took.items() if not name.startswith("preview"))
    print(f"\n{INVOICES} invoices, {PROCESSES} processes")
    for name, seconds in took.items():
        print(f"  {name:48} {seconds:8.1f} s")
    print(f"  ledger with mails: {ledger:.0f} invoices/s, goal {LEDGER_GOAL}")
    print(
        f"  approval to last file: {whole:.0f} s ({INVOICES / whole:.1f}/s), goal {WHOLE_GOAL * INVOICES / 10_000:.0f}"
    )
    first, last = memory[len(memory) // 5], memory[-2 if len(memory) > 1 else -1]
    print(f"  largest process: {first['largest']:.0f} MB after a fifth, {last['largest']:.0f} MB near the end")
    RESULTS.mkdir(parents=True, exist_ok=True)
    content = {
        "invoices": INVOICES,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        "seconds": took,
        "ledger_per_second": ledger,
        "memory": memory,
    }
    (RESULTS / "invoice-run.json").write_text(json.dumps(content, indent=1))
