"""The demonstration, running; and windows of a real browser on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from scripts.system_packages import CHROMIUM, program
from tests.database import Databases
from tests.tour.installation import Installation, running
from tests.tour.window import Window

FLAGS = [
    "--no-sandbox",  # the tests may run as root
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
OpenWindow = Callable[..., Window]


@pytest.fixture(scope="session")
def installation(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with running(databases, tmp_path_factory.mktemp("tour")) as found:
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Not for the whole session: playwright keeps an event loop, in which other tests cannot start their own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_window(installation: Installation, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[OpenWindow]:
    """Gives a person a window: `open_window("relatie-a", width=390, scripts=False)`."""
    opened: list[Window] = []

    def open_one(name: str, *, width: int = 1280, scripts: bool = True) -> Window:
        test = request.node.name.removeprefix("test_")
        window = Window(chromium, installation.url, f"{test[:40]}-{name}", width, scripts)
        opened.append(window)
        return window

    yield open_one
    for window in opened:
        window.close()
