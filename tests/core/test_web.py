"""Every response: security headers and caching; health."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from core import db as database
from core import jobs
from core.db import scoped, session
from core.web import absolute_url, asset
from tests.core.conftest import Installation, MakeInstallation, installed
from tests.core.pages import with_pages
from tests.database import Databases


@pytest.fixture(scope="module")
def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed(databases, tmp_path_factory.mktemp("site")) as made:
        yield with_pages(made)


@pytest.fixture
def client(site: Installation) -> FlaskClient:
    return site.app.test_client()


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
