"""Server time of pages on the 310 participants of the example: all of the application, without the network."""

from __future__ import annotations

import os
import subprocess
import sys
from statistics import median

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bench.measure import measured
from core import db as database
from core.db import db, scoped, session
from core.embedded_postgres import Urls
from identity.queries import account_by_email
from identity.services import start_session
from identity.views import cookie_name

STAFF_PAGES = (
    "/beheer/",
    "/beheer/deelnemers",
    "/beheer/deelnemers?q=groninge",
    "/beheer/deelnemers/1",
    "/beheer/organisaties",
    "/beheer/aanmeldingen",
    "/beheer/voortgang",
    "/beheer/facturen",
    "/beheer/zoeken?q=s-hertogenbos",
)
TARGET_PAGE = 100.0
TARGET_CACHED = 20.0
TARGET_START = 3000.0


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    client = app.test_client()
    with app.test_request_context(), scoped(database.SIGN_IN):
        account = account_by_email("relatie.a@voorbeeld.invalid")
        assert account is not None
        client.set_cookie(cookie_name(), start_session(account, verified=True))
        session().commit()
        db.session.remove()
    return client


@pytest.mark.parametrize("path", STAFF_PAGES)
def bench_staff_page(staff: FlaskClient, path: str) -> None:
    def get() -> None:
        assert staff.get(path).status_code == 200

    measured(f"staff {path}", get, times=60, target_ms=TARGET_PAGE)


def bench_public_list_beside_one_that_is_not_cached(app: Flask) -> None:
    """The ratio is the claim: the page that is kept beside the same page made anew for a search nobody did before."""
    client = app.test_client()
    numbers = iter(range(10_000))

    def anew() -> None:
        assert client.get(f"/deelnemers?q=zoek{next(numbers)}").status_code == 200

    def kept() -> None:
        assert client.get("/deelnemers").status_code == 200

    baseline = measured("public list made anew", anew, times=60)
    cached = measured("public list cached", kept, times=200, target_ms=TARGET_CACHED)
    etag = client.get("/deelnemers").headers["ETag"]

    def unchanged() -> None:
        assert client.get("/deelnemers", headers={"If-None-Match": etag}).status_code == 304

    measured("public list 304", unchanged, times=200, target_ms=TARGET_CACHED)
    print(f"cached is {median(baseline) / median(cached):.1f} times as fast as made anew")


def bench_start_of_the_web_process(urls: Urls) -> None:
    environment = os.environ | {
        "MODE": "test",
        "DATABASE_URL": urls.app,
        "SECRET_KEY": "a secret that is only good for benchmarks",
        "BASE_URL": "http://127.0.0.1",
    }
    code = "from app import create_app; assert create_app().test_client().get('/gezond').status_code == 200"

    def start() -> None:
        subprocess.run([sys.executable, "-c", code], env=environment, check=True)

    measured("start of the web process", start, times=5, target_ms=TARGET_START)
