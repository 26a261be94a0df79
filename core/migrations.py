"""Numbered migrations: apply them, ask whether any is waiting, and compare their outcome with the models.

Migrations run as the owner role, only forward. The models come in as an argument (`Base.metadata`, once `app.py` has
imported all packages), so that this module and `migrations/env.py` know none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, NullPool, create_engine, text

from core.protection import APP_ROLE

FOLDER = Path(__file__).parent.parent / "migrations"

NOT_IN_THE_MODELS = ("alembic_version", "procrastinate")
"""Tables whose name begins so belong to a tool, which keeps them itself."""


def upgrade(owner_url: str) -> list[str]:
    """Apply what is waiting, each migration in a transaction of its own. Returns the numbers that were applied."""
    applied: list[str] = []
    with _connected(owner_url) as connection:
        connection.execute(text("SELECT pg_advisory_lock(hashtext('migrations'))"))  # two starts take turns
        connection.commit()
        config = _config()
        config.attributes.update(connection=connection, applied=applied)
        command.upgrade(config, "head")
        connection.execute(text(f"GRANT SELECT ON alembic_version TO {APP_ROLE}"))  # so that it can ask `pending`
        connection.commit()
    return applied


def pending(connection: Connection) -> bool:
    """Whether the database waits for a migration (or is ahead of this version of the program)."""
    return set(MigrationContext.configure(connection).get_current_heads()) != _heads()


def draft(owner_url: str, metadata: MetaData, subject: str) -> Path:
    """Write the next numbered migration from what the models have and the database, fully migrated, has not."""
    number = f"{max((int(head) for head in _heads()), default=0) + 1:04}"
    with _connected(owner_url) as connection:
        config = _config()
        config.attributes.update(connection=connection, metadata=metadata)
        script = command.revision(config, subject, autogenerate=True, rev_id=number)
    _heads.cache_clear()
    return Path(script.path)  # type: ignore[union-attr]  # one script, as no range was asked for


# ------------------------------------------------------------------------------------------- models = migrations?


def differences(owner_url: str, metadata: MetaData) -> list[str]:
    """What the models say otherwise than the migrated database; empty when they agree.

    The models' tables are built in a schema of their own, in a transaction that is undone; then PostgreSQL is asked to
    describe both. That sees everything: types, defaults, checks, exclusion constraints, partial indexes.
    """
    with _connected(owner_url) as connection:
        found = _described(connection, "public")
        connection.execute(text("CREATE SCHEMA models_say"))
        connection.execute(text("SET LOCAL search_path TO models_say, public"))
        metadata.create_all(connection, checkfirst=False)
        wanted = _described(connection, "models_say")
        connection.rollback()
    return [
        f"{thing}: modellen zeggen {wanted.get(thing, 'afwezig')}; migraties maken {found.get(thing, 'afwezig')}"
        for thing in sorted(wanted.keys() | found.keys())
        if wanted.get(thing) != found.get(thing)
    ]


_DESCRIPTION = text(
    """
    WITH tables AS (
        SELECT oid, relname FROM pg_class
        WHERE relnamespace = CAST(:schema AS regnamespace) AND relkind IN ('r', 'p') AND NOT relname ^@ ANY (:skipped)
    )
    SELECT 'kolom ' || relname || '.' || attname,
        concat_ws(' ', format_type(atttypid, atttypmod), CASE WHEN attnotnull THEN 'NOT NULL' END,
            CASE attidentity WHEN 'a' THEN 'IDENTITY ALWAYS' WHEN 'd' THEN 'IDENTITY' END,
            CASE attgenerated WHEN 's' THEN 'GENERATED' WHEN 'v' THEN 'GENERATED VIRTUAL' ELSE '' END,
            'DEFAULT ' || pg_get_expr(adbin, adrelid, true),
            'COLLATE ' || (SELECT collname FROM pg_collation WHERE oid = attcollation AND collname <> 'default'))
    FROM tables JOIN pg_attribute ON attrelid = tables.oid AND attnum > 0 AND NOT attisdropped
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    UNION ALL
    SELECT 'regel ' || relname || '.' || conname, pg_get_constraintdef(pg_constraint.oid, true)
    FROM tables JOIN pg_constraint ON conrelid = tables.oid AND contype NOT IN ('n', 't')
    UNION ALL
    SELECT 'index ' || CAST(CAST(indexrelid AS regclass) AS text), pg_get_indexdef(indexrelid, 0, true)
    FROM tables JOIN pg_index ON indrelid = tables.oid
    WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND conrelid = indrelid)
    UNION ALL
    SELECT 'type ' || typname, string_agg(enumlabel, ', ' ORDER BY enumsortorder)
    FROM pg_type JOIN pg_enum ON enumtypid = pg_type.oid
    WHERE typnamespace = CAST(:schema AS regnamespace) AND NOT typname ^@ ANY (:skipped)
    GROUP BY typname
    """
)


def _described(connection: Connection, schema: str) -> dict[str, str]:
    rows = connection.execute(_DESCRIPTION, {"schema": schema, "skipped": list(NOT_IN_THE_MODELS)})
    return {row[0]: row[1] for row in rows}


# ------------------------------------------------------------------------------------------- alembic


@contextmanager
def _connected(owner_url: str) -> Iterator[Connection]:
    engine = create_engine(owner_url, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    return config


@cache
def _heads() -> set[str]:
    return set(ScriptDirectory.from_config(_config()).get_heads())
