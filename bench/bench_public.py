"""The public list and the open data at 2,000 participants, beside nginx serving the same bytes as a file.

One client, one run, rounds in turn; the ratio is the claim. Raw numbers are kept in .data/bench.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median, quantiles

import pytest
from sqlalchemy import select

from app import create_app
from bench.loopback import Outcome, hammer
from bench.measure import RESULTS
from catalogue.models import Module, ModuleActivation
from core import clock
from core import db as database
from core.db import db, scoped, session
from core.embedded_postgres import Urls, scratch
from demo.reference import load_registers, load_rules
from participants.kinds import Channel, OrganisationKind, Sector, Stage
from participants.models import LivePeriod, Organisation, Participant
from scripts.serve import web_server
from scripts.supervisor import ROOT
from tests.conftest import settings_for
from tests.database import Databases

PARTICIPANTS = 2_000
ROUNDS = 3
REQUESTS = 1_500
"""Per round."""
NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
PATHS = {
    "public list": "/deelnemers",
    "public list, one province": "/deelnemers?provincie=Utrecht",
    "open data, first page": "/api/v1/deelnemers",
    "open data, one participant": "/api/v1/deelnemers/{id}",
}
GZIP = "Accept-Encoding: gzip\r\n"


@pytest.fixture(scope="module")
def filled() -> Iterator[tuple[Urls, str]]:
    """A database with the registers and 2,000 live participants, made in bulk; and the id of one of them."""
    with scratch(Path(".data/scratch")) as server, Databases(server).copy() as urls:
        app = create_app(settings_for(urls.app, Path(".data/bench"), mode="demo"))
        with app.app_context(), scoped(database.JOB):
            load_rules()
            load_registers()
            directory_id = _add_participants()
            db.session.remove()
            db.engine.dispose()
        yield urls, directory_id


def _add_participants() -> str:
    modules = session().scalars(select(Module.code).where(Module.available)).all()
    organisations = [
        Organisation(
            name=f"Voorbeeldorganisatie {number}",
            short_name=f"Voorbeeldorganisatie {number}",
            kind=OrganisationKind.COMPANY,
            sector=list(Sector)[number % len(Sector)],
            province=("Utrecht", "Drenthe", "Zeeland", "Limburg")[number % 4],
            place="Voorbeeldstad",
            source="meting",
            fictional=True,
            search_text=f"voorbeeldorganisatie {number}",
        )
        for number in range(PARTICIPANTS)
    ]
    session().add_all(organisations)
    session().flush()
    rows = [
        Participant(
            organisation_id=organisation.id,
            role_code="creditor",
            channel=Channel.SYSTEM,
            stage=Stage.LIVE,
            stage_since=clock.now(),
        )
        for organisation in organisations
    ]
    session().add_all(rows)
    session().flush()
    for number, row in enumerate(rows):
        since = date(2024, 1, 1) + timedelta(days=number % 900)
        session().add(LivePeriod(participant_id=row.id, starts_on=since))
        session().add_all(
            ModuleActivation(participant_id=row.id, module_code=code, starts_on=since) for code in modules[:4]
        )
    session().commit()
    return str(rows[0].directory_id)


# ------------------------------------------------------------------------------------------- servers


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def _running(command: list[str], port: int, environment: dict[str, str] | None = None) -> Iterator[None]:
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


@pytest.fixture(scope="module")
def application(filled: tuple[Urls, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of gunicorn, started as for daily use."""
    urls, _ = filled
    port, folder = _free_port(), tmp_path_factory.mktemp("gunicorn")
    environment = os.environ | {
        "MODE": "test",
        "DATABASE_URL": urls.app,
        "SECRET_KEY": "a secret that is only good for benchmarks",
        "BASE_URL": f"http://127.0.0.1:{port}",
        "DATA_DIR": str(folder),
        "FILES_URL": str(folder / "bestanden"),
    }
    with _running(web_server(folder, port), port, environment):
        yield port


@contextmanager
def _nginx(folder: Path, port: int) -> Iterator[None]:
    """nginx with as many workers as gunicorn, serving the files of a folder as they are, compressed already."""
    folder.chmod(0o755)
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"daemon off; worker_processes 2; pid {folder}/pid; error_log {folder}/error.log;\n"
        "events { worker_connections 256; }\n"
        f"http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;\n"
        + "".join(
            f" {kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        + f"\n server {{ listen 127.0.0.1:{port}; root {folder}; add_header Content-Encoding gzip; }} }}\n"
    )
    user = [] if os.geteuid() else ["-g", "user root;"]
    with _running([str(NGINX), "-e", f"{folder}/error.log", "-c", str(configuration), *user], port):
        yield


# ------------------------------------------------------------------------------------------- measuring


@pytest.mark.parametrize("name", PATHS)
def bench_public_beside_a_file(name: str, application: int, filled: tuple[Urls, str], tmp_path: Path) -> None:
    path = PATHS[name].format(id=filled[1])
    asked = urllib.request.Request(f"http://127.0.0.1:{application}{path}", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked) as answer:  # noqa: S310  our own server
        body = answer.read()
    if NGINX is None:
        ours = [hammer(application, path, requests=REQUESTS, headers=GZIP) for _ in range(ROUNDS)]
        _tell(name, len(body), ours, None)
        return
    (tmp_path / "file").write_bytes(body)
    port = _free_port()
    ours, files = [], []
    with _nginx(tmp_path, port):
        for warm in (port, application):
            hammer(warm, "/file" if warm == port else path, requests=200, headers=GZIP)
        for _ in range(ROUNDS):
            files.append(hammer(port, "/file", requests=REQUESTS, headers=GZIP))
            ours.append(hammer(application, path, requests=REQUESTS, headers=GZIP))
    assert files[0].bytes_each == ours[0].bytes_each == len(body)
    _tell(name, len(body), ours, files)


def _p95(rounds: list[Outcome]) -> float:
    return quantiles([one for found in rounds for one in found.milliseconds], n=20)[18]


def _tell(name: str, size: int, ours: list[Outcome], files: list[Outcome] | None) -> None:
    speed = median(found.per_second for found in ours)
    print(f"\n{name:28} {size:7} bytes  ours  {speed:8.0f} requests/s  p95 {_p95(ours):6.1f} ms")
    content = {
        "name": name,
        "participants": PARTICIPANTS,
        "bytes": size,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        "python": platform.python_version(),
        "ours": [{"per_second": found.per_second, "ms": found.milliseconds} for found in ours],
    }
    if files is None:
        print(f"{'':28} nginx is not here: nothing to compare with")
    else:
        other = median(found.per_second for found in files)
        print(f"{'':28} {size:7} bytes  nginx {other:8.0f} requests/s  p95 {_p95(files):6.1f} ms")
        print(f"{'':28} ratio {speed / other:.3f} (1 = as fast as a file; the client shares the cores)")
        content["nginx"] = [{"per_second": found.per_second, "ms": found.milliseconds} for found in files]
        content["ratio"] = speed / other
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{name.replace(' ', '-').replace(',', '')}.json").write_text(json.dumps(content, indent=1))
