"""How the tests are divided over processes; tests that need a program of the operating system, and what happens when
it is not there.

    @pytest.mark.needs("poppler-utils")     skipped without pdftoppm
    @pytest.mark.browser                    skipped without chromium

The last lines of a run say what was skipped for it and how to get it. With CI=true a skip, of whatever kind, is a
failure: there everything can be installed.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from _pytest.terminal import TerminalReporter
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from scripts.system_packages import CHROMIUM, RUNTIME, TEST, Package, install_line

BY_NAME = {package.name: package for package in RUNTIME + TEST}

REASON = "{} ontbreekt op deze machine"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(package): the Debian package of which this test starts a program")


TOUR = "tests/tour/"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest part first, so that at the end no process waits for another."""
    items.sort(key=lambda item: not item.nodeid.startswith(TOUR))


class _ByFile(LoadFileScheduling):  # type: ignore[misc]  # xdist ships no types
    """Each file to one process, and all tours to one: they share a running demonstration, which takes as long to make
    as a tour, and a page that was looked at needs not be looked at again."""

    def _split_scope(self, nodeid: str) -> str:
        return TOUR if nodeid.startswith(TOUR) else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _ByFile | None:
    return _ByFile(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_runtest_setup(item: pytest.Item) -> None:
    for package in _needed(item):
        if not package.is_present():
            pytest.skip(REASON.format(package.name))


def _needed(item: pytest.Item) -> Iterator[Package]:
    if item.get_closest_marker("browser"):
        yield CHROMIUM
    for marker in item.iter_markers("needs"):
        yield BY_NAME[marker.args[0]]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse_skip(report)
    return report


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and os.environ.get("CI") == "true" and not hasattr(report, "wasxfail"):
        reason: Any = report.longrepr
        report.outcome = "failed"
        report.longrepr = f"Met CI=true wordt niets overgeslagen: {reason[2] if isinstance(reason, tuple) else reason}"


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    skipped: dict[str, list[str]] = {}
    for report in terminalreporter.stats.get("skipped", []):  # of all processes
        for name in BY_NAME:
            if isinstance(report.longrepr, tuple) and report.longrepr[2].endswith(REASON.format(name)):
                skipped.setdefault(name, []).append(report.nodeid)
    if not skipped:
        return
    terminalreporter.section("overgeslagen: er ontbreekt iets op deze machine")
    for name, tests in sorted(skipped.items()):
        terminalreporter.line(f"{name}: {len(tests)} tests")
        for test in sorted(tests):
            terminalreporter.line(f"  {test}")
    terminalreporter.line(install_line([BY_NAME[name] for name in sorted(skipped)]))
