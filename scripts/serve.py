"""Start the whole application on this machine: database, web server and worker. Ctrl-C stops it.

    python -m scripts.serve demo          with example data, in .data/demo
    python -m scripts.serve demo-reset    the same, after removing what was there
    python -m scripts.serve run           for real: on DATABASE_URL, or on a database of its own in .data/run

PORT (8000) and DATA_DIR may be set. See docs/operations.md for the other settings of `run`.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from core import embedded_postgres
from core.embedded_postgres import EmbeddedPostgresError, Urls, secret
from demo.personas import sign_ins
from scripts.supervisor import ROOT, Problem, Stopped, Supervisor, flask, python, say

Kind = Literal["demo", "run"]

MARKER = ".knooppuntbeheer"
"""Says that a folder is ours, and of which kind: no other folder is ever removed."""
LOADED = "voorbeeldgegevens-geladen"
"""Says that the database of this folder has its example data. Removed with the folder."""

OF_AN_INSTALLATION = (
    "BASE_URL",
    "DATABASE_URL",
    "FILES_URL",
    "HELPDESK_GROUP",
    "HELPDESK_MAIL",
    "HELPDESK_TOKEN",
    "HELPDESK_URL",
    "MAIL_FROM",
    "SECRET_KEY",
    "SMTP_URL",
    "TRUSTED_PROXIES",
)
"""Settings that a demonstration does not take over: it must not mail real people or touch a real database."""


def main(arguments: list[str]) -> int:
    kind: Kind = "run" if arguments == ["run"] else "demo"
    try:
        port = _port()
        data_dir = Path(os.environ.get("DATA_DIR") or ROOT / ".data" / kind).resolve()
        if arguments == ["demo-reset"]:
            _remove(data_dir)
        with _claimed(data_dir, kind):
            _serve(kind, data_dir, port)
    except Stopped:
        say("Gestopt.")
        return 0
    except (Problem, EmbeddedPostgresError) as problem:
        say(f"\n{problem}")
    except PermissionError as error:
        say(f"\nGeen toegang tot {error.filename}: van een andere gebruiker? Kies dan een andere DATA_DIR.")
    return 1


def _serve(kind: Kind, data_dir: Path, port: int) -> None:
    supervisor = Supervisor(data_dir / "log")
    with _database(kind, data_dir) as urls, supervisor as children:
        environment = _environment(kind, data_dir, port, urls.app)
        say("Tabellen bijwerken …")
        children.run("migrate", python("scripts.migrate"), environment | {"OWNER_DATABASE_URL": urls.owner})
        if kind == "demo":
            _load_once(children, data_dir / LOADED, environment)
        else:
            children.run_at_keyboard(flask("identity", "create-administrator", "--if-none"), environment)
        say("Toepassing starten …")
        children.start("web", web_server(data_dir, port), environment)
        children.start("worker", flask("jobs", "work"), environment)
        children.wait_until_answers(port, "/gereed")
        say(f"\nKnooppuntbeheer draait op {environment['BASE_URL']}\n")
        if kind == "demo":
            say("\n".join(sign_ins(environment["BASE_URL"])))
        say(f"\nLogboeken: {data_dir / 'log'}. Stoppen: Ctrl-C.")
        try:
            children.watch()
        finally:
            say("\nStoppen …")


def _load_once(children: Supervisor, note: Path, environment: Mapping[str, str]) -> None:
    """Load the example data. The note that it is there saves asking at each start, which takes as long as starting."""
    if note.exists():
        return
    say("Voorbeeldgegevens klaarzetten …")
    children.run("load", flask("demo", "load"), environment)
    note.touch()


# ------------------------------------------------------------------------------------------- settings


def _port() -> int:
    """The port that the web server will listen on; refused when somebody else does."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 1024 <= int(text) <= 65535:
        raise Problem(f"PORT is '{text}'; kies een getal van 1024 tot en met 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError:
            raise Problem(
                f"Poort {text} is al in gebruik: er draait daar al iets, misschien een eerdere start. "
                f"Stop dat, of kies een andere poort: PORT={int(text) % 65535 + 1} make {sys.argv[-1]}"
            ) from None
    return int(text)


def _environment(kind: Kind, data_dir: Path, port: int, app_url: str) -> dict[str, str]:
    """What the children see. The owner's database address is not in it."""
    hidden = {"OWNER_DATABASE_URL", *(OF_AN_INSTALLATION if kind == "demo" else ())}
    given = {
        name: value
        for name, value in os.environ.items()
        if name not in hidden and not name.startswith(("FLASK_", "GUNICORN_"))
    }
    ours = {
        "BASE_URL": f"http://127.0.0.1:{port}",
        "FILES_URL": str(data_dir / "bestanden"),
        "SECRET_KEY": secret(data_dir, "secret-key"),
    }
    fixed = {
        "MODE": "demo" if kind == "demo" else "production",
        "DATABASE_URL": app_url,
        "DATA_DIR": str(data_dir),
        "PYTHONUNBUFFERED": "1",
    }
    return ours | given | fixed


@contextmanager
def _database(kind: Kind, data_dir: Path) -> Iterator[Urls]:
    """The database of the installation, or one of our own that stops with us."""
    app, owner = os.environ.get("DATABASE_URL"), os.environ.get("OWNER_DATABASE_URL")
    if kind == "run" and app:
        if not owner:
            raise Problem(
                "OWNER_DATABASE_URL ontbreekt: het adres van dezelfde database voor de rol die tabellen mag wijzigen."
            )
        yield Urls(owner=owner, app=app)
        return
    say("PostgreSQL starten …")
    try:
        server = embedded_postgres.start(data_dir)
        yield embedded_postgres.prepare_roles(
            server.superuser_url(), "knooppunt", secret(data_dir, "database-owner"), secret(data_dir, "database-app")
        )
    finally:
        embedded_postgres.stop(data_dir)


def web_server(data_dir: Path, port: int) -> list[str]:
    """The command that starts the web server, as in daily use."""
    memory = Path("/dev/shm")  # noqa: S108  gunicorn's heartbeat files belong in memory; it makes unguessable names
    return python(
        "gunicorn",
        "app:create_app()",
        f"--bind=127.0.0.1:{port}",
        "--worker-class=gthread",
        "--workers=2",
        "--preload",  # both workers are copies of one process, that imported the application once
        "--threads=4",
        "--timeout=60",
        "--graceful-timeout=10",
        "--no-control-socket",
        "--forwarded-allow-ips=",  # what a proxy says is judged in one place: TRUSTED_PROXIES
        f"--worker-tmp-dir={memory if os.access(memory, os.W_OK) else data_dir}",
    )


# ------------------------------------------------------------------------------------------- the data folder


@contextmanager
def _claimed(data_dir: Path, kind: Kind) -> Iterator[None]:
    """Use the folder, alone. A folder with other people's files, or of another kind, is refused."""
    marker = data_dir / MARKER
    if not marker.exists():
        if data_dir.exists() and any(data_dir.iterdir()):
            raise Problem(f"In {data_dir} staan bestanden die niet van ons zijn. Kies een lege map: DATA_DIR=…")
        data_dir.mkdir(parents=True, exist_ok=True)
        marker.write_text(f"{kind}\n")
    _check_kind(marker, kind)
    with marker.open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Problem(
                f"{data_dir} is al in gebruik door een eerdere start. Stop die, of kies een andere map: DATA_DIR=…"
            ) from None
        yield


def _remove(data_dir: Path) -> None:
    """Remove a demonstration's data."""
    if not data_dir.exists():
        return
    if not (data_dir / MARKER).exists():
        raise Problem(f"{data_dir} is niet van ons (er staat geen {MARKER} in) en blijft staan.")
    with _claimed(data_dir, "demo"):
        say(f"Verwijderen: {data_dir}")
        embedded_postgres.remove(data_dir)
        shutil.rmtree(data_dir)


def _check_kind(marker: Path, kind: Kind) -> None:
    if marker.read_text().strip() != kind:
        raise Problem(f"{marker.parent} hoort bij 'make {marker.read_text().strip()}', niet bij 'make {kind}'.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
