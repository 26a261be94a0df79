"""category changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.protection import STAFF, any_of, changeable, own, policies

revision = "0015"
down_revision: str | None = "0014"


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=op.f(name), native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    _category_changes()
    _declaration_requests()


def _declaration_requests() -> None:
    op.create_table(
        "declaration_requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("asks_number", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mailed_to", sa.Text(), nullable=True),
        sa.Column("asked_again_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("details_changed", sa.Boolean(), nullable=True),
        sa.Column("approval_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL) AND (answered_at IS NULL) = (details_changed IS NULL)",
            name=op.f("ck_declaration_requests_answer"),
        ),
        sa.CheckConstraint(
            "(number IS NULL) = (answered_at IS NULL OR NOT asks_number)", name=op.f("ck_declaration_requests_number")
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["people.key"], name=op.f("fk_declaration_requests_answered_by")),
        sa.ForeignKeyConstraint(["approval_id"], ["approvals.id"], name=op.f("fk_declaration_requests_approval_id")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_declaration_requests_participant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration_requests")),
        sa.UniqueConstraint("participant_id", "year", name=op.f("uq_declaration_requests_participant_id_year")),
    )
    op.create_index(op.f("ix_declaration_requests_year"), "declaration_requests", ["year"], unique=False)
    changeable("declaration_requests")
    policies("declaration_requests", see=any_of(STAFF, own()), add=STAFF)
    _never_removed("declaration_requests")


def _category_changes() -> None:
    op.create_table(
        "category_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "stage",
            _one_of("ck_category_changes_stage", "proposed", "requested", "approved", "declined", "lapsed"),
            nullable=False,
        ),
        sa.Column("cause", _one_of("ck_category_changes_cause", "counted", "declared", "measured"), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("old_number", sa.Integer(), nullable=False),
        sa.Column("old_category", sa.Text(), nullable=False),
        sa.Column("old_fee", sa.BigInteger(), nullable=False),
        sa.Column("new_number", sa.Integer(), nullable=False),
        sa.Column("new_category", sa.Text(), nullable=False),
        sa.Column("new_fee", sa.BigInteger(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("pays_nothing", sa.Boolean(), nullable=False),
        sa.Column("counted_for", sa.Date(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("approval_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.CheckConstraint("old_category <> new_category", name=op.f("ck_category_changes_another_category")),
        sa.CheckConstraint(
            "stage IN ('proposed', 'lapsed') OR (effective_on IS NOT NULL AND approval_id IS NOT NULL)",
            name=op.f("ck_category_changes_asked"),
        ),
        sa.CheckConstraint(
            "stage NOT IN ('approved', 'declined') OR decided_on IS NOT NULL", name=op.f("ck_category_changes_decided")
        ),
        sa.CheckConstraint(
            "stage <> 'approved' OR effective_on > decided_on", name=op.f("ck_category_changes_to_come")
        ),
        sa.ForeignKeyConstraint(["approval_id"], ["approvals.id"], name=op.f("fk_category_changes_approval_id")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_category_changes_participant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category_changes")),
    )
    for column in ("participant_id", "stage", "approval_id"):
        op.create_index(op.f(f"ix_category_changes_{column}"), "category_changes", [column], unique=False)
    op.create_index(
        "uq_category_changes_open",
        "category_changes",
        ["participant_id"],
        unique=True,
        postgresql_where=sa.text("stage IN ('proposed', 'requested')"),
    )
    changeable("category_changes")
    policies("category_changes", see=any_of(STAFF, own()), add=STAFF)
    op.execute(
        "CREATE FUNCTION guard_category_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF OLD.stage NOT IN ('proposed', 'requested')"
        " OR (to_jsonb(NEW) - 'stage' - 'effective_on' - 'approval_id' - 'decided_on')"
        " <> (to_jsonb(OLD) - 'stage' - 'effective_on' - 'approval_id' - 'decided_on') THEN"
        " RAISE EXCEPTION 'Een besluit over een categorie en waarop het rust liggen vast.'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER category_changes_guard BEFORE UPDATE ON category_changes"
        " FOR EACH ROW EXECUTE FUNCTION guard_category_changes()"
    )
    _never_removed("category_changes")


def _never_removed(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION forbid_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"
        " EXECUTE FUNCTION forbid_change()"
    )
