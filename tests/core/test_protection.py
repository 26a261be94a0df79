"""Row policies: every table has them or a reason why not, and the application's role cannot get around them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core import db as database
from core.db import Base, Scope, scoped, session
from core.protection import APP_ROLE
from tests.core.conftest import Installation, installed
from tests.database import Databases

WITHOUT_POLICIES = {
    "alembic_version": "one number, which migration was last; the application may only read it",
    "application_counters": "the last number of each year; counted in every scope",
    "job_heartbeats": "when background jobs ran; no personal data",
    "public_changes": "numbers and names of tables; triggers write it in every scope",
    "rate_counts": "counted in every scope; the keys are keyed hashes",
    "roles": "the roles of the hub; public, and only migrations write them",
    "stored_files": "hash, size and media type; who knows the hash knows the file, and the file is not in the database",
    "submissions": "claimed in every scope; the keys are random and used up",
}
"""Tables without row policies, each with the reason."""

JOB_QUEUE = "procrastinate_"
"""The queue's own tables: names of jobs and times, no personal data."""


@pytest.fixture(scope="module")
def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed(databases, tmp_path_factory.mktemp("site")) as made:
        yield made


def tables() -> list[str]:
    return sorted(Base.metadata.tables)


def guarded() -> list[str]:
    return [table for table in tables() if table not in WITHOUT_POLICIES]


# ------------------------------------------------------------------------------------------- every table


@pytest.mark.parametrize("table", tables())
def test_every_table_has_row_policies_or_a_reason_why_not(site: Installation, table: str) -> None:
    with site.owner.connect() as connection:
        enabled = connection.scalar(
            text("SELECT relrowsecurity FROM pg_class WHERE oid = CAST(:name AS regclass)"), {"name": table}
        )
        commands = set(connection.scalars(text("SELECT cmd FROM pg_policies WHERE tablename = :name"), {"name": table}))
    if table in WITHOUT_POLICIES:
        assert not enabled, f"{table} has row policies now: take it out of WITHOUT_POLICIES in this file"
        return
    assert enabled, (
        f"Table {table} has no row policies. Add `policies('{table}', see=…)` to its migration (core/protection.py),"
        " or, when everybody may see all of it, a line with the reason to WITHOUT_POLICIES in this file."
    )
    assert commands == {"SELECT", "INSERT", "UPDATE", "DELETE"}, f"policies of {table} are incomplete: {commands}"


def test_no_table_is_forgotten_because_no_model_knows_it(site: Installation) -> None:
    with site.owner.connect() as connection:
        names = connection.scalars(
            text("SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public' :: regnamespace")
        )
        unknown = {name for name in names if not name.startswith(JOB_QUEUE)} - set(tables())
    assert unknown == {"alembic_version"}


def test_reasons_are_about_tables_that_exist() -> None:
    assert set(WITHOUT_POLICIES) - {"alembic_version"} <= set(tables())


# ------------------------------------------------------------------------------------------- every scope

STAND_INS = {
    "bigint": "1",
    "integer": "1",
    "smallint": "1",
    "numeric": "1",
    "text": "'x'",
    "character varying": "'x'",
    "uuid": "'00000000-0000-0000-0000-000000000001'",
    "date": "'2026-01-01'",
    "timestamp with time zone": "now()",
    "boolean": "true",
    "jsonb": "'{}'",
    "bytea": "'x'",
    "ARRAY": "'{}'",
}
OWNED_BY = {"participant_id", "account_id", "actor_key"}

OF_EVERYBODY = {
    "agreement_texts",
    "category_exceptions",
    "decisions",
    "message_types",
    "module_versions",
    "process_agreements",
    "product_supports",
    "information_meetings",  # the agenda; who comes stands in sign_ups
    "live_periods",  # days and a number; whose they are stands in participants
    "module_activations",  # likewise
    "module_audiences",
    "modules",
    "operator_bank_accounts",
    "operators",
    "organisations",  # facts of registers; not of sole traders
    "served_municipalities",
    "settings",
    "statistic_purposes",
    "suppliers",
    "tariff_rows",
    "tariff_tables",
    "zero_tariff_reviews",
    "zero_tariffs",
}
"""Of these, rows may be seen by who reads public pages, and by other participants."""

FOR_SIGNING_IN = {
    "accounts",
    "applications",
    "one_time_links",
    "people",
    "representations",
    "role_grants",
    "share_links",
    "sign_in_sessions",
}

NOT_FOR_PARTICIPANTS = {
    "agenda_items",
    "assessments",
    "approvals",
    "breach_participants",
    "breaches",
    "findings",
    "processing_activities",
    "retention_terms",
    "subject_requests",
    "audit_seals",
    "gate_records",
    "retirement_notices",
    "help_deliveries",
    "decision_documents",
    "invoice_holds",
    "invoice_run_items",
    "invoice_runs",
    "invoice_corrections",
    "invoice_links",
    "invoice_series",
    "meeting_papers",
    "meetings",
    "notes",
    "one_time_links",
    "operator_signatories",
    "outbox_messages",
    "role_grants",
    "sign_ups",
    "scenario_attachments",
    "seats",
    "tariff_scenarios",
    "terms",
    "zero_tariff_warnings",
}
"""Of these, participants see nothing at all, though it be about them."""


