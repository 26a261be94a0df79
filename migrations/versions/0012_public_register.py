"""Withdrawal of a name from everything public."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.protection import READERS, STAFF, any_of, own

revision = "0012"
down_revision: str | None = "0011"

LISTED = f"{READERS} AND list_publicly AND stage = 'live' AND name_withdrawn_at IS NULL"


def upgrade() -> None:
    op.add_column("participants", sa.Column("name_withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(f"ALTER POLICY participants_see ON participants USING ({any_of(STAFF, own('id'), LISTED)})")
