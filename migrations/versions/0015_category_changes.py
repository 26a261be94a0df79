"""category changes."""

from __future__ import annotations

revision = "0015"
down_revision: str | None = "0014"


def upgrade() -> None:
    pass
