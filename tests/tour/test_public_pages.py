"""Public pages as a visitor meets them: wide and on a telephone, with JavaScript and without, light, and no cookie."""

from __future__ import annotations

from functools import partial

import pytest
from playwright.sync_api import Browser, Request
from sqlalchemy import select

from core import db as database
from core.db import db, scoped, session
from participants.kinds import Stage
from participants.models import Participant
from tests.tour.conftest import OpenWindow
from tests.tour.installation import Installation

pytestmark = pytest.mark.browser

HEAVIEST = 250_000
"""Bytes over the line for a whole page with all that belongs to it (issue 3)."""


@pytest.fixture(scope="module")
def addresses(installation: Installation) -> dict[str, int]:
    """Public addresses with the status that they answer."""
    with installation.app.app_context(), scoped(database.JOB):
        rows = session().scalars(select(Participant).order_by(Participant.id)).all()
        ids = {stage: next((row.directory_id for row in rows if row.stage is stage), None) for stage in Stage}
        db.session.remove()
    return {
        "/": 200,
        "/deelnemers": 200,
        "/deelnemers?q=zzzz&rol=niets": 200,
        f"/deelnemers/{ids[Stage.LIVE]}": 200,
        f"/deelnemers/{ids[Stage.SUSPENDED]}": 404,
        "/deelnemers/wijzigingen": 200,
        "/deelnemers/op": 200,
        "/deelnemers/op?dag=gisteren": 400,
        "/deelnemers/op/2019-01-01": 404,
        "/tarieven": 200,
        "/overeenkomst": 200,
        "/overeenkomst/2023-1": 200,
        "/open-data": 200,
        f"/keurmerk/{ids[Stage.LIVE]}": 200,
        f"/keurmerk/{ids[Stage.SUSPENDED]}": 200,
        f"/keurmerk/{ids[Stage.ENDED]}": 200,
        f"/keurmerk/{ids[Stage.COUNTERSIGNED]}": 200,
        "/keurmerk/bestaat-niet": 404,
        "/keurmerk/voorwaarden": 200,
        "/privacy": 200,
        "/toegankelijkheid": 200,
    }


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scripts", [True, False], ids=["javascript", "without-javascript"])
def test_public_pages_are_in_order(
    open_window: OpenWindow, addresses: dict[str, int], width: int, scripts: bool
) -> None:
    window = open_window("bezoeker", width=width, scripts=scripts)
    for address, status in addresses.items():
        window.open(address, expect=status)
        window.check_width(320)
    assert window.cookies() == []


def _note(into: list[Request], request: Request) -> None:
    into.append(request)


def test_no_public_page_is_heavy(installation: Installation, chromium: Browser, addresses: dict[str, int]) -> None:
    weights = {}
    for address in addresses:
        context = chromium.new_context()  # nothing in its cache
        page = context.new_page()
        asked: list[Request] = []
        page.on("requestfinished", partial(_note, asked))
        page.goto(installation.url + address, wait_until="networkidle")
        sizes = [request.sizes() for request in asked]
        weights[address] = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
        context.close()
    assert max(weights.values()) < HEAVIEST, weights
