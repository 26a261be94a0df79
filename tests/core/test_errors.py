"""Errors: a page in Dutch for each, problem details for the API, and a database that goes wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from core import db as database
from core.audit import AuditEvent
from core.db import scoped, session
from tests.core.conftest import Installation, MakeInstallation, installed
from tests.core.pages import REFUSED, heading, with_pages
from tests.database import Databases


@pytest.fixture(scope="module")
def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed(databases, tmp_path_factory.mktemp("site")) as made:
        yield with_pages(made)


@pytest.fixture
def client(site: Installation) -> FlaskClient:
    return site.app.test_client()


# ------------------------------------------------------------------------------------------- error pages


@pytest.mark.parametrize(
    ("address", "status", "title"),
    [
        ("/test/abort/400", 400, "Deze aanvraag is niet goed aangekomen"),
        ("/test/abort/403", 403, "U mag deze pagina niet bekijken"),
        ("/test/abort/404", 404, "Deze pagina bestaat niet"),
        ("/bestaat-niet", 404, "Deze pagina bestaat niet"),
        ("/test/form", 405, "Dit kan niet op deze manier"),
        ("/test/abort/409", 409, "De gegevens zijn intussen veranderd"),
        ("/test/abort/413", 413, "Het bestand is te groot"),
        ("/test/abort/418", 418, "Deze aanvraag is niet goed aangekomen"),
        ("/test/abort/429", 429, "U hebt dit te vaak geprobeerd"),
        ("/test/abort/500", 500, "Er ging iets mis bij ons"),
        ("/test/abort/502", 502, "Er ging iets mis bij ons"),
        ("/test/abort/503", 503, "Wij zijn even niet bereikbaar"),
        ("/test/raise/user", 422, "Deze aanvraag is niet goed aangekomen"),
        ("/test/raise/refused", 409, "Dit kan nu niet"),
        ("/test/raise/conflict", 409, "De gegevens zijn intussen veranderd"),
        ("/test/raise/forbidden", 403, "U mag deze pagina niet bekijken"),
        ("/test/raise/missing", 404, "Deze pagina bestaat niet"),
        ("/test/raise/too-many", 429, "U hebt dit te vaak geprobeerd"),
        ("/test/raise/crash", 500, "Er ging iets mis bij ons"),
        ("/test/raise/pool", 503, "Wij zijn even niet bereikbaar"),
    ],
)
def test_each_error_has_a_page_in_dutch(client: FlaskClient, address: str, status: int, title: str) -> None:
    response = client.get(address)
    assert (response.status_code, heading(response)) == (status, title)
    assert 'href="/"' in response.get_data(as_text=True)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [("user", "Dit klopt niet."), ("missing", "Dit dossier bestaat niet."), ("conflict", "Een collega was u voor.")],
)
def test_the_page_shows_the_sentence_of_the_error(client: FlaskClient, kind: str, sentence: str) -> None:
    assert sentence in client.get(f"/test/raise/{kind}").get_data(as_text=True)


def test_a_crash_tells_nothing_but_a_code_that_stands_in_the_log(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    body = client.get("/test/raise/crash").get_data(as_text=True)
    assert "geheim van binnen" not in body
    code = body[body.index('"reference">') + 12 :][:8]
    assert f"Fout {code}" in caplog.text
    assert "geheim van binnen" in caplog.text


def test_when_the_error_page_fails_too_there_is_a_plain_one(client: FlaskClient) -> None:
    response = client.get("/test/raise/unshowable")
    assert (response.status_code, heading(response)) == (422, "Deze aanvraag is niet goed aangekomen")


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    assert set(client.get("/test/form").headers["Allow"].split(", ")) == {"OPTIONS", "POST"}


def test_who_must_wait_is_told_how_long(client: FlaskClient) -> None:
    assert client.get("/test/raise/too-many").headers["Retry-After"] == "90"
    assert client.get("/test/abort/503").headers["Retry-After"] == "30"
    assert client.get("/test/limit").status_code == 200
    limited = client.get("/test/limit")
    assert limited.status_code == 429
    assert 0 < int(limited.headers["Retry-After"]) <= 600


@pytest.mark.parametrize(
    ("address", "status", "title", "detail"),
    [
        ("/api/bestaat-niet", 404, "Dit bestaat niet", "Dit bestaat niet."),
        ("/api/raise/missing", 404, "Dit bestaat niet", "Dit dossier bestaat niet."),
        ("/api/raise/refused", 409, "Dit kan nu niet", "Dit kan niet meer."),
        ("/api/abort/429", 429, "Dit is te vaak geprobeerd", "Dit is te vaak geprobeerd."),
        ("/api/abort/503", 503, "Wij zijn even niet bereikbaar", "Wij zijn even niet bereikbaar."),
    ],
)
def test_the_api_answers_with_problem_details(
    client: FlaskClient, address: str, status: int, title: str, detail: str
) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    answer = json.loads(response.get_data())
    assert answer == {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": address}


def test_a_crash_of_the_api_has_its_code_in_the_detail(client: FlaskClient) -> None:
    response = client.get("/api/raise/crash")
    assert response.content_type == "application/problem+json"
    assert "Code van deze melding: " in json.loads(response.get_data())["detail"]


def test_a_refusal_outside_a_transaction_is_on_the_trail_as_well(make_installation: MakeInstallation) -> None:
    made = with_pages(make_installation())
    made.app.test_client().get("/test/raise/refused")
    with made.app.app_context(), scoped(database.JOB):
        assert session().query(AuditEvent).one().name == REFUSED.name


def test_a_form_without_its_token_is_refused_in_dutch(client: FlaskClient) -> None:
    response = client.post("/test/form", data={"name": "Jan"})
    assert response.status_code == 400
    assert "De beveiliging van dit formulier is verlopen" in response.get_data(as_text=True)


def test_more_than_we_take_is_refused_in_dutch(client: FlaskClient) -> None:
    response = client.post("/test/form", data={"name": "x" * (17 * 1024 * 1024)})
    assert (response.status_code, heading(response)) == (413, "Het bestand is te groot")


def test_a_form_of_five_megabytes_reaches_its_page(make_installation: MakeInstallation) -> None:
    made = with_pages(make_installation())
    made.app.config["WTF_CSRF_ENABLED"] = False
    response = made.app.test_client().post("/test/form", data={"name": "x" * 5 * 1024 * 1024})
    assert (response.status_code, len(response.get_data())) == (200, 5 * 1024 * 1024)


# ------------------------------------------------------------------------------------------- the database goes wrong


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"q": "SELECT 1/0"}, 500),
        ({"q": "SELECT 1 FROM nowhere"}, 500),
        ({"q": "SELECT 9999999999999999999 :: bigint"}, 404),
        ({"q": "SELECT CAST(:value AS text)", "value": "a\0b"}, 400),
    ],
)
def test_an_error_of_the_database_is_an_error_page_and_the_next_request_is_fine(
    client: FlaskClient, query: dict[str, str], status: int
) -> None:
    response = client.get("/test/sql", query_string=query)
    assert response.status_code == status
    assert heading(response)
    assert client.get("/test/sql", query_string={"q": "SELECT 1"}).status_code == 200


def test_a_broken_transaction_does_not_break_the_error_page(client: FlaskClient) -> None:
    response = client.get("/test/broken-transaction")
    assert response.status_code == 422
    assert "Dat ging mis." in response.get_data(as_text=True)


def test_a_database_that_is_away_is_503_everywhere_and_not_a_second_crash(
    make_installation: MakeInstallation,
) -> None:
    made = with_pages(make_installation())
    client = made.app.test_client()
    with client.session_transaction():
        pass
    client.set_cookie("sessie", "een sessie die wij niet kunnen nakijken")
    take_away(made)
    for address in ("/test/sql?q=SELECT+1", "/test/closed", "/test/limit"):
        response = client.get(address)
        assert (response.status_code, heading(response)) == (503, "Wij zijn even niet bereikbaar"), address
    assert client.get("/gezond").status_code == 200
    assert client.get("/static/css/site.css").status_code == 200
    assert client.get("/bestaat-niet").status_code == 404
    ready = client.get("/gereed")
    assert ready.status_code == 503
    assert json.loads(ready.get_data())["problemen"] == ["De database is niet bereikbaar."]
    bring_back(made)
    assert client.get("/test/sql?q=SELECT+1").status_code == 200


def take_away(installation: Installation) -> None:
    """Let nobody in, and end who is in."""
    name = installation.urls.app.rpartition("/")[2]
    with installation.app.app_context():
        database.db.session.remove()
    installation.superuser(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    installation.superuser(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608


def bring_back(installation: Installation) -> None:
    name = installation.urls.app.rpartition("/")[2]
    installation.superuser(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
