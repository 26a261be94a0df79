"""Requests for help, information meetings and invitations."""

from __future__ import annotations

revision = "0011"
down_revision: str | None = "0010"


def upgrade() -> None:
    """Nothing yet."""
