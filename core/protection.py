"""What migrations use to guard a table: grants of the application role, row policies, append-only triggers.

The owner role of the migrations is not the application's; the application can neither alter tables nor disable
triggers nor bypass the policies.
"""

from __future__ import annotations

from collections.abc import Mapping

from alembic import op

APP_ROLE = "knooppunt_app"

STAFF = "app_scope() IN ('staff', 'job')"
JOB = "app_scope() = 'job'"
SIGN_IN = "app_scope() = 'sign_in'"
READERS = "app_scope() IN ('public', 'visitor', 'participant')"
EVERYONE = "app_scope() <> 'nobody'"


def own(column: str = "participant_id") -> str:
    """Policy: the row belongs to one of the participants that the signed-in person acts for."""
    return f"app_scope() = 'participant' AND {column} = ANY (app_participants())"


def own_account(column: str = "account_id") -> str:
    """Policy: the row belongs to the signed-in person."""
    return f"app_scope() = 'participant' AND {column} = app_account()"


def any_of(*policies: str) -> str:
    return " OR ".join(f"({policy})" for policy in policies)


def create_functions() -> None:
    """The SQL functions that policies and triggers are written with, and the right to draw numbers."""
    op.execute(f"ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO {APP_ROLE}")  # core.db.next_id
    op.execute(
        "CREATE FUNCTION app_scope() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS"
        " $$ SELECT coalesce(nullif(current_setting('app.scope', true), ''), 'nobody') $$"
    )
    op.execute(
        "CREATE FUNCTION app_account() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS"
        " $$ SELECT nullif(current_setting('app.account', true), '')::bigint $$"
    )
    op.execute(
        "CREATE FUNCTION app_participants() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS"
        " $$ SELECT coalesce(nullif(current_setting('app.participants', true), ''), '{}')::bigint[] $$"
    )
    op.execute(
        "CREATE FUNCTION forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'Rijen van % liggen vast: wijzigen en verwijderen kan niet.', TG_TABLE_NAME"
        " USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )


def append_only(*tables: str) -> None:
    """The table takes new rows only; UPDATE, DELETE and TRUNCATE are refused to everybody, the owner included."""
    for table in tables:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION forbid_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION forbid_change()"
        )
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {APP_ROLE}")


def changeable(*tables: str, delete: bool = False) -> None:
    """The application may add and change rows, and with `delete` remove them."""
    for table in tables:
        op.execute(f"GRANT SELECT, INSERT, UPDATE{', DELETE' if delete else ''} ON {table} TO {APP_ROLE}")


def policies(table: str, *, see: str, add: str | None = None, change: str | None = None) -> None:
    """Row-level security: who may see, add and change (or remove) rows; by default who sees may do all.

    PostgreSQL demands sight of what INSERT … RETURNING gives back: who may add but not see takes `core.db.next_id`.
    """
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    add = add or see
    change = change or add
    rules: Mapping[str, str] = {
        "see": f"FOR SELECT USING ({see})",
        "add": f"FOR INSERT WITH CHECK ({add})",
        "change": f"FOR UPDATE USING ({change}) WITH CHECK ({change})",
        "remove": f"FOR DELETE USING ({change})",
    }
    for name, rule in rules.items():
        op.execute(f"CREATE POLICY {table}_{name} ON {table} {rule}")


def more_sight(table: str, name: str, see: str) -> None:
    """One more group that may see rows of a table with policies."""
    op.execute(f"CREATE POLICY {table}_{name} ON {table} FOR SELECT USING ({see})")
