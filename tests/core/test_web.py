"""Every response: security headers, error pages in Dutch, health."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Blueprint, abort, jsonify, redirect, request
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.test import TestResponse

from core import db as database
from core import jobs
from core.audit import VISITOR, AuditEvent, Entry, Event
from core.db import scoped, session, transaction
from core.errors import Conflict, Forbidden, NotFound, Refused, TooMany, UserError
from core.limits import count_attempt
from core.permissions import anyone, public, requires
from core.web import absolute_url, asset, notice
from tests.core.conftest import Installation, MakeInstallation, installed
from tests.database import Databases

REFUSED = Event("tests:web:refused", "{actor} mocht {what} niet.", refusal=True)


class Broken:
    """Something that cannot be shown on a page."""

    def __str__(self) -> str:
        raise ValueError("cannot be shown")


RAISED: dict[str, Any] = {
    "user": lambda: UserError("Dit klopt niet."),
    "refused": lambda: Refused("Dit kan niet meer.", entry=Entry(REFUSED, VISITOR, {"what": "dit"})),
    "forbidden": lambda: Forbidden("Dit mag alleen financiën."),
    "missing": lambda: NotFound("Dit dossier bestaat niet."),
    "conflict": lambda: Conflict("Een collega was u voor."),
    "too-many": lambda: TooMany("Probeer het straks opnieuw.", retry_after=90),
    "crash": lambda: ZeroDivisionError("geheim van binnen"),
    "pool": lambda: PoolTimeout("no connection"),
    "unshowable": lambda: UserError(Broken()),  # type: ignore[arg-type]
}


pages = Blueprint("pages", __name__)
"""Pages that go wrong in all the ways there are."""


@pages.get("/test/raise/<kind>")
@pages.get("/api/raise/<kind>")
@public
def throw(kind: str) -> str:
    raise RAISED[kind]()


@pages.get("/test/abort/<int:status>")
@pages.get("/api/abort/<int:status>")
@public
def stop(status: int) -> str:
    if status == 503:
        raise ServiceUnavailable(retry_after=30)
    abort(status)


@pages.get("/test/sql")
@public
def sql() -> str:
    """Breaks the transaction, and then fails."""
    session().execute(text(request.args["q"]), {"value": request.args.get("value")})
    return "goed"


@pages.get("/test/broken-transaction")
@public
def broken() -> str:
    try:
        session().execute(text("SELECT 1/0"))
    except Exception:
        raise UserError("Dat ging mis.") from None
    return ""


@pages.post("/test/form")
@anyone
def form() -> str:
    return request.form.get("name", "")


@pages.get("/test/limit")
@anyone
def limited() -> str:
    with transaction():
        count_attempt("test", "iemand", limit=1, window=timedelta(minutes=10))
    return "goed"


@pages.get("/test/elsewhere")
@public
def elsewhere() -> Any:
    return redirect("/gezond", 303)


@pages.get("/test/cached")
@public
def cached() -> Any:
    response = jsonify(fine=True)
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


@pages.get("/test/notice")
@anyone
def noticed() -> str:
    notice("Gelukt.")
    return "goed"


@pages.get("/test/closed")
@requires("invoice:issue")
def closed() -> str:
    return "geheim"


def with_pages(made: Installation) -> Installation:
    made.app.register_blueprint(pages)
    return made


@pytest.fixture(scope="module")
def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed(databases, tmp_path_factory.mktemp("site")) as made:
        yield with_pages(made)


@pytest.fixture
def client(site: Installation) -> FlaskClient:
    return site.app.test_client()


def heading(response: TestResponse) -> str:
    body = response.get_data(as_text=True)
    assert '<html lang="nl"' in body, body[:300]
    start = body.index(">", body.index("<h1")) + 1
    return body[start : body.index("</h1>")].strip()


# ------------------------------------------------------------------------------------------- headers

ADDRESSES = [
    "/gezond",
    "/gereed",
    "/static/css/site.css",
    "/static/css/bestaat-niet.css",
    "/bestaat-niet",
    "/api/bestaat-niet",
    "/test/raise/crash",
    "/test/raise/unshowable",
    "/test/raise/refused",
    "/test/abort/503",
    "/test/elsewhere",
    "/test/closed",
    "/test/cached",
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS", "DELETE"])
def test_every_response_has_the_security_headers(client: FlaskClient, address: str, method: str) -> None:
    headers = client.open(address, method=method).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self'; ")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Permissions-Policy" in headers
    assert "Strict-Transport-Security" not in headers
    assert "X-Robots-Tag" not in headers


@pytest.mark.parametrize("address", ADDRESSES)
def test_only_files_with_their_hash_and_pages_that_say_so_are_cached(client: FlaskClient, address: str) -> None:
    response = client.get(f"{address}?v=abc")
    cached = response.headers["Cache-Control"]
    if address == "/static/css/site.css":
        assert cached == "public, max-age=31536000, immutable"
    elif address == "/test/cached":
        assert cached == "public, max-age=60"
    else:
        assert cached == "no-store"


def test_over_https_browsers_are_told_to_stay_there_and_cookies_are_bound_to_the_host(
    make_installation: MakeInstallation,
) -> None:
    made = with_pages(make_installation(base_url="https://beheer.example.nl"))
    response = made.app.test_client().get("/test/notice", base_url="https://beheer.example.nl")
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-formulier=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}


def test_a_demonstration_is_not_for_search_engines(make_installation: MakeInstallation) -> None:
    made = make_installation(mode="demo")
    assert made.app.test_client().get("/gezond").headers["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("address", ["/gezond", "/gereed", "/static/css/site.css", "/bestaat-niet", "/test/cached"])
def test_public_pages_set_no_cookie(client: FlaskClient, address: str) -> None:
    assert "Set-Cookie" not in client.get(address).headers


def test_an_asset_has_its_hash_in_its_address(site: Installation) -> None:
    with site.app.test_request_context():
        address = asset("css/site.css")
    assert site.app.test_client().get(address).status_code == 200
    assert len(address.partition("?v=")[2]) == 12


def test_a_full_address_comes_from_the_settings_and_leaves_the_scope_alone(
    make_installation: MakeInstallation,
) -> None:
    made = with_pages(make_installation(base_url="https://beheer.example.nl"))
    with made.app.test_request_context("/", base_url="http://kwaadaardig.example"), scoped(database.JOB):
        session().execute(text("SELECT 1"))
        assert absolute_url("pages.throw", kind="a b", q="c&d") == "https://beheer.example.nl/api/raise/a%20b?q=c%26d"
        assert session().scalar(text("SELECT app_scope()")) == "job"


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
        ("/test/abort/503", 503, "We zijn even niet bereikbaar"),
        ("/test/raise/user", 422, "Deze aanvraag is niet goed aangekomen"),
        ("/test/raise/refused", 409, "Dit kan nu niet"),
        ("/test/raise/conflict", 409, "De gegevens zijn intussen veranderd"),
        ("/test/raise/forbidden", 403, "U mag deze pagina niet bekijken"),
        ("/test/raise/missing", 404, "Deze pagina bestaat niet"),
        ("/test/raise/too-many", 429, "U hebt dit te vaak geprobeerd"),
        ("/test/raise/crash", 500, "Er ging iets mis bij ons"),
        ("/test/raise/pool", 503, "We zijn even niet bereikbaar"),
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
        assert (response.status_code, heading(response)) == (503, "We zijn even niet bereikbaar"), address
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


# ------------------------------------------------------------------------------------------- health


def ready(installation: Installation) -> tuple[int, list[str]]:
    response = installation.app.test_client().get("/gereed")
    answer = json.loads(response.get_data())
    assert answer["status"] == ("gereed" if response.status_code == 200 else "niet gereed")
    return response.status_code, answer["problemen"]


def test_an_installation_in_order_is_ready(make_installation: MakeInstallation) -> None:
    assert ready(make_installation()) == (200, [])


def test_a_silent_worker_makes_it_not_ready(make_installation: MakeInstallation) -> None:
    made = make_installation(worker_expected=True)
    assert ready(made) == (503, ["De achtergrondverwerker is niet gezien in de laatste minuut."])
    with made.app.app_context():
        jobs.run(jobs.HEARTBEAT)
    assert ready(made) == (200, [])


def test_a_migration_that_waits_makes_it_not_ready(make_installation: MakeInstallation) -> None:
    made = make_installation(worker_expected=True)
    with made.owner.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert ready(made) == (503, ["De database loopt achter: voer 'flask database migrate' uit."])


def test_an_empty_database_makes_it_not_ready(make_installation: MakeInstallation) -> None:
    made = make_installation()
    with made.owner.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE; CREATE SCHEMA public"))
    status, problems = ready(made)
    assert status == 503
    assert problems


def test_a_role_that_may_too_much_makes_it_not_ready(make_installation: MakeInstallation) -> None:
    made = make_installation()
    as_owner = make_installation(database_url=made.urls.owner)
    assert ready(as_owner) == (503, ["DATABASE_URL noemt een rol die te veel mag: neem de rol van de toepassing."])


def test_alive_asks_the_database_nothing(make_installation: MakeInstallation) -> None:
    made = make_installation(database_url="postgresql+psycopg://niemand@127.0.0.1:9/nergens")
    assert made.app.test_client().get("/gezond").get_json() == {"status": "gezond"}
    assert ready(made) == (503, ["De database is niet bereikbaar."])
