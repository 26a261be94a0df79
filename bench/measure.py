"""Timing a call many times, and keeping the raw numbers."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

RESULTS = Path(".data/bench")


def measured(name: str, call: Callable[[], object], *, times: int, target_ms: float | None = None) -> list[float]:
    """Milliseconds per call; prints median, p95 and the target, and writes every number to .data/bench/NAME.json."""
    call()
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        call()
        took.append((time.perf_counter() - begun) * 1000)
    p95 = quantiles(took, n=20)[18]
    goal = "" if target_ms is None else f"  target {target_ms:.0f} ms: {'met' if p95 <= target_ms else 'NOT met'}"
    print(f"\n{name:44} median {median(took):8.1f} ms  p95 {p95:8.1f} ms  n={times}{goal}")
    RESULTS.mkdir(parents=True, exist_ok=True)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    content = {
        "name": name,
        "machine": machine,
        "python": platform.python_version(),
        "target_ms": target_ms,
        "ms": took,
    }
    (RESULTS / f"{name.replace(' ', '-').replace('/', '_')}.json").write_text(json.dumps(content, indent=1))
    return took
