"""One invoice as PDF: ours (PDF/A-3a, PDF/UA-1, UBL inside) beside the same page made otherwise.

Each way in a process of its own, one invoice each in turn, so that whatever else the machine does hits all of them;
only the ratios are a claim. Chromium is started anew for every invoice, as a web application without a queue would; its
CPU is that of all of its processes.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any, cast

from bench.measure import RESULTS

ROUNDS = int(os.environ.get("ROUNDS", "60"))
CHROMIUM_ROUNDS = 8
WARM_UP = 3
OVER_NAIVE = 2.1
OVER_CHROMIUM = 8.0
"""Goals: so many times the invoices per core."""
Answer = dict[str, float]


class Worker:
    """A process of bench.invoice_worker."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def make(self, position: int) -> Answer:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{position}\n")
        self.process.stdin.flush()
        return cast(Answer, json.loads(self.process.stdout.readline()))


@contextmanager
def _worker(way: str) -> Iterator[Worker]:
    command = [sys.executable, "-m", "bench.invoice_worker", way]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Worker(process)
        assert process.stdin
        process.stdin.close()


def _interleaved(ways: Sequence[str]) -> dict[str, list[Answer]]:
    answers: dict[str, list[Answer]] = {way: [] for way in ways}
    with ExitStack() as open_workers:
        workers = {way: open_workers.enter_context(_worker(way)) for way in ways}
        for position in range(1, ROUNDS + WARM_UP + 1):
            for way, worker in workers.items():
                if way == "chromium" and not WARM_UP < position <= WARM_UP + CHROMIUM_ROUNDS:
                    continue
                answer = worker.make(position)
                if position > WARM_UP:
                    answers[way].append(answer)
    return answers


def _told(answers: dict[str, list[Answer]], name: str) -> dict[str, float]:
    """Print, keep the raw numbers, and return the median CPU milliseconds of each."""
    middle = {way: median(answer["cpu_ms"] for answer in found) for way, found in answers.items()}
    print(f"\n{name:12} {'CPU ms':>8} {'per s':>8} {'kB':>6} {'MB then':>8} {'MB end':>7}  n")
    for way, found in answers.items():
        first, last = found[0], found[-1]
        print(
            f"{way:12} {middle[way]:8.1f} {1000 / middle[way]:8.1f} {last['bytes'] / 1000:6.1f}"
            f" {first['rss_mb']:8.0f} {last['rss_mb']:7.0f}  {len(found)}"
        )
    content: dict[str, Any] = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        "python": platform.python_version(),
        "answers": answers,
    }
    RESULTS.mkdir(parents=True, exist_ok=True)
    (Path(RESULTS) / f"{name}.json").write_text(json.dumps(content, indent=1))
    return middle


def bench_invoice_pdf() -> None:
    middle = _told(_interleaved(["ours", "naive", "reportlab", "chromium"]), "invoice-pdf")
    over_naive, over_chromium = middle["naive"] / middle["ours"], middle["chromium"] / middle["ours"]
    print(f"ours is {over_naive:.2f} times naive WeasyPrint and {over_chromium:.1f} times one-shot Chromium, per core")
    assert over_naive >= OVER_NAIVE
    assert over_chromium >= OVER_CHROMIUM


def bench_invoice_ubl() -> None:
    _told(_interleaved(["ubl-written", "ubl-checked"]), "invoice-ubl")
