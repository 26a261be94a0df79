"""A database with the registers and 310 participants of the example, for all measurements of a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from core import db as database
from core.db import db, scoped
from core.embedded_postgres import Urls, scratch
from demo import load
from demo.reference import load_registers, load_rules
from tests.conftest import settings_for
from tests.database import Databases


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    with scratch(Path(".data/scratch")) as server:
        yield Databases(server)


@pytest.fixture(scope="session")
def urls(databases: Databases) -> Iterator[Urls]:
    with databases.copy() as made:
        yield made


@pytest.fixture(scope="session")
def app(urls: Urls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    made = create_app(settings_for(urls.app, tmp_path_factory.mktemp("data"), mode="demo"))
    with made.app_context(), scoped(database.JOB):
        load_rules()
        load_registers()
        load.staff()
        load.real_participants(lambda _label, _steps: None)
        db.session.remove()
    yield made
    with made.app_context():
        db.engine.dispose()
