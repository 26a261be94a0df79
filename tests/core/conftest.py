"""Installations on a database of their own, for what needs real commits, threads or another role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine

from app import create_app
from core import db as database
from core.embedded_postgres import Urls
from tests.conftest import settings_for
from tests.database import Databases

T = TypeVar("T")


@dataclass
class Installation:
    """An application with a migrated database that nobody else uses."""

    app: Flask
    urls: Urls
    owner: Engine
    folder: Path

    def at_once(self, *functions: Callable[[], T]) -> list[Future[T]]:
        """Run functions at the same time, each in a thread with an application context; returns when all are done."""

        def call(function: Callable[[], T]) -> T:
            with self.app.app_context(), database.scoped(database.JOB):
                return function()

        with ThreadPoolExecutor(len(functions)) as pool:
            return [pool.submit(call, function) for function in functions]


MakeInstallation = Callable[..., Installation]


@pytest.fixture
def make_installation(databases: Databases, tmp_path: Path) -> Iterator[MakeInstallation]:
    """Makes installations; settings may be given by name."""
    made: list[tuple[Installation, Any]] = []

    def make(**changes: Any) -> Installation:
        copy = databases.copy()
        urls = copy.__enter__()
        folder = tmp_path / str(len(made))
        settings = replace(settings_for(urls.app, folder), **changes)
        installation = Installation(create_app(settings), urls, create_engine(urls.owner), folder)
        made.append((installation, copy))
        return installation

    yield make
    for installation, copy in made:
        with installation.app.app_context():
            database.db.session.remove()
            database.db.engine.dispose()
        installation.owner.dispose()
        copy.__exit__(None, None, None)


@pytest.fixture
def installation(make_installation: MakeInstallation) -> Iterator[Installation]:
    """One installation, its application context open in the scope of a job."""
    made = make_installation()
    with made.app.app_context(), database.scoped(database.JOB):
        yield made
