"""Withdrawal of a name from the public list."""

from __future__ import annotations

revision = "0012"
down_revision: str | None = "0011"


def upgrade() -> None:
    """Nothing yet."""
