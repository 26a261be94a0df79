"""invoice content."""

from __future__ import annotations

revision = "0014"
down_revision: str | None = "0013"


def upgrade() -> None:
    pass
