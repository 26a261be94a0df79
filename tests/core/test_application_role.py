"""What the role of the application may not do in the database, whatever it is told to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from core.embedded_postgres import OWNER_ROLE
from core.protection import APP_ROLE
from tests.core.conftest import Installation, installed
from tests.database import Databases


@pytest.fixture(scope="module")
def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed(databases, tmp_path_factory.mktemp("site")) as made:
        yield made


@pytest.fixture(scope="module")
def app_role(site: Installation) -> Iterator[Engine]:
    """Connections as the application has them, without scope."""
    engine = create_engine(site.urls.app)
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE audit_events DISABLE TRIGGER ALL",
        "ALTER TABLE audit_events DISABLE TRIGGER audit_events_append_only",
        "ALTER TABLE people DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE people ADD COLUMN more text",
        "DROP TRIGGER audit_events_append_only ON audit_events",
        "DROP POLICY people_see ON people",
        "CREATE POLICY all_of_it ON people USING (true)",
        "CREATE OR REPLACE FUNCTION app_scope() RETURNS text LANGUAGE sql AS $$ SELECT 'job' $$",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$",
        "CREATE TABLE mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE EXTENSION dblink",
        "DROP TABLE people",
        "TRUNCATE audit_events",
        f"SET ROLE {OWNER_ROLE}",
        "SET ROLE postgres",
        f"SET SESSION AUTHORIZATION {OWNER_ROLE}",
        "SET session_replication_role = replica",
        f"ALTER ROLE {APP_ROLE} BYPASSRLS",
        f"ALTER ROLE {APP_ROLE} SUPERUSER",
        f"GRANT {OWNER_ROLE} TO {APP_ROLE}",
        f"CREATE ROLE mine IN ROLE {OWNER_ROLE}",
        "UPDATE alembic_version SET version_num = '0001'",
        "DELETE FROM roles",
        "INSERT INTO roles VALUES ('x', 'X', 'none', 'none', true, 99)",
        "COPY people TO '/var/people'",
        "COPY people FROM PROGRAM 'true'",
        "SELECT pg_read_file('/etc/hostname')",
        "SELECT rolpassword FROM pg_authid",
        "ALTER SYSTEM SET fsync = off",
    ],
)
def test_the_role_of_the_application_may_not(app_role: Engine, statement: str) -> None:
    refused = r"permission denied|must be (owner|superuser)|must have admin option"
    connected = app_role.connect().execution_options(isolation_level="AUTOCOMMIT")
    with connected as connection, pytest.raises(DBAPIError, match=refused):
        connection.execute(text(statement))


def test_row_security_cannot_be_switched_off(app_role: Engine) -> None:
    with app_role.connect() as connection:
        connection.execute(text("SET row_security = off"))
        with pytest.raises(DBAPIError, match="query would be affected by row-level security"):
            connection.execute(text("SELECT * FROM people"))


def test_the_roles_are_weak(site: Installation) -> None:
    with site.owner.connect() as connection:
        for role in (APP_ROLE, OWNER_ROLE):
            row = connection.execute(
                text(
                    "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles"
                    " WHERE rolname = :name"
                ),
                {"name": role},
            ).one()
            assert not any(row), role
        member = connection.scalar(
            text("SELECT pg_has_role(:app, :owner, 'MEMBER')"), {"app": APP_ROLE, "owner": OWNER_ROLE}
        )
        assert not member


def test_the_application_owns_nothing(site: Installation) -> None:
    with site.owner.connect() as connection:
        owned = connection.scalars(
            text("SELECT relname FROM pg_class WHERE relowner = CAST(:app AS regrole)"), {"app": APP_ROLE}
        ).all()
        functions = connection.scalars(
            text("SELECT proname FROM pg_proc WHERE proowner = CAST(:app AS regrole)"), {"app": APP_ROLE}
        ).all()
    assert owned == []
    assert functions == []


def test_what_runs_as_the_owner_is_a_trigger_that_the_application_cannot_call(site: Installation) -> None:
    """Guards that have to count rows which the caller may not see: with a fixed search path, and called by nobody."""
    query = text(
        "SELECT proname, prorettype = 'trigger' :: regtype AS is_trigger,"
        " coalesce(proconfig, '{}') @> ARRAY['search_path=public, pg_temp'] AS has_path,"
        " has_function_privilege(:app, oid, 'EXECUTE') AS may_call"
        " FROM pg_proc WHERE prosecdef AND pronamespace = 'public' :: regnamespace"
    )
    with site.owner.connect() as connection:
        found = connection.execute(query, {"app": APP_ROLE}).all()
    assert {row.proname for row in found} == {
        "credit_no_more",
        "guard_prepayment_use",
        "guard_prepayments",
        "no_gap_in_series",
    }
    assert [row.proname for row in found if not row.is_trigger or not row.has_path or row.may_call] == []


def test_other_roles_of_the_server_come_nowhere(site: Installation) -> None:
    site.superuser("DROP ROLE IF EXISTS somebody_else")
    site.superuser("CREATE ROLE somebody_else")
    try:
        with site.owner.connect() as connection:
            rights = connection.execute(
                text(
                    "SELECT has_schema_privilege('somebody_else', 'public', 'USAGE'),"
                    " has_database_privilege('somebody_else', current_database(), 'CONNECT'),"
                    " has_table_privilege('somebody_else', 'people', 'SELECT')"
                )
            ).one()
        assert not any(rights)
    finally:
        site.superuser("DROP ROLE somebody_else")
