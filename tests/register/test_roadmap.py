"""The public roadmap."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from catalogue.services import import_modules
from catalogue.versions.queries import versions
from core import clock
from core.audit import SYSTEM
from tests.browser import Browser

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def test_everybody_reads_what_there_is_and_what_is_coming(browser: Browser, session: Session) -> None:
    import_modules(SYSTEM)
    session.commit()
    page = browser.get("/roadmap")
    assert page.heading == "Roadmap van het Schuldenknooppunt"
    assert "Schuldregeling 2.0 Beschikbaar" in page.text
    assert "kwartaal 1 en 2 van 2023" in page.text
    assert "Schuldregeling 1.1 Opgevolgd" in page.text
    assert "Meldingen bewindvoering Beschikbaar" in page.text
    assert "Te bevestigen: de bron noemt geen nummer" in page.text
    assert "Vroegsignalering 1.0 Gepland" in page.text
    assert "schuldenknooppunt.nl, roadmap, 2023" in page.text


def test_what_is_in_development_or_ends_says_so(browser: Browser, session: Session) -> None:
    import_modules(SYSTEM)
    versions("national_pause")[0].started_on = date(2026, 9, 1)
    old = versions("debt_settlement")[1]
    old.retirement_announced_on, old.retires_on, old.retirement_reason = TODAY, date(2027, 7, 1), "Versie 2.0 is er."
    session.commit()
    page = browser.get("/roadmap")
    assert "Landelijke pauzeknop 1.0 In ontwikkeling" in page.text
    assert "Schuldregeling 1.1 Loopt af" in page.text
    assert "1 juli 2027. Reden: Versie 2.0 is er." in page.text


def test_the_page_is_not_sent_twice_and_changes_with_the_catalogue(
    app: Flask, browser: Browser, session: Session
) -> None:
    empty = browser.get("/roadmap")
    assert "Er zijn nog geen modules" in empty.text
    tag = empty.response.headers["ETag"]
    again = app.test_client().get("/roadmap", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert "Set-Cookie" not in empty.response.headers
    import_modules(SYSTEM)
    session.commit()
    assert app.test_client().get("/roadmap", headers={"If-None-Match": tag}).status_code == 200
