"""core."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects import postgresql

from core.protection import (
    EVERYONE,
    JOB,
    SIGN_IN,
    STAFF,
    any_of,
    append_only,
    changeable,
    create_functions,
    own,
    policies,
)

revision = "0001"
down_revision: str | None = None


def upgrade() -> None:
    create_functions()
    op.create_table(
        "job_heartbeats",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_heartbeats")),
    )
    op.create_table(
        "outbox_messages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("attachments", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "delivery",
            sa.Enum(
                "queued",
                "sent",
                "failed",
                name=op.f("ck_outbox_messages_delivery"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_messages")),
    )
    op.create_index(op.f("ix_outbox_messages_next_attempt_at"), "outbox_messages", ["next_attempt_at"], unique=False)
    op.create_index(op.f("ix_outbox_messages_participant_id"), "outbox_messages", ["participant_id"], unique=False)
    op.create_table(
        "people",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_people")),
    )
    op.create_table(
        "rate_counts",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("window_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "window_starts_at", name=op.f("pk_rate_counts")),
    )
    op.create_index(op.f("ix_rate_counts_window_starts_at"), "rate_counts", ["window_starts_at"], unique=False)
    op.create_table(
        "stored_files",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_stored_files")),
    )
    op.create_table(
        "submissions",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_submissions")),
    )
    op.create_index(op.f("ix_submissions_received_at"), "submissions", ["received_at"], unique=False)
    op.create_table(
        "approvals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "waiting",
                "approved",
                "declined",
                name=op.f("ck_approvals_outcome"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["people.key"], name=op.f("fk_approvals_decided_by")),
        sa.ForeignKeyConstraint(["requested_by"], ["people.key"], name=op.f("fk_approvals_requested_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
    )
    op.create_index("ix_approvals_outcome_id", "approvals", ["outcome", "id"], unique=False)
    op.create_table(
        "audit_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("actor_key", sa.Uuid(), nullable=True),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["actor_key"], ["people.key"], name=op.f("fk_audit_events_actor_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
    )
    op.create_index(op.f("ix_audit_events_name"), "audit_events", ["name"], unique=False)
    op.create_index("ix_audit_events_participant_id_id", "audit_events", ["participant_id", "id"], unique=False)
    op.create_index(op.f("ix_audit_events_recorded_at"), "audit_events", ["recorded_at"], unique=False)
    op.create_index("ix_audit_events_subject", "audit_events", ["subject"], unique=False)
    op.create_table(
        "audit_seals",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["audit_events.id"], name=op.f("fk_audit_seals_event_id")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit_seals")),
        sa.UniqueConstraint("event_id", name=op.f("uq_audit_seals_event_id")),
    )
    changeable("people", "approvals", "outbox_messages", "job_heartbeats")
    changeable("rate_counts", "submissions", delete=True)
    append_only("audit_events", "audit_seals", "stored_files")
    own_event = (
        "app_scope() = 'participant' AND EXISTS (SELECT 1 FROM audit_events e WHERE e.actor_key = people.key"
        " AND e.actor_kind = 'participant' AND e.participant_id = ANY (app_participants()))"
    )
    policies("people", see=any_of(STAFF, SIGN_IN, own_event), add=any_of(STAFF, SIGN_IN))
    policies("audit_events", see=any_of(STAFF, own()), add=EVERYONE)
    policies("audit_seals", see=STAFF, add=JOB)
    policies("approvals", see=STAFF)
    policies("outbox_messages", see=STAFF, add=EVERYONE, change=STAFF)
    procrastinate_tables()


def procrastinate_tables() -> None:
    """The tables of the job queue, as Procrastinate itself defines them."""
    op.get_bind().exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    names = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'procrastinate%'"
    for (table,) in op.get_bind().exec_driver_sql(names.replace("%", "%%")).all():
        changeable(table, delete=True)
