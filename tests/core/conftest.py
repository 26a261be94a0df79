"""Installations on a database of their own, for what needs real commits, threads or another role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine

from app import create_app
from core import db as database
from core.embedded_postgres import Server, Urls
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
    server: Server

    def superuser(self, statement: str) -> None:
        """For what happens to a database from outside."""
        address = self.server.superuser_url().replace("postgresql+psycopg://", "postgresql://")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())

    def at_once(self, *functions: Callable[[], T]) -> list[Future[T]]:
        """Run functions at the same time, each in a thread with an application context; returns when all are done."""

        def call(function: Callable[[], T]) -> T:
            with self.app.app_context(), database.scoped(database.JOB):
                return function()

        with ThreadPoolExecutor(len(functions)) as pool:
            return [pool.submit(call, function) for function in functions]


MakeInstallation = Callable[..., Installation]


@contextmanager
def installed(databases: Databases, folder: Path, **changes: Any) -> Iterator[Installation]:
    """An installation; settings may be given by name."""
    with databases.copy() as urls:
        settings = replace(settings_for(urls.app, folder), **changes)
        made = Installation(create_app(settings), urls, create_engine(urls.owner), folder, databases.server)
        try:
            yield made
        finally:
            with made.app.app_context():
                database.db.session.remove()
                database.db.engine.dispose()
            made.owner.dispose()


@pytest.fixture
def make_installation(databases: Databases, tmp_path: Path) -> Iterator[MakeInstallation]:
    """Makes installations; settings may be given by name."""
    with ExitStack() as stack:
        numbers = count()

        def make(**changes: Any) -> Installation:
            return stack.enter_context(installed(databases, tmp_path / str(next(numbers)), **changes))

        yield make


@pytest.fixture
def installation(make_installation: MakeInstallation) -> Iterator[Installation]:
    """One installation, its application context open in the scope of a job."""
    made = make_installation()
    with made.app.app_context(), database.scoped(database.JOB):
        yield made