@pytest.fixture(scope="module")
def filled(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One row in every table, of participant 1 and account 1; what a row must otherwise comply with is dropped."""
    with installed(databases, tmp_path_factory.mktemp("filled")) as made, made.owner.begin() as connection:
        constraints = connection.execute(
            text(
                "SELECT conrelid :: regclass, conname FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid"
                " WHERE contype IN ('c', 'f', 'x') AND relnamespace = 'public' :: regnamespace ORDER BY contype DESC"
            )
        ).all()
        for table, name in constraints:
            connection.execute(text(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'))
        on_insert = "SELECT tgrelid :: regclass, tgname FROM pg_trigger WHERE NOT tgisinternal AND tgtype & 4 = 4"
        for table, name in connection.execute(text(on_insert)).all():
            connection.execute(text(f'ALTER TABLE {table} DISABLE TRIGGER "{name}"'))
        for table in tables():
            columns = connection.execute(
                text(
                    "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = :name"
                    " AND is_generated = 'NEVER' AND (is_nullable = 'NO' AND column_default IS NULL"
                    " OR column_name = ANY (:owned))"
                ),
                {"name": table, "owned": sorted(OWNED_BY)},
            ).all()
            names, values = zip(*((f'"{name}"', STAND_INS[kind]) for name, kind in columns), strict=True)
            connection.execute(text(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(values)})"))  # noqa: S608
        connection.commit()
        yield made


def visible(installation: Installation, scope: Scope) -> set[str]:
    """The guarded tables of which a scope sees the row."""
    with installation.app.app_context(), scoped(scope):
        return {table for table in guarded() if session().scalar(text(f"SELECT count(*) FROM {table}"))}  # noqa: S608


def test_without_a_scope_no_row_of_any_table_is_seen(filled: Installation) -> None:
    assert visible(filled, database.NOBODY) == set()


@pytest.mark.parametrize("scope", [database.JOB, database.staff(2)], ids=["job", "staff"])
def test_the_system_and_staff_see_all_but_the_secrets_of_links(filled: Installation, scope: Scope) -> None:
    assert visible(filled, scope) == set(guarded()) - {"one_time_links"}


@pytest.mark.parametrize(
    "scope", [database.PUBLIC, database.VISITOR, database.participant(2, (2,))], ids=lambda scope: scope.name
)
def test_others_see_of_somebodys_rows_only_what_everybody_may_see(filled: Installation, scope: Scope) -> None:
    seen = visible(filled, scope)
    assert seen <= OF_EVERYBODY, f"'{scope.name}' sees rows of {sorted(seen - OF_EVERYBODY)}"


def test_signing_in_sees_who_somebody_is_and_nothing_of_what_they_do(filled: Installation) -> None:
    assert visible(filled, database.SIGN_IN) - OF_EVERYBODY == FOR_SIGNING_IN


def test_a_participant_sees_the_own_rows_and_not_what_is_for_staff(filled: Installation) -> None:
    own = visible(filled, database.participant(1, (1,)))
    assert own & NOT_FOR_PARTICIPANTS == set()
    unseen = set(guarded()) - own - NOT_FOR_PARTICIPANTS
    assert unseen == set(), (
        f"A participant does not see the own rows of {sorted(unseen)}: add a policy, or name them in"
        " NOT_FOR_PARTICIPANTS in this file."
    )


@pytest.mark.parametrize(
    "scope",
    [database.NOBODY, database.PUBLIC, database.VISITOR, database.participant(2, (2,)), database.SIGN_IN],
    ids=lambda scope: scope.name,
)
def test_others_change_and_remove_nothing(filled: Installation, scope: Scope) -> None:
    changed = {
        (table, statement.split()[0])
        for table in guarded()
        for column in Base.metadata.tables[table].primary_key.columns.keys()[:1]
        for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}")  # noqa: S608
        if rows_changed(filled, scope, statement)
    }
    allowed = set()
    if scope == database.SIGN_IN:
        allowed = {(table, "UPDATE") for table in FOR_SIGNING_IN}
        allowed |= {("one_time_links", "DELETE"), ("sign_in_sessions", "DELETE")}  # when they are old
    assert changed <= allowed, f"'{scope.name}' may change {sorted(changed - allowed)}"


def rows_changed(installation: Installation, scope: Scope, statement: str) -> int:
    """How many rows a statement would change; 0 when it is not allowed at all."""
    with installation.app.app_context(), scoped(scope):
        try:
            with session().begin_nested():
                return int(getattr(session().execute(text(statement)), "rowcount", 0))
        except DBAPIError as error:
            if "permission denied" not in str(error):
                raise
            return 0
        finally:
            session().rollback()


# ------------------------------------------------------------------------------------------- append-only

APPEND_ONLY = ["audit_events", "audit_seals", "stored_files"]


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_nobody_changes_or_removes_what_is_append_only(site: Installation, table: str) -> None:
    with site.owner.connect() as connection:
        triggers = set(
            connection.scalars(
                text("SELECT tgname FROM pg_trigger WHERE tgrelid = CAST(:name AS regclass) AND NOT tgisinternal"),
                {"name": table},
            )
        )
        assert triggers == {f"{table}_append_only", f"{table}_no_truncate"}
        rights = [
            right
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
            if connection.scalar(
                text("SELECT has_table_privilege(:app, :name, :right)"),
                {"app": APP_ROLE, "name": table, "right": right},
            )
        ]
    assert rights == ["SELECT", "INSERT"]
