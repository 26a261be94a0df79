"""What a public page weighs over the line, with all that a browser fetches for it."""

from __future__ import annotations

import re

import pytest

from demo.reference import load_registers
from tests.browser import Browser
from tests.register.conftest import MakeParticipant

HEAVIEST = 250_000
"""Bytes (issue 3)."""
HEADERS_EACH = 1_000
"""Bytes of headers per answer, generously."""


def fetched(browser: Browser, path: str) -> dict[str, int]:
    """Bytes of a page and of everything that it refers to, as a browser with an empty memory gets them."""
    sizes: dict[str, int] = {}
    waiting = [path]
    while waiting:
        address = waiting.pop().replace("&amp;", "&")
        if address in sizes or address.startswith("data:"):
            continue
        response = browser.client.get(address, headers={"Accept-Encoding": "gzip"})
        sizes[address] = len(response.get_data()) + HEADERS_EACH
        text = (
            browser.client.get(address).get_data(as_text=True) if response.mimetype in {"text/html", "text/css"} else ""
        )
        if response.mimetype == "text/html":
            waiting += re.findall(r'<(?:link|script|img)\b[^>]*?(?:href|src)="([^"]+)"', text, re.DOTALL)
        elif response.mimetype == "text/css":
            folder = address.partition("?")[0].rpartition("/")[0]
            for found in re.findall(r"url\([\"']?([^)\"']+)[\"']?\)", text):
                if not found.startswith(("data:", "#")):
                    waiting.append(found if found.startswith("/") else f"{folder}/{found}")
    return sizes


@pytest.fixture
def paths(participant: MakeParticipant) -> list[str]:
    """Every public page, with a map of all municipalities and a full first page of the list."""
    load_registers()
    made = [participant(f"Voorbeeldorganisatie met een lange naam nummer {number}") for number in range(60)]
    return [
        "/",
        "/deelnemers",
        f"/deelnemers/{made[0].directory_id}",
        "/deelnemers/wijzigingen",
        "/deelnemers/op",
        "/tarieven",
        "/overeenkomst",
        "/open-data",
        f"/keurmerk/{made[0].directory_id}",
        "/keurmerk/voorwaarden",
        "/privacy",
    ]


def test_no_public_page_is_heavy_and_the_map_page_neither(browser: Browser, paths: list[str]) -> None:
    for path in paths:
        sizes = fetched(browser, path)
        assert any(address.partition("?")[0].endswith(".woff2") for address in sizes), path
        assert sum(sizes.values()) < HEAVIEST, (path, sizes)


def test_style_sheets_travel_compressed_and_keep_a_tag_of_their_own(browser: Browser) -> None:
    page = browser.get("/privacy").text_of_body
    for address in re.findall(r'href="(/static/[^"]+\.css[^"]*)"', page):
        plain = browser.client.get(address)
        packed = browser.client.get(address, headers={"Accept-Encoding": "gzip"})
        assert len(packed.get_data()) < len(plain.get_data()) / 2, address
        assert packed.headers["ETag"] != plain.headers["ETag"]
        assert "Accept-Encoding" in packed.headers["Vary"]
        again = browser.client.get(
            address, headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
        )
        assert again.status_code == 304, address


def test_a_page_of_somebody_who_is_signed_in_is_not_compressed(browser: Browser) -> None:
    response = browser.client.get("/inloggen", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in response.headers
