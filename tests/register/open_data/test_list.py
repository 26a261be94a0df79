"""Which participants the API gives, page by page."""

from __future__ import annotations

import gzip
import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from governance.models import Setting
from participants.kinds import Stage
from participants.models import Participant
from tests.browser import Browser
from tests.register.conftest import MakeParticipant
from tests.register.open_data.conftest import Get


def names(get: Get, query: str = "") -> list[str]:
    return [row["naam"] for row in get(f"/deelnemers{query}").get_json()["deelnemers"]]


@pytest.mark.usefixtures("listed")
def test_the_list_is_that_of_the_page(get: Get) -> None:
    assert names(get) == ["Voorbeeld Hulp", "Voorbeeld Incasso", "Gemeente Zeist", "Gemeente Zeist"]
    assert names(get, "?rol=creditor") == ["Voorbeeld Incasso", "Gemeente Zeist"]
    assert names(get, "?q=belasting") == ["Gemeente Zeist"]
    assert names(get, "?module=debt_inventory&provincie=Utrecht") == ["Gemeente Zeist"]
    assert names(get, "?volgorde=-sinds&paginaGrootte=1") == ["Gemeente Zeist"]


@pytest.mark.usefixtures("listed")
def test_the_next_links_lead_along_everybody_once(get: Get) -> None:
    seen: list[str] = []
    content: dict[str, Any] = {}
    path = "/deelnemers?paginaGrootte=3"
    while path:
        content = get(path).get_json()
        seen += [row["id"] for row in content["deelnemers"]]
        following = content["_links"].get("next", {"href": ""})["href"]
        path = following.removeprefix("http://localhost/api/v1")
    assert len(seen) == len(set(seen)) == content["totaal"] == 4
    assert content["aantalPaginas"] == 2


@pytest.mark.usefixtures("listed")
def test_links_stand_in_the_header_too(get: Get) -> None:
    header = get("/deelnemers?pagina=2&paginaGrootte=2&rol=creditor").headers
    assert "Link" in header
    middle = get("/deelnemers?pagina=2&paginaGrootte=1").headers["Link"]
    assert '<http://localhost/api/v1/deelnemers?paginaGrootte=1>; rel="prev"' in middle
    assert '<http://localhost/api/v1/deelnemers?pagina=3&paginaGrootte=1>; rel="next"' in middle
    assert '<http://localhost/api/v1/deelnemers?pagina=4&paginaGrootte=1>; rel="last"' in middle


def test_an_empty_list_is_a_list(get: Get) -> None:
    content = get("/deelnemers").get_json()
    assert (content["deelnemers"], content["totaal"], content["aantalPaginas"]) == ([], 0, 1)
    assert set(content["_links"]) == {"self", "first", "last"}


def test_one_participant_is_told_in_full(get: Get, listed: list[Participant]) -> None:
    content = get(f"/deelnemers/{listed[3].directory_id}").get_json()
    assert content["gemeenten"] == ["Zeist"]
    assert content["aansluitwijze"] is None
    assert content["licentie"]["naam"] == "CC0 1.0"
    assert content["_links"]["pagina"]["href"].endswith(f"/deelnemers/{listed[3].directory_id}")


def test_the_channel_is_told_when_a_setting_makes_it_public(
    get: Get, session: Session, listed: list[Participant]
) -> None:
    address = f"/deelnemers/{listed[3].directory_id}"
    tag = get(address).headers["ETag"]
    session.add(
        Setting(name="channel_is_public", value="yes", starts_on=date(2020, 1, 1), source="test", to_confirm=False)
    )
    session.commit()
    response = get(address, If_None_Match=tag)
    assert response.status_code == 200
    assert response.get_json()["aansluitwijze"] == "Webportaal"


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.LIVE])
def test_who_is_not_live_does_not_exist_here(get: Get, participant: MakeParticipant, stage: Stage) -> None:
    made = participant("Nog Niet BV", stage=stage)
    assert names(get) == []
    assert get(f"/deelnemers/{made.directory_id}").status_code == 404


def test_who_reads_gzip_gets_gzip_with_a_tag_of_its_own(get: Get, listed: list[Participant]) -> None:
    plain = get("/deelnemers")
    packed = get("/deelnemers", Accept_Encoding="gzip, br")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert gzip.decompress(packed.get_data()) == plain.get_data()
    again = get("/deelnemers", Accept_Encoding="gzip", If_None_Match=packed.headers["ETag"])
    assert again.status_code == 304
    assert again.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in get("/deelnemers", Accept_Encoding="gzip;q=0, identity").headers


def test_example_data_say_so(demo_browser: Browser) -> None:
    content = json.loads(demo_browser.client.get("/api/v1/deelnemers").get_data())
    assert content["letOp"].startswith("VOORBEELD")
    assert all(row["voorbeeld"] for row in content["deelnemers"])
    assert content["deelnemers"][0]["aangeslotenSinds"] is None  # an organisation that exists, as far as we know
    assert content["deelnemers"][0]["modules"][0]["sinds"] is None
