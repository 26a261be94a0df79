"""Assessments, processing activities, requests of people, data breaches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.protection import STAFF, changeable, policies

revision = "0009"
down_revision: str | None = "0008"


def upgrade() -> None:
    op.create_table(
        "assessments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "dpia",
                "security",
                name=op.f("ck_assessments_kind"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("release", sa.Text(), nullable=False),
        sa.Column("report_version", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("assessor", sa.Text(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "accepted",
                "conditions",
                "rejected",
                name=op.f("ck_assessments_verdict"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("document_sha256", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(verdict IS NULL) = (closed_on IS NULL)", name=op.f("ck_assessments_closed_with_verdict")),
        sa.ForeignKeyConstraint(
            ["document_sha256"], ["stored_files.sha256"], name=op.f("fk_assessments_document_sha256")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
    )
    changeable("assessments")
    policies("assessments", see=STAFF)
