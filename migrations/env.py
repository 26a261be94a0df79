"""What Alembic runs around the migrations. `core.migrations` hands over the connection and, for a draft, the models."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from alembic import context
from alembic.runtime.migration import MigrationContext, MigrationInfo

from core.migrations import NOT_IN_THE_MODELS

attributes = context.config.attributes


def _note(ctx: MigrationContext, step: MigrationInfo, heads: Collection[Any], run_args: Mapping[str, Any]) -> None:
    attributes.get("applied", []).append(step.up_revision_id)


def _belongs_to_us(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "table" or not (name or "").startswith(NOT_IN_THE_MODELS)


context.configure(
    connection=attributes["connection"],
    target_metadata=attributes.get("metadata"),
    transaction_per_migration=True,
    on_version_apply=_note,
    include_name=_belongs_to_us,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
