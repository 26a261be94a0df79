"""A browser without a screen: opens pages through the application and checks each of them."""

from __future__ import annotations

import re
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask import Flask, g, request_started
from werkzeug.test import TestResponse

from core import db as database
from core.db import scoped
from identity import services
from identity.models import Account
from identity.views import cookie_name


@request_started.connect
def _forget_the_last_request(_app: Flask, **_: object) -> None:
    """The test holds one application context, so that `g` outlives a request; outside tests it never does."""
    for name in list(g):
        g.pop(name)


class Page:
    """An answer of the application, as a person sees it."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.text_of_body = response.get_data(as_text=True) if (response.mimetype or "").startswith("text/") else ""
        self.soup = BeautifulSoup(self.text_of_body, "html.parser")

    @property
    def heading(self) -> str:
        found = self.soup.h1
        return found.get_text(" ", strip=True) if found else ""

    @property
    def text(self) -> str:
        """All visible text, white space folded."""
        return re.sub(r"\s+", " ", self.soup.get_text(" ", strip=True))

    @property
    def errors(self) -> list[str]:
        """Sentences of the error summary."""
        return [item.get_text(" ", strip=True) for item in self.soup.select(".error-summary li")]

    @property
    def notices(self) -> list[str]:
        return [item.get_text(" ", strip=True) for item in self.soup.select("[role=status]")]

    def link(self, label: str) -> str:
        """Address of the link with this text."""
        for anchor in self.soup.find_all("a"):
            if anchor.get_text(" ", strip=True) == label:
                return str(anchor["href"])
        raise AssertionError(f"no link '{label}' on '{self.heading}'")

    def form(self, button: str | None = None) -> Tag:
        """The POST form with this button, or the only one outside the header."""
        main = self.soup.main or self.soup
        forms = [form for form in main.find_all("form") if str(form.get("method", "")).lower() == "post"]
        if button is not None:
            forms = [f for f in forms if any(b.get_text(" ", strip=True) == button for b in f.find_all("button"))]
        assert forms, f"no form{f' with {button}' if button else ''} on '{self.heading}': {self.text[:400]}"
        return forms[0]


class Browser:
    """Keeps cookies; follows redirects; checks every page it opens."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()

    def sign_in(self, account: Account, *, verified: bool = True) -> Browser:
        """Start a session the way the sign-in page does after its checks."""
        with scoped(database.SIGN_IN):
            token = services.start_session(account, verified=verified)
            database.session().commit()
        with self.app.test_request_context():
            self.client.set_cookie(cookie_name(), token)
        return self

    def get(self, path: str, expect: int = 200, referrer: str | None = None) -> Page:
        """Open a page. `referrer`: path of the page whose link was followed, which a real browser sends along."""
        headers = {"Referer": f"http://localhost{referrer}"} if referrer else {}
        return self._check(self.client.get(path, follow_redirects=True, headers=headers), path, expect)

    def post(self, path: str, data: dict[str, Any] | None = None, expect: int = 200) -> Page:
        """Post without a form page: for attacks and double sendings. CSRF is asked for as always."""
        return self._check(self.client.post(path, data=data or {}, follow_redirects=True), path, expect)

    def submit(self, page: Page, button: str | None = None, expect: Any = 200, **values: Any) -> Page:
        """Fill in the form on a page and press its button. Fields that are not named keep what the page shows.
        `expect`: the status; Any, because fields may come as a dict."""
        form = page.form(button)
        data = _filled_in(form)
        data.update({name: value for name, value in values.items() if value is not None})
        pressed = next(
            (b for b in form.find_all("button") if button and b.get_text(" ", strip=True) == button and b.get("name")),
            None,
        )
        if pressed is not None:
            data[str(pressed["name"])] = str(pressed.get("value", ""))
        action = str(form.get("action") or page.response.request.path)
        answer = self.client.post(action, data=data, follow_redirects=True, content_type=_encoding(form))
        return self._check(answer, action, expect)

    def _check(self, response: TestResponse, path: str, expect: int) -> Page:
        page = Page(response)
        assert page.status == expect, f"{path}: {page.status} instead of {expect}: {page.text[:600]}"
        if response.mimetype == "text/html":
            _check_page(page, path)
        return page


def _encoding(form: Tag) -> str | None:
    return str(form["enctype"]) if form.get("enctype") else None


def _filled_in(form: Tag) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for field in form.find_all(["input", "select", "textarea"]):
        name = field.get("name")
        kind = field.get("type")
        if not name or kind in {"submit", "file", "button"}:
            continue
        if kind in {"checkbox", "radio"}:
            if field.has_attr("checked"):
                data.setdefault(str(name), []).append(field.get("value", "on"))
        elif field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            data[str(name)] = chosen.get("value", "") if chosen else ""
        elif field.name == "textarea":
            data[str(name)] = field.get_text()
        else:
            data[str(name)] = field.get("value", "")
    return data


def _check_page(page: Page, path: str) -> None:
    """What must hold on every page."""
    soup = page.soup
    headings = soup.find_all("h1")
    assert len(headings) == 1, f"{path}: {len(headings)} h1"
    title = soup.title.get_text(strip=True) if soup.title else ""
    assert title.removeprefix("Fout: ").startswith(page.heading), f"{path}: title '{title}', h1 '{page.heading}'"
    assert soup.html is not None, f"{path}: no html"
    assert soup.html.get("lang") == "nl", f"{path}: no language"
    ids = [str(tag["id"]) for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids)), f"{path}: double ids {sorted({i for i in ids if ids.count(i) > 1})}"
    assert not soup.find_all(style=True), f"{path}: inline style"
    assert not [s for s in soup.find_all("script") if not s.get("src")], f"{path}: inline script"
    for form in soup.find_all("form"):
        method = str(form.get("method", "get")).lower()
        assert form.get("action"), f"{path}: form without action"
        if method == "post":
            assert form.find("input", attrs={"name": "csrf_token"}), f"{path}: form without CSRF token"
        for field in form.find_all(["input", "select", "textarea"]):
            if field.get("type") in {"hidden", "submit"}:
                continue
            assert _is_labelled(field, soup), f"{path}: field {field.get('name')} has no label"


def _is_labelled(field: Tag, soup: BeautifulSoup) -> bool:
    if field.get("aria-label") or field.get("aria-labelledby") or field.find_parent("label"):
        return True
    return bool(field.get("id") and soup.find("label", attrs={"for": field["id"]}))
