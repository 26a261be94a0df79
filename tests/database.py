"""One embedded PostgreSQL for a test run: a migrated template, and copies where a test needs real commits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import psycopg
from psycopg import sql

from core import migrations
from core.embedded_postgres import Server, Urls, prepare_roles, secret

_numbers = count(1)


class Databases:
    """Databases on the server of this run."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.template = self._prepare("template_knooppunt")
        migrations.upgrade(self.template.owner)

    def _prepare(self, name: str) -> Urls:
        folder = self.server.data_dir
        owner, app = secret(folder, "database-owner"), secret(folder, "database-app")
        return prepare_roles(self.server.superuser_url(), name, owner, app)

    @contextmanager
    def copy(self) -> Iterator[Urls]:
        """A fresh, migrated database of its own, dropped afterwards."""
        name = f"kopie_{next(_numbers)}"
        self._admin("CREATE DATABASE {} TEMPLATE template_knooppunt OWNER knooppunt_owner", name)
        self._admin("REVOKE ALL ON DATABASE {} FROM PUBLIC", name)  # rights on the database itself are not copied
        self._admin("GRANT CONNECT ON DATABASE {} TO knooppunt_app", name)
        try:
            yield Urls(
                owner=self.template.owner.replace("template_knooppunt", name),
                app=self.template.app.replace("template_knooppunt", name),
            )
        finally:
            self._admin("DROP DATABASE {} WITH (FORCE)", name)

    def _admin(self, statement: str, name: str) -> None:
        address = self.server.superuser_url().replace("postgresql+psycopg://", "postgresql://")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
