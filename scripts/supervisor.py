"""Start programs, watch them, and stop exactly those: each in a process group of its own, stopped by its number."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Self

ROOT = Path(__file__).resolve().parent.parent

STOP_SECONDS = 20
LOG_LIMIT = 5_000_000


class Problem(Exception):
    """Cannot go on; the text is for the person at the keyboard and says what to do."""


class Stopped(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM."""


def say(text: str) -> None:
    with suppress(OSError):  # the terminal may be gone; that must not keep anything from being stopped
        print(text, flush=True)


@dataclass(frozen=True)
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path
    begin: int
    """Where its lines begin; before that are those of earlier starts."""

    def died(self) -> Problem:
        lines = self.log.read_bytes()[self.begin :].decode(errors="replace").splitlines()[-25:]
        tail = "\n".join(f"  {line}" for line in lines)
        return Problem(
            f"'{self.name}' stopte (code {self.process.returncode}). De laatste regels van {self.log}:\n{tail}"
        )


class Supervisor:
    """`with Supervisor(log_dir) as children:`; leaving the block stops what still runs, in the order it was started.

    From the moment it is made, Ctrl-C and SIGTERM no longer break in anywhere: they are heeded by `pause`.
    """

    def __init__(self, log_dir: Path) -> None:
        self.log_dir = log_dir
        self._children: list[Child] = []
        self._asked_to_stop = False
        self._in_terminal = sys.stdout.isatty()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup
                signal.signal(number, self._ask_to_stop)

    def __enter__(self) -> Self:
        self.log_dir.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._children:
            _stop(child.process)

    def run(self, name: str, command: list[str], environment: Mapping[str, str]) -> None:
        """Run a program to its end; its output goes to the log. Raises Problem when it fails."""
        child = self.start(name, command, environment)
        while child.process.poll() is None:
            self.pause(0.05)
        self._children.remove(child)
        if child.process.returncode:
            raise child.died()

    def run_at_keyboard(self, command: list[str], environment: Mapping[str, str]) -> None:
        """Run a program that writes to the screen or asks questions. Ctrl-C reaches it by itself."""
        code = subprocess.run(command, cwd=ROOT, env=dict(environment), check=False).returncode
        self.pause(0)
        if code:
            raise Problem(f"'{' '.join(command[4:])}' is niet gelukt.")

    def start(self, name: str, command: list[str], environment: Mapping[str, str]) -> Child:
        """Start a program in the background."""
        log = self.log_dir / f"{name}.log"
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".old.log"))
        setpriv = shutil.which("setpriv")
        with log.open("ab") as output:
            begin = output.tell()
            process = subprocess.Popen(
                # should this program be killed outright, then its children are asked to stop
                [*([setpriv, "--pdeathsig", "TERM"] if setpriv else []), *command],
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        child = Child(name, process, log, begin)
        self._children.append(child)
        return child

    def wait_until_answers(self, port: int, path: str, *, seconds: int = 60) -> None:
        """Wait until the web server answers 200. Raises Problem when it takes too long or a child dies."""
        deadline = time.monotonic() + seconds
        answer = "geen antwoord"
        while time.monotonic() < deadline:
            self.look()
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            try:
                connection.request("GET", path)
                response = connection.getresponse()
                if response.status == 200:
                    return
                answer = f"{response.status} {response.read(500).decode(errors='replace')}"
            except (OSError, http.client.HTTPException):
                pass
            finally:
                connection.close()
            self.pause(0.1)
        logs = ", ".join(str(child.log) for child in self._children)
        raise Problem(f"De toepassing is na {seconds} seconden niet gereed ({answer}). Kijk in: {logs}")

    def watch(self) -> None:
        """Stay until somebody asks to stop (raises Stopped) or a child dies (raises Problem)."""
        while True:
            self.look()
            self.pause(0.5)

    def look(self) -> None:
        for child in self._children:
            if child.process.poll() is not None:
                raise child.died()

    def pause(self, seconds: float) -> None:
        """Wait a little. Raises Stopped when somebody asked to stop."""
        if not self._asked_to_stop:
            time.sleep(seconds)
        if self._asked_to_stop or (self._in_terminal and not sys.stdout.isatty()):  # or the terminal was closed
            raise Stopped

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._asked_to_stop = True


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # its own group: `start` gave it one
        process.wait()


def python(*arguments: str) -> list[str]:
    """A program of our virtual environment."""
    return [sys.executable, "-m", *arguments]


def flask(*arguments: str) -> list[str]:
    return python("flask", "--app", "app", *arguments)
