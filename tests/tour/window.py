"""A real browser window in the hands of a person, that looks at every page it comes to.

On each page: the status that was expected, no console message and no breach of the content security policy, nothing
from another host, nothing wider than the window, and no accessibility error that axe can find. With SCREENSHOTS set to
a folder every page is also drawn there.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response
from playwright.sync_api import TimeoutError as TooSlow

AXE = (Path(__file__).parent.parent / "vendor/axe.min.js").read_text(encoding="utf-8")
RUN_AXE = """
axe.run(document, {resultTypes: ["violations"]}).then(found => JSON.stringify(found.violations.map(one =>
  `${one.id}: ${one.help} (${one.nodes.length}×, ${one.nodes[0].html.slice(0, 200)})`)))
"""
SKELETON = """
(() => {
  const outline = element => {
    const own = [element.tagName, element.className, element.type, element.role, ...element.getAttributeNames()].join();
    const inside = [...element.children].map(outline).filter((one, n, all) => one !== all[n - 1]);
    return own + "(" + inside.join() + ")";
  };
  return outline(document.body);
})()
"""
"""What the page is built of, whatever it says: equal rows of a table count once."""
TOO_WIDE = """
(() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  return [...document.querySelectorAll("body *")]
    .filter(one => one.getBoundingClientRect().right > room + 1)
    .slice(0, 5).map(one => one.outerHTML.slice(0, 160));
})()
"""
PATIENCE = 20_000
"""Milliseconds for a page, on a busy machine."""
_seen: set[tuple[bool, str]] = set()
"""Outlines of pages that axe has looked at, narrow and wide."""


@dataclass
class Window:
    """One person's browser. Every step that leads to a page checks that page."""

    browser: Browser
    home: str
    """Where the application runs."""
    name: str
    width: int = 1280
    scripts: bool = True
    """Whether JavaScript is on."""
    _troubles: list[str] = field(default_factory=list)
    _status: int = 0
    _pictures: int = 0

    def __post_init__(self) -> None:
        self._context = self.browser.new_context(
            viewport={"width": self.width, "height": 900},
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            java_script_enabled=self.scripts,
        )
        self._context.set_default_timeout(PATIENCE)
        self.page: Page = self._context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self._troubles.append(f"script: {error}"))
        self.page.on("request", self._watch)
        self.page.on("response", self._note_status)
        self._inspector = self._context.new_cdp_session(self.page)

    def close(self) -> None:
        self._context.close()

    # --------------------------------------------------------------------------------------- what one does

    def open(self, address: str, expect: int = 200) -> None:
        """Type an address. Follows redirects."""
        self.page.goto(address if "://" in address else self.home + address)
        self.look(expect)

    def follow(self, link: str, within: str = "body") -> None:
        """Click a link by its text, or a part of it that no other link has."""
        with self._navigation():
            found = self.page.locator(within).get_by_role("link", name=link, exact=True)
            self._one(found if found.count() else self.page.locator(within).get_by_role("link", name=link)).click()
        self.look()

    def press(self, button: str, expect: int = 200) -> None:
        """Press a button that sends a form."""
        with self._navigation():
            self._one(self.page.get_by_role("button", name=button, exact=True)).click()
        self.look(expect)

    def fill(self, **fields: str) -> None:
        """Type into fields by name, where the label does not matter."""
        for name, value in fields.items():
            self.page.locator(f"[name='{name}']").fill(value)

    def type(self, label: str, value: str) -> None:
        """Type into the field with this label."""
        self._one(self.page.get_by_label(label, exact=True)).fill(value)

    def choose(self, label: str) -> None:
        """Choose a radio button or set a tick by its label, or a part of it that no other has."""
        exactly = self.page.locator("main").get_by_label(label, exact=True)
        self._one(exactly if exactly.count() else self.page.locator("main").get_by_label(label)).check()

    def select(self, label: str, option: str) -> None:
        self._one(self.page.get_by_label(label, exact=True)).select_option(label=option)

    def sign_in_as(self, who: str) -> None:
        """With one click, on the page of the demonstration that has everybody."""
        self.page.goto(f"{self.home}/demo/")
        self.press(f"Inloggen als {who}")

    def become(self, email: str | None) -> None:
        """Go on as somebody else, without looking for the button: sends the first one with another address. None: as a
        stranger."""
        self.forget_me()
        self.page.goto(f"{self.home}/demo/")
        if email is None:
            return
        self.page.evaluate("email => document.querySelector('main [name=email]').value = email", email)
        with self._navigation():
            self.page.locator("main form button").first.click()
        self.look()

    def download(self, link: str) -> bytes:
        """What a link to a file gives, with the cookies of this window."""
        address = self._one(self.page.get_by_role("link", name=link)).get_attribute("href") or ""
        answer = self._context.request.get(self.home + address)
        assert answer.status == 200, f"{address}: {answer.status}"
        return answer.body()

    def forget_me(self) -> None:
        """Throw the cookies away: the next page sees a stranger, without what went before."""
        self._troubles.clear()
        self._context.clear_cookies()

    def cookies(self) -> list[str]:
        return [cookie["name"] for cookie in self._context.cookies()]

    # --------------------------------------------------------------------------------------- what one sees

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    @property
    def text(self) -> str:
        """Everything in the middle of the page, white space folded."""
        return re.sub(r"\s+", " ", self.page.locator("main").inner_text())

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def shows(self, *sentences: str) -> None:
        """The page says all of this."""
        for sentence in sentences:
            assert sentence in self.text, f"'{self.heading}' ({self.path}) does not say '{sentence}': {self.text}"

    def task(self, title: str) -> str:
        """What the task list says of one item."""
        return re.sub(r"\s+", " ", self._one(self.page.locator(".task", has_text=title)).inner_text())

    # --------------------------------------------------------------------------------------- looking

    def look(self, expect: int = 200) -> None:
        """Check the page that is open."""
        where = f"{self.path} at {self.width} px"
        assert self._status == expect, f"{where}: {self._status} instead of {expect}: {self.text[:400]}"
        self._draw()
        self.check_width()
        self._check_accessibility(where)
        allowed = f"the server responded with a status of {expect} " if expect >= 400 else None
        troubles = [one for one in self._troubles if allowed is None or allowed not in one]
        self._troubles.clear()
        assert not troubles, f"{where}: {troubles}"

    def check_width(self, width: int | None = None) -> None:
        """Nothing is wider than the window, or than the window would be at another width."""
        if width:
            self.page.set_viewport_size({"width": width, "height": 900})
        wide = self.page.evaluate(TOO_WIDE)
        if width:
            self.page.set_viewport_size({"width": self.width, "height": 900})
        assert not wide, f"{self.path} is wider than {width or self.width} px: {wide}"

    def _check_accessibility(self, where: str) -> None:
        outline = (self.width < 600, self._evaluate(SKELETON))
        if outline in _seen:
            return
        if not self.scripts:  # axe waits for promises; turning scripts on now does not run those of the page
            for off in (True, False):
                self._inspector.send("Emulation.setScriptExecutionDisabled", {"value": off})
        self._evaluate(AXE + ";0")
        found = json.loads(self._evaluate(RUN_AXE))
        if not self.scripts:
            self._inspector.send("Emulation.setScriptExecutionDisabled", {"value": True})
        assert not found, f"{where}: axe found {found}"
        _seen.add(outline)

    def _evaluate(self, expression: str) -> Any:
        """Outside the page's content security policy, which stays as strict as it is."""
        asked = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        answer = self._inspector.send("Runtime.evaluate", asked)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def _draw(self) -> None:
        folder = os.environ.get("SCREENSHOTS")
        if folder:
            self._pictures += 1
            slug = re.sub(r"[^a-z0-9]+", "-", self.path.lower()).strip("-") or "start"
            path = Path(folder) / f"{self.name}-{self._pictures:02d}-{slug[:50]}.png"
            self.page.screenshot(path=path, full_page=True)

    # --------------------------------------------------------------------------------------- listening

    @contextmanager
    def _navigation(self) -> Iterator[None]:
        try:
            with self.page.expect_navigation():
                yield
        except TooSlow as error:
            raise AssertionError(f"nothing happened on '{self.heading}' ({self.path}): {self.text[:600]}") from error

    def _one(self, found: Locator) -> Locator:
        assert found.count() == 1, f"{found.count()}× {found} on '{self.heading}' ({self.path}): {self.text[:1500]}"
        return found

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._troubles.append(f"console: {message.text}")

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.home, "data:", "about:")):
            self._troubles.append(f"asks something of another host: {request.url}")

    def _note_status(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.frame == self.page.main_frame:
            self._status = response.status
