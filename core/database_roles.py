"""The two roles of a database and what each may do, on whatever server: embedded, or one that somebody else keeps."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import psycopg
from psycopg import sql

from core.protection import APP_ROLE

OWNER_ROLE = "knooppunt_owner"
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")


@dataclass(frozen=True)
class Urls:
    """The two ways in: the owner changes tables (migrations), the application only reads and writes rows."""

    owner: str
    app: str


def prepare_roles(superuser_url: str, database: str, owner_password: str, app_password: str) -> Urls:
    """Make the database, its extensions and the two roles; what exists already is brought into line.

    The owner changes tables. The application has no rights of its own on tables: migrations grant them one by one.
    """
    server = urlsplit(superuser_url)
    with connect(superuser_url) as connection:
        connection.execute("SELECT pg_advisory_lock(1)")  # two starts take turns
        for role, password in ((OWNER_ROLE, owner_password), (APP_ROLE, app_password)):
            _prepare_role(connection, role, password)
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [database]).rowcount:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
                    sql.Identifier(database), sql.Identifier(OWNER_ROLE)
                )
            )
    with connect(server._replace(path=f"/{database}").geturl()) as connection:
        connection.execute("SELECT pg_advisory_lock(1)")
        for statement in (
            "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
            "GRANT CONNECT ON DATABASE {database} TO {app}",
            "ALTER SCHEMA public OWNER TO {owner}",
            "REVOKE ALL ON SCHEMA public FROM PUBLIC",
            "GRANT USAGE ON SCHEMA public TO {app}",
            *(f"CREATE EXTENSION IF NOT EXISTS {extension} SCHEMA public" for extension in EXTENSIONS),
        ):
            connection.execute(
                sql.SQL(statement).format(
                    database=sql.Identifier(database), owner=sql.Identifier(OWNER_ROLE), app=sql.Identifier(APP_ROLE)
                )
            )
    place = server.netloc.rpartition("@")[2]
    return Urls(
        owner=url(OWNER_ROLE, owner_password, place, database), app=url(APP_ROLE, app_password, place, database)
    )


def _prepare_role(connection: psycopg.Connection, role: str, password: str) -> None:
    name = sql.Identifier(role)
    if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).rowcount:
        connection.execute(sql.SQL("CREATE ROLE {}").format(name))
    connection.execute(
        sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD {}").format(
            name, sql.Literal(password)
        )
    )


def connect(url: str) -> psycopg.Connection:
    """A connection outside SQLAlchemy, every statement in a transaction of its own."""
    return psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1), autocommit=True, connect_timeout=5)


def url(role: str, password: str, place: str, database: str) -> str:
    """An address for DATABASE_URL; `place` is host:port."""
    return f"postgresql+psycopg://{role}:{quote(password, safe='')}@{place}/{database}"
