"""Requests for help, information meetings and invitations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.protection import EVERYONE, STAFF, any_of, changeable, own, own_account, policies

revision = "0011"
down_revision: str | None = "0010"

ASKS = "app_scope() IN ('staff', 'job', 'participant', 'visitor')"
OF_NOBODY = "app_scope() = 'visitor' AND participant_id IS NULL AND account_id IS NULL"
OWN_WITHOUT_PARTICIPANT = f"{own_account()} AND participant_id IS NULL"
OF_A_REQUEST_IN_SIGHT = "EXISTS (SELECT FROM help_requests WHERE help_requests.id = request_id)"
"""The row policies of help_requests decide."""


def upgrade() -> None:
    op.create_table(
        "information_meetings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "information",
                "webinar",
                "training",
                "users",
                name=op.f("ck_information_meetings_kind"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "audience",
            sa.Enum(
                "everybody",
                "debt_counsellors",
                "creditors",
                "administrators",
                "participants",
                name=op.f("ck_information_meetings_audience"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("directions", sa.Text(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column(
            "when_full",
            sa.Enum(
                "waiting_list",
                "closed",
                name=op.f("ck_information_meetings_when_full"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("open_until", sa.Date(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "planned",
                "cancelled",
                name=op.f("ck_information_meetings_stage"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_information_meetings_capacity_positive")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_information_meetings_ends_after_start")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_information_meetings")),
    )
    op.create_index(op.f("ix_information_meetings_starts_at"), "information_meetings", ["starts_at"], unique=False)
    op.create_table(
        "sign_ups",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("meeting_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "coming",
                "waiting",
                "signed_off",
                name=op.f("ck_sign_ups_stage"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("signed_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("organisation", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("token_hash", sa.Text(), nullable=True),
        sa.Column("message_ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["information_meetings.id"], name=op.f("fk_sign_ups_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ups")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_ups_token_hash")),
    )
    op.create_index(op.f("ix_sign_ups_meeting_id"), "sign_ups", ["meeting_id"], unique=False)
    op.create_index(
        "uq_sign_ups_meeting_email",
        "sign_ups",
        ["meeting_id", "email"],
        unique=True,
        postgresql_where=sa.text("stage <> 'signed_off'"),
    )
    op.create_table(
        "help_requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "help",
                "invitation",
                name=op.f("ck_help_requests_kind"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "web",
                "phone",
                name=op.f("ck_help_requests_channel"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "stage",
            sa.Enum(
                "queued",
                "delivered",
                "failed",
                name=op.f("ck_help_requests_stage"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=True),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("organisation", sa.Text(), nullable=True),
        sa.Column("page", sa.Text(), nullable=True),
        sa.Column("last_event", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Text(), nullable=True),
        sa.Column("ticket_number", sa.Text(), nullable=True),
        sa.Column(
            "ticket_state",
            sa.Enum(
                "new",
                "open",
                "waiting",
                "closed",
                "unknown",
                name=op.f("ck_help_requests_ticket_state"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_help_requests_account_id")),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_help_requests_participant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_requests")),
        sa.UniqueConstraint("key", name=op.f("uq_help_requests_key")),
    )
    op.create_index(op.f("ix_help_requests_account_id"), "help_requests", ["account_id"], unique=False)
    op.create_index(op.f("ix_help_requests_asked_at"), "help_requests", ["asked_at"], unique=False)
    op.create_index(op.f("ix_help_requests_participant_id"), "help_requests", ["participant_id"], unique=False)
    op.create_index(op.f("ix_help_requests_refreshed_at"), "help_requests", ["refreshed_at"], unique=False)
    op.create_table(
        "help_attachments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["help_requests.id"], name=op.f("fk_help_attachments_request_id")),
        sa.ForeignKeyConstraint(["sha256"], ["stored_files.sha256"], name=op.f("fk_help_attachments_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_attachments")),
    )
    op.create_index(op.f("ix_help_attachments_request_id"), "help_attachments", ["request_id"], unique=False)
    op.create_table(
        "help_deliveries",
        sa.Column("request_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("needs_attention", sa.Boolean(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outbox_message_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["outbox_message_id"], ["outbox_messages.id"], name=op.f("fk_help_deliveries_outbox_message_id")
        ),
        sa.ForeignKeyConstraint(["request_id"], ["help_requests.id"], name=op.f("fk_help_deliveries_request_id")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_help_deliveries")),
    )
    op.create_index(op.f("ix_help_deliveries_next_attempt_at"), "help_deliveries", ["next_attempt_at"], unique=False)
    op.add_column("outbox_messages", sa.Column("reply_to", sa.Text(), nullable=True))

    changeable("help_requests", "help_attachments", "help_deliveries", "information_meetings", "sign_ups")
    policies(
        "help_requests",
        see=any_of(STAFF, own(), own_account()),
        add=any_of(STAFF, own(), OWN_WITHOUT_PARTICIPANT, OF_NOBODY),
        change=STAFF,
    )
    policies("help_attachments", see=any_of(STAFF, OF_A_REQUEST_IN_SIGHT), add=ASKS, change=STAFF)
    policies("help_deliveries", see=STAFF, add=ASKS, change=STAFF)
    policies("information_meetings", see=EVERYONE, add=STAFF)
    policies("sign_ups", see=STAFF)
