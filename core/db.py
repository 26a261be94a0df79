"""The database: declarative base, transactions, and the scope that row-level security goes by.

Every transaction tells PostgreSQL on whose behalf it runs (`app.scope`, `app.participants`, `app.account`);
without a scope the policies of `core.protection` show nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import has_app_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    DateTime,
    Identity,
    MetaData,
    Text,
    any_,
    cast,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, SessionTransaction, mapped_column, registry
from sqlalchemy.orm.exc import StaleDataError

from core.errors import Conflict, Refused


class Base(DeclarativeBase):
    """Parent of all tables. `id` columns are bigints given out by PostgreSQL."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: DateTime(timezone=True), dict[str, Any]: JSONB, str: Text},
    )


class Numbered:
    """A table whose rows have a bigint `id`."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=False), primary_key=True, sort_order=-10)


db = SQLAlchemy(model_class=Base, session_options={"join_transaction_mode": "create_savepoint"})
"""The mode matters in tests only, where the session joins a transaction that is undone afterwards."""


def session() -> Session:
    """The session of the running request, command or job."""
    return db.session()


@dataclass(frozen=True)
class Scope:
    """On whose behalf the transaction runs; what each may see is written in the row policies."""

    name: str
    account: int | None = None
    participants: tuple[int, ...] = ()


NOBODY = Scope("nobody")
PUBLIC = Scope("public")
"""Reads public pages."""
VISITOR = Scope("visitor")
"""Not signed in, on a form page: may leave an application, sees what the public sees."""
JOB = Scope("job")
"""The system itself: commands, background jobs, and the few services that create what nobody can see yet."""
SIGN_IN = Scope("sign_in")
"""Only for finding out who somebody is: accounts, sessions, links."""


def staff(account: int) -> Scope:
    return Scope("staff", account)


def participant(account: int, participants: tuple[int, ...]) -> Scope:
    return Scope("participant", account, participants)


_scope: ContextVar[Scope] = ContextVar("scope", default=NOBODY)
_inside: ContextVar[bool] = ContextVar("inside_transaction", default=False)

_SET_SCOPE = text(
    "SELECT set_config('app.scope', :scope, true), set_config('app.account', :account, true),"
    " set_config('app.participants', :participants, true)"
)


def _tell(connection: Connection, scope: Scope) -> None:
    connection.execute(
        _SET_SCOPE,
        {
            "scope": scope.name,
            "account": "" if scope.account is None else str(scope.account),
            "participants": "{" + ",".join(str(key) for key in scope.participants) + "}",
        },
    )


_CONNECTION = "connection in a transaction"
"""Where a session notes the connection that has been told the scope; absent while no transaction runs."""


@event.listens_for(Session, "after_begin")
def _after_begin(running: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if not transaction.nested:  # a savepoint keeps what its transaction was told
        _tell(connection, _scope.get())
        running.info[_CONNECTION] = connection


@event.listens_for(Session, "after_soft_rollback")
def _after_rollback(running: Session, previous: SessionTransaction) -> None:
    """Going back to a savepoint takes the settings back too: tell again."""
    connection = running.info.get(_CONNECTION)
    if previous.nested and connection is not None and not connection.invalidated:
        _tell(connection, _scope.get())


@event.listens_for(Session, "after_transaction_end")
def _after_end(running: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        running.info.pop(_CONNECTION, None)


def current_scope() -> Scope:
    return _scope.get()


def set_scope(scope: Scope) -> None:
    """Change the scope for what follows, also inside a transaction that has begun."""
    _scope.set(scope)
    if has_app_context() and db.session.registry.has():
        connection = session().info.get(_CONNECTION)
        if connection is not None:
            _tell(connection, scope)


def restore_scope(scope: Scope) -> None:
    """Back to an earlier scope; never fails."""
    try:
        set_scope(scope)
    except Exception:  # the transaction is broken; its rollback resets the settings
        _scope.set(scope)


@contextmanager
def scoped(scope: Scope) -> Iterator[None]:
    """Run a block under another scope."""
    before = _scope.get()
    set_scope(scope)
    try:
        yield
    finally:
        restore_scope(before)


@contextmanager
def transaction() -> Iterator[None]:
    """Everything inside happens, or nothing does. Stands in views, commands and jobs; never nested.

    A `Refused` with an audit entry undoes the action and then writes the entry in a transaction of its own. A row that
    a colleague changed in the meantime (`version_id_col`) becomes a `Conflict`.
    """
    if _inside.get():
        raise RuntimeError("transaction() is nested: services do not open one")
    token = _inside.set(True)
    try:
        yield
        session().commit()
    except Refused as refused:
        record_refusal(refused)
        raise
    except StaleDataError as error:
        session().rollback()
        raise Conflict(
            "Een collega heeft dit intussen gewijzigd. Ververs de pagina en voer uw wijziging opnieuw door."
        ) from error
    except BaseException:
        session().rollback()
        raise
    finally:
        _inside.reset(token)


def record_refusal(refused: Refused) -> None:
    """Undo what was done and write the audit entry of a refusal, once."""
    session().rollback()
    if refused.entry is None or refused.recorded:
        return
    try:
        refused.entry.write()
        session().commit()
    except BaseException:
        session().rollback()
        raise
    refused.recorded = True


@contextmanager
def savepoint() -> Iterator[None]:
    """Let one row of many fail without undoing the others."""
    with session().begin_nested():
        yield


def advisory_lock(name: str) -> None:
    """Wait for, and hold until the end of the transaction, the lock called `name`."""
    session().execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


def advisory_locks(name: str, ids: Iterable[int]) -> None:
    """The locks called `name-id`, taken in the order of the ids, so that two who want several never wait for each
    other."""
    session().execute(
        text(
            "SELECT pg_advisory_xact_lock(hashtextextended(:name || '-' || id, 0))"
            " FROM (SELECT unnest(CAST(:ids AS bigint[])) AS id ORDER BY 1) AS wanted"
        ),
        {"name": name, "ids": sorted(ids)},
    )


def lock(row: Base) -> None:
    """Read a row again and keep it to ourselves until the transaction ends; only its own table is locked."""
    session().flush()
    session().refresh(row, with_for_update={"of": type(row)})


def next_id(model: type[Numbered]) -> int:
    """An id for a new row. Needed where the caller may add a row but not see it (INSERT … RETURNING would fail)."""
    table = model.__tablename__  # type: ignore[attr-defined]  # every Numbered is a table
    return int(session().scalar(text("SELECT nextval(pg_get_serial_sequence(:t, 'id'))"), {"t": table}))


def next_ids(model: type[Numbered], count: int) -> list[int]:
    """So many ids for new rows, ascending; for adding many at once."""
    table = model.__tablename__  # type: ignore[attr-defined]  # every Numbered is a table
    statement = text("SELECT nextval(pg_get_serial_sequence(:t, 'id')) FROM generate_series(1, :n)")
    return sorted(session().execute(statement, {"t": table, "n": count}).scalars())


def is_among(column: Any, ids: Iterable[int | None]) -> ColumnElement[bool]:
    """Whether a column holds one of these ids. One array goes along, where `in_` sends a parameter for each: with
    thousands of them that is what takes the time."""
    found: ColumnElement[bool] = column == any_(cast([row for row in ids if row is not None], ARRAY(BigInteger)))
    return found


def utc(moment: datetime) -> datetime:
    """The same moment in UTC. Raises ValueError for a moment without time zone."""
    if moment.tzinfo is None:
        raise ValueError("A moment must know its time zone.")
    return moment.astimezone(UTC)
