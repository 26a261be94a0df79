"""Withdrawal of a name from everything public, and a note of every change that public pages could show."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.protection import READERS, STAFF, any_of, changeable, own

revision = "0012"
down_revision: str | None = "0011"

LISTED = f"{READERS} AND list_publicly AND stage = 'live' AND name_withdrawn_at IS NULL"
SHOWN = (
    "live_periods",
    "module_activations",
    "modules",
    "organisations",
    "participants",
    "roles",
    "served_municipalities",
    "settings",
)
"""Tables that the public list and its history are made of."""
KEPT = 200


NOTE_CHANGE = f"""
CREATE FUNCTION note_public_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE newest bigint;
BEGIN
  INSERT INTO public_changes (table_name) VALUES (TG_TABLE_NAME) RETURNING id INTO newest;
  DELETE FROM public_changes WHERE id IN (
    SELECT id FROM public_changes WHERE id < newest - {KEPT} ORDER BY id LIMIT {KEPT} FOR UPDATE SKIP LOCKED);
  RETURN NULL;
END $$
"""  # noqa: S608  our own number


def upgrade() -> None:
    op.add_column("participants", sa.Column("name_withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(f"ALTER POLICY participants_see ON participants USING ({any_of(STAFF, own('id'), LISTED)})")
    note_changes()


def note_changes() -> None:
    """Each statement on a shown table leaves a row, in its own transaction: whoever reads the rows sees a change
    exactly when it is committed, and nobody waits for another. Old rows are cleared away in passing."""
    op.execute("CREATE TABLE public_changes (id bigserial NOT NULL, table_name text NOT NULL)")
    op.create_primary_key("pk_public_changes", "public_changes", ["id"])
    changeable("public_changes", delete=True)
    op.execute(NOTE_CHANGE)
    for table in SHOWN:
        op.execute(
            f"CREATE TRIGGER {table}_note_public_change AFTER INSERT OR UPDATE OR DELETE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION note_public_change()"
        )
