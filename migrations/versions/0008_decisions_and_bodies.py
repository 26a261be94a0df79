"""Decisions in full, bodies with their seats, meetings."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision: str | None = "0007"

KINDS = (
    "tariff_table",
    "zero_tariff",
    "tariff_exception",
    "agreement_text",
    "module_release",
    "trust_anchor",
    "policy",
)


def upgrade() -> None:
    op.drop_constraint("ck_decisions_kind", "decisions")
    known = ", ".join(f"'{kind}'" for kind in KINDS)
    op.execute(f"ALTER TABLE decisions ADD CONSTRAINT ck_decisions_kind CHECK (kind IN ({known}))")
