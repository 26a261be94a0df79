"""The API design rules of the Dutch government, one by one; `rules.csv` says which test holds which rule.

https://gitdocumentatie.logius.nl/publicatie/api/adr/
"""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from participants.models import Participant
from tests.browser import Browser
from tests.register.open_data import schema
from tests.register.open_data.conftest import Get

pytestmark = pytest.mark.usefixtures("listed")

RULES = list(csv.DictReader((Path(__file__).parent / "rules.csv").open(encoding="utf-8")))
GOOD = ["", "/deelnemers", "/deelnemers?pagina=2&paginaGrootte=2", "/openapi.json"]
BAD = {
    "/deelnemers?role=creditor": 400,
    "/deelnemers?pagina=0": 400,
    "/deelnemers?pagina=99": 404,
    "/deelnemers/bestaat-niet": 404,
    "/nergens": 404,
    "/deelnemers/": 404,
}


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The operations of the document by path and method."""
    return {f"{method} {path}": what for path, ways in document["paths"].items() for method, what in ways.items()}


@pytest.mark.parametrize("row", RULES, ids=[row["rule"] for row in RULES])
def test_every_rule_has_a_test(row: dict[str, str]) -> None:
    assert callable(globals().get(row["test"])), f"{row['rule']}: {row['test']} does not exist"


# ------------------------------------------------------------------------------------------- names


def test_resources_are_nouns_in_the_plural(app: Flask, document: dict[str, Any]) -> None:
    assert list(document["paths"]) == ["/deelnemers", "/deelnemers/{id}", "/openapi.json"]
    served = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")}
    described = {f"/api/v1{path}".replace("{id}", "<directory_id>") for path in document["paths"]}
    assert served == described | {"/api/v1"}


def test_names_are_dutch(document: dict[str, Any]) -> None:
    names = {name for what in document["components"]["schemas"].values() for name in what["properties"]}
    of_a_standard = {"href", "self", "first", "prev", "next", "last", "type", "title", "status", "detail", "instance"}
    english = {"name", "total", "page", "size", "updated", "since", "participants", "example", "license", "channel"}
    assert not (names - of_a_standard) & english
    assert "deelnemers" in document["info"]["description"]


def test_paths_are_kebab_case_and_parameters_camel_case(document: dict[str, Any]) -> None:
    for path in document["paths"]:
        assert re.fullmatch(r"(/([a-z0-9]+(-[a-z0-9]+)*|\{[a-z]+\}|openapi\.json))+", path)
    for what in operations(document).values():
        for parameter in what.get("parameters", []):
            assert re.fullmatch(r"[a-z][a-z\d]*([A-Z][a-z\d]*)*", parameter["name"])
    assert all(re.fullmatch(r"([A-Z][a-z]+)+", name) for name in document["components"]["schemas"])


def test_an_address_with_a_slash_at_the_end_does_not_exist(get: Get, listed: list[Participant]) -> None:
    for path in ("/", "/deelnemers/", f"/deelnemers/{listed[0].directory_id}/", "/openapi.json/"):
        assert get(path).status_code == 404, path


def test_an_address_never_holds_more_than_an_id_from_the_list(get: Get, listed: list[Participant]) -> None:
    content = get("/deelnemers").get_json()
    ids = {str(row.directory_id) for row in listed}
    for row in content["deelnemers"]:
        assert {link["href"].rpartition("/")[2] for link in row["_links"].values()} <= ids


def test_there_are_no_places_on_a_map_in_the_answers(document: dict[str, Any]) -> None:
    names = {name for what in document["components"]["schemas"].values() for name in what["properties"]}
    assert not names & {"geometrie", "locatie", "coordinaten", "bbox", "crs"}


# ------------------------------------------------------------------------------------------- the document


def test_the_document_is_openapi_3_and_complete(document: dict[str, Any]) -> None:
    assert re.fullmatch(r"3(\.\d+){1,2}", document["openapi"])
    assert document["info"]["license"]["url"].startswith("https://creativecommons.org/publicdomain/zero/")
    for reference in schema.references(document):
        schema.resolved(reference, document)
    names = [what["operationId"] for what in operations(document).values()]
    assert len(names) == len(set(names))
    for what in operations(document).values():
        assert what["summary"]
        assert what["tags"][0] in {tag["name"] for tag in document["tags"]}
        assert {"200", "400", "405", "406", "500", "503"} <= set(what["responses"])
        for parameter in what.get("parameters", []):
            assert parameter["description"]
            assert schema.faults(parameter["example"], parameter["schema"], document) == []


def test_examples_in_the_document_fit_their_own_schema(document: dict[str, Any]) -> None:
    checked = 0
    for what in operations(document).values():
        for answer in what["responses"].values():
            whole = schema.resolved(answer["$ref"], document) if "$ref" in answer else answer
            for content in whole.get("content", {}).values():
                if "example" in content:
                    assert schema.faults(content["example"], content["schema"], document) == []
                    checked += 1
    assert checked > 10


def test_the_document_says_whom_to_write_to(document: dict[str, Any]) -> None:
    assert document["info"]["contact"] == {
        "name": "Stichting Voorbeeld",
        "url": "http://localhost/open-data",
        "email": "data@voorbeeld.invalid",
    }


def test_the_document_stands_at_its_standard_place(get: Get, document: dict[str, Any]) -> None:
    response = get("/openapi.json")
    assert response.mimetype == "application/json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert document["servers"][0]["url"] == "http://localhost/api/v1"


def test_a_page_for_people_tells_versions_and_terms(browser: Browser, document: dict[str, Any]) -> None:
    page = browser.get("/open-data")
    assert page.heading == "Open data: de lijst met deelnemers"
    assert document["info"]["version"] in page.text
    assert "minstens een jaar" in page.text
    assert page.link("CC0 1.0") == document["info"]["license"]["url"]
    assert document["externalDocs"]["url"].endswith("/open-data")


# ------------------------------------------------------------------------------------------- answers


@pytest.mark.parametrize("path", GOOD)
def test_every_answer_fits_its_schema(get: Get, document: dict[str, Any], path: str) -> None:
    response = get(path)
    assert response.status_code == 200
    described = document["paths"].get(path.partition("?")[0], {}).get("get")
    if described:
        content = described["responses"]["200"]["content"]["application/json"]["schema"]
        if "$ref" in content:
            assert schema.faults(response.get_json(), content, document) == []


def test_the_answer_about_one_participant_fits_its_schema(
    get: Get, document: dict[str, Any], listed: list[Participant]
) -> None:
    content = document["paths"]["/deelnemers/{id}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    for row in listed:
        assert schema.faults(get(f"/deelnemers/{row.directory_id}").get_json(), content, document) == []


@pytest.mark.parametrize(("path", "status"), BAD.items())
def test_every_error_is_described_as_a_problem(get: Get, document: dict[str, Any], path: str, status: int) -> None:
    response = get(path)
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    assert schema.faults(response.get_json(), {"$ref": "#/components/schemas/Probleem"}, document) == []
    assert response.get_json()["status"] == status
    assert response.headers["Cache-Control"] in {"no-store", "public, max-age=0, must-revalidate"}


def test_every_error_has_its_own_status(get: Get, browser: Browser) -> None:
    assert get("/deelnemers", Accept="text/html").status_code == 406
    refused = browser.client.post("/api/v1/deelnemers")
    assert refused.status_code == 405
    assert refused.mimetype == "application/problem+json"
    assert set(refused.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    for readable in ("application/json", "*/*", "application/*", "text/html;q=0.9, application/json;q=0.1"):
        assert get("/deelnemers", Accept=readable).status_code == 200, readable


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ("?role=creditor", ["role"]),
        ("?rol=baas&sector=niets", ["rol", "sector"]),
        ("?pagina=-1&paginaGrootte=501", ["pagina", "paginaGrootte"]),
        ("?pagina=een", ["pagina"]),
        ("?paginaGrootte=%D9%A3", ["paginaGrootte"]),
        ("?rol=creditor&rol=court", ["rol"]),
        ("?volgorde=prijs", ["volgorde"]),
        ("?q=" + "a" * 101, ["q"]),
        ("?%00=1", [" "]),
    ],
)
def test_what_is_not_understood_is_refused(get: Get, query: str, parameters: list[str]) -> None:
    response = get(f"/deelnemers{query}")
    assert response.status_code == 400
    assert [fault["parameter"] for fault in response.get_json()["fouten"]] == parameters
    assert all(fault["reden"].endswith(".") for fault in response.get_json()["fouten"])


def test_parameters_where_none_belong_are_refused(get: Get, listed: list[Participant]) -> None:
    for path in ("", "/openapi.json", f"/deelnemers/{listed[0].directory_id}"):
        assert get(f"{path}?x=1").status_code == 400


@pytest.mark.parametrize("path", [*GOOD, *BAD])
def test_the_version_stands_in_address_and_header(get: Get, document: dict[str, Any], path: str) -> None:
    version = document["info"]["version"]
    assert re.fullmatch(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", version)
    assert get(path).headers["API-Version"] == version
    assert document["servers"][0]["url"].endswith(f"/v{version.partition('.')[0]}")


@pytest.mark.parametrize("path", [*GOOD, *BAD])
def test_every_answer_names_the_licence(get: Get, path: str) -> None:
    response = get(path)
    assert 'rel="license"' in response.headers["Link"]
    if response.status_code == 200 and path != "/openapi.json":
        assert response.get_json()["licentie"]["naam"] == "CC0 1.0"


@pytest.mark.parametrize("path", [*GOOD, *BAD])
def test_every_website_may_read_the_answers(get: Get, path: str) -> None:
    assert get(path, Origin="https://voorbeeld.invalid").headers["Access-Control-Allow-Origin"] == "*"


def test_a_browser_that_asks_first_hears_what_it_may_do(browser: Browser) -> None:
    response = browser.client.options("/api/v1/deelnemers", headers={"Origin": "https://voorbeeld.invalid"})
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert response.headers["API-Version"] == "1.0.0"


@pytest.mark.parametrize("path", [*GOOD, *BAD])
def test_every_answer_has_the_security_headers(get: Get, path: str) -> None:
    headers = get(path).headers
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_only_reading_is_possible(browser: Browser, document: dict[str, Any]) -> None:
    assert {way.partition(" ")[0] for way in operations(document)} == {"get"}
    for method in ("post", "put", "patch", "delete"):
        assert getattr(browser.client, method)("/api/v1/deelnemers").status_code == 405, method


def test_asking_twice_gives_the_same_answer(get: Get, browser: Browser) -> None:
    for path in GOOD:
        first, second = get(path), get(path)
        assert first.get_data() == second.get_data()
        assert first.headers["ETag"] == second.headers["ETag"]
        unchanged = get(path, If_None_Match=first.headers["ETag"])
        assert (unchanged.status_code, unchanged.get_data()) == (304, b"")
        assert unchanged.headers["API-Version"] == "1.0.0"
        head = browser.client.head(f"/api/v1{path}")
        assert (head.status_code, head.get_data(), head.headers["ETag"]) == (200, b"", first.headers["ETag"])


def test_no_answer_reads_or_sets_a_cookie(get: Get) -> None:
    for path in [*GOOD, *BAD]:
        response = get(path)
        assert "Set-Cookie" not in response.headers
        assert "Cookie" not in response.headers.get("Vary", "")


def test_no_answer_tells_how_it_was_made(get: Get) -> None:
    for path in [*GOOD, *BAD]:
        text = get(path).get_data(as_text=True).lower()
        assert not [word for word in ("flask", "python", "sqlalchemy", "postgres", "traceback") if word in text]


def test_days_are_written_as_iso_8601(get: Get) -> None:
    rows = {row["naam"]: row for row in get("/deelnemers").get_json()["deelnemers"]}
    assert rows["Voorbeeld Incasso"]["aangeslotenSinds"] == "2023-01-01"
    assert rows["Voorbeeld Incasso"]["modules"][0]["sinds"] == "2023-01-01"


def test_addresses_come_from_the_setting_and_not_from_the_request(get: Get) -> None:
    response = get("/deelnemers", Host="kwaad.invalid")
    assert "kwaad.invalid" not in json.dumps(response.get_json()) + response.headers["Link"]
