"""Fixtures: the application on a real PostgreSQL, every test in a transaction that is undone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import create_app
from core import db as database
from core.config import Settings
from core.db import db
from core.embedded_postgres import Server, scratch
from tests.browser import Browser
from tests.database import Databases
from tests.people import People

pytest_plugins = ["tests.plugins"]


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """On the embedded server, or on a fresh one of another version on this machine (docs/operations.md)."""
    port = os.environ.get("TEST_POSTGRES_PORT")
    if port is None:
        with scratch(Path(".data/scratch")) as server:
            yield Databases(server)
        return
    with TemporaryDirectory() as folder:
        (Path(folder) / "secrets").mkdir(mode=0o700)
        (Path(folder) / "secrets" / "postgres").write_text(os.environ["TEST_POSTGRES_PASSWORD"])
        yield Databases(Server(Path(folder), int(port)))


def settings_for(database_url: str, folder: Path, *, mode: str = "test") -> Settings:
    return Settings(
        mode=mode,  # type: ignore[arg-type]
        database_url=database_url,
        secret_key="a secret that is only good for tests",
        base_url="http://localhost",
        data_dir=folder,
        files_url=str(folder / "bestanden"),
        smtp_url=None,
        mail_from="Schuldenknooppunt <noreply@knooppuntbeheer.invalid>",
        trusted_proxies=0,
        worker_expected=False,
    )


@pytest.fixture(scope="session")
def app(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with databases.copy() as urls:
        made = create_app(settings_for(urls.app, tmp_path_factory.mktemp("data")))
        yield made
        with made.app_context():
            db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The session of a test: what is committed becomes visible to the test's requests and is undone at its end."""
    with app.app_context():
        engine = db.engines[None]
        connection = engine.connect()
        outer = connection.begin()
        engines = cast("dict[str | None, Any]", db.engines)
        engines[None] = connection
        try:
            with database.scoped(database.JOB):
                yield database.session()
        finally:
            db.session.remove()
            engines[None] = engine
            outer.rollback()
            connection.close()


@pytest.fixture
def people(session: Session) -> People:
    return People(session)


@pytest.fixture
def browser(app: Flask, session: Session) -> Browser:
    """A visitor who is not signed in."""
    return Browser(app)
