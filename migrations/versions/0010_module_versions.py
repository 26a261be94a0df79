"""Versions of modules with their gates, messages and agreements on process."""

from __future__ import annotations

revision = "0010"
down_revision: str | None = "0009"


def upgrade() -> None:
    """Nothing yet."""
