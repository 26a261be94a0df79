"""scenarios."""

from __future__ import annotations

revision = "0016"
down_revision: str | None = "0015"


def upgrade() -> None:
    pass
