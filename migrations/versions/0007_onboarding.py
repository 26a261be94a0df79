"""onboarding."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.protection import EVERYONE, SIGN_IN, STAFF, any_of, append_only, changeable, own, own_account, policies

revision = "0007"
down_revision: str | None = "0006"


def upgrade() -> None:
    op.create_table(
        "application_counters",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_application_counters")),
    )
    op.create_table(
        "agreement_texts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_agreement_texts_decision_id")),
        sa.ForeignKeyConstraint(["operator_id"], ["operators.id"], name=op.f("fk_agreement_texts_operator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_texts")),
        sa.UniqueConstraint("starts_on", name=op.f("uq_agreement_texts_starts_on")),
        sa.UniqueConstraint("version", name=op.f("uq_agreement_texts_version")),
    )
    op.create_table(
        "agreements",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("text_id", sa.BigInteger(), nullable=False),
        sa.Column("signatory_name", sa.Text(), nullable=False),
        sa.Column("signatory_function", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document_sha256", sa.Text(), nullable=False),
        sa.Column("final_sha256", sa.Text(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_sha256"], ["stored_files.sha256"], name=op.f("fk_agreements_document_sha256")
        ),
        sa.ForeignKeyConstraint(["final_sha256"], ["stored_files.sha256"], name=op.f("fk_agreements_final_sha256")),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_agreements_participant_id")),
        sa.ForeignKeyConstraint(["text_id"], ["agreement_texts.id"], name=op.f("fk_agreements_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
    )
    op.create_index(op.f("ix_agreements_participant_id"), "agreements", ["participant_id"], unique=False)
    op.create_index(
        "uq_agreements_current",
        "agreements",
        ["participant_id"],
        unique=True,
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.create_table(
        "applications",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "interest",
                "draft",
                "submitted",
                "withdrawn",
                name=op.f("ck_applications_stage"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("stage_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("organisation_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("participant_id", sa.BigInteger(), nullable=True),
        sa.Column("companion_of_id", sa.BigInteger(), nullable=True),
        sa.Column("wants_legal_review", sa.Boolean(), nullable=False),
        sa.Column("refusal_reason", sa.Text(), nullable=True),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["accepted_by"], ["people.key"], name=op.f("fk_applications_accepted_by")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_applications_account_id")),
        sa.ForeignKeyConstraint(["companion_of_id"], ["applications.id"], name=op.f("fk_applications_companion_of_id")),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_applications_participant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("number", name=op.f("uq_applications_number")),
        sa.UniqueConstraint("participant_id", name=op.f("uq_applications_participant_id")),
    )
    op.create_index(op.f("ix_applications_account_id"), "applications", ["account_id"], unique=False)
    op.create_index(op.f("ix_applications_stage"), "applications", ["stage"], unique=False)
    op.create_table(
        "authority_records",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("person_function", sa.Text(), nullable=False),
        sa.Column("person_email", sa.Text(), nullable=False),
        sa.Column(
            "basis",
            sa.Enum(
                "kvk_extract",
                "mayor",
                "mandate",
                "other",
                name=op.f("ck_authority_records_basis"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("proof_sha256", sa.Text(), nullable=True),
        sa.Column("proof_name", sa.Text(), nullable=True),
        sa.Column("proof_reference", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("num_nonnulls(proof_sha256, proof_reference) >= 1", name=op.f("ck_authority_records_proof")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_authority_records_participant_id")
        ),
        sa.ForeignKeyConstraint(
            ["proof_sha256"], ["stored_files.sha256"], name=op.f("fk_authority_records_proof_sha256")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["people.key"], name=op.f("fk_authority_records_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority_records")),
    )
    op.create_index(op.f("ix_authority_records_participant_id"), "authority_records", ["participant_id"], unique=False)
    op.create_table(
        "checks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "legal_review_done",
                "e_herkenning_tested",
                "certificate_published",
                "acceptance_test_passed",
                "declared_ready",
                "onboarding_held",
                name=op.f("ck_checks_kind"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_checks_participant_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["people.key"], name=op.f("fk_checks_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checks")),
        sa.UniqueConstraint("participant_id", "kind", name=op.f("uq_checks_participant_id_kind")),
    )
    op.create_table(
        "legal_questions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_by_email", sa.Text(), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["people.key"], name=op.f("fk_legal_questions_answered_by")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_legal_questions_participant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_questions")),
    )
    op.create_index(op.f("ix_legal_questions_participant_id"), "legal_questions", ["participant_id"], unique=False)
    op.create_table(
        "share_links",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_share_links_participant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_share_links_token_hash")),
    )
    op.create_index(op.f("ix_share_links_participant_id"), "share_links", ["participant_id"], unique=False)
    op.create_table(
        "signatures",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("agreement_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "participant",
                "operator",
                name=op.f("ck_signatures_side"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("function", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document_sha256", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreements.id"], name=op.f("fk_signatures_agreement_id")),
        sa.ForeignKeyConstraint(["person"], ["people.key"], name=op.f("fk_signatures_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatures")),
        sa.UniqueConstraint("agreement_id", "side", name=op.f("uq_signatures_agreement_id_side")),
    )
    changeable("applications", "application_counters", "agreements", "share_links", "legal_questions")
    append_only("agreement_texts", "signatures", "authority_records", "checks")
    policies(
        "applications",
        see=any_of(STAFF, SIGN_IN, own(), own_account()),
        add=any_of(STAFF, "app_scope() IN ('visitor', 'participant')"),
        change=any_of(STAFF, SIGN_IN, own(), own_account()),
    )
    policies("agreement_texts", see=EVERYONE, add=STAFF)
    policies("agreements", see=any_of(STAFF, own()), add=STAFF)
    policies(
        "signatures",
        see="EXISTS (SELECT 1 FROM agreements a WHERE a.id = signatures.agreement_id)",
        add="EXISTS (SELECT 1 FROM agreements a WHERE a.id = signatures.agreement_id)",
    )
    policies("authority_records", see=any_of(STAFF, own()), add=STAFF)
    policies("checks", see=any_of(STAFF, own()))
    policies("share_links", see=any_of(STAFF, SIGN_IN, own()))
    policies("legal_questions", see=any_of(STAFF, own()))
