"""catalogue."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.protection import EVERYONE, READERS, STAFF, any_of, changeable, own, policies

revision = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    op.create_table(
        "modules",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("available", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_modules")),
    )
    op.create_table(
        "module_audiences",
        sa.Column("module_code", sa.Text(), nullable=False),
        sa.Column("role_code", sa.Text(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["module_code"], ["modules.code"], name=op.f("fk_module_audiences_module_code")),
        sa.ForeignKeyConstraint(["role_code"], ["roles.code"], name=op.f("fk_module_audiences_role_code")),
        sa.PrimaryKeyConstraint("module_code", "role_code", name=op.f("pk_module_audiences")),
    )
    op.create_table(
        "module_activations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("module_code", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_before", sa.Date(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("participant_id"), "="),
            (sa.column("module_code"), "="),
            (sa.text("daterange(starts_on, ends_before)"), "&&"),
            using="gist",
            name="ex_module_activations_no_overlap",
        ),
        sa.CheckConstraint(
            "ends_before IS NULL OR ends_before >= starts_on", name=op.f("ck_module_activations_period")
        ),
        sa.ForeignKeyConstraint(["module_code"], ["modules.code"], name=op.f("fk_module_activations_module_code")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_module_activations_participant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_module_activations")),
    )
    op.create_index(
        op.f("ix_module_activations_participant_id"), "module_activations", ["participant_id"], unique=False
    )
    op.create_table(
        "module_choices",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("module_code", sa.Text(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["module_code"], ["modules.code"], name=op.f("fk_module_choices_module_code")),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_module_choices_participant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_module_choices")),
        sa.UniqueConstraint("participant_id", "module_code", name=op.f("uq_module_choices_participant_id_module_code")),
    )
    op.create_index(op.f("ix_module_choices_participant_id"), "module_choices", ["participant_id"], unique=False)
    changeable("modules", "module_activations")
    changeable("module_audiences", "module_choices", delete=True)
    for table in ("modules", "module_audiences"):
        policies(table, see=EVERYONE, add=STAFF)
    policies("module_choices", see=any_of(STAFF, own()))
    of_one_in_sight = "EXISTS (SELECT 1 FROM participants p WHERE p.id = module_activations.participant_id)"
    policies("module_activations", see=any_of(STAFF, f"{READERS} AND {of_one_in_sight}"), add=STAFF)
