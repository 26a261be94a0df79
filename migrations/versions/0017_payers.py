"""What who pays sees: links on invoices, corrections, a new IBAN that is announced, order numbers of organisations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.protection import APP_ROLE, EVERYONE, STAFF, any_of, append_only, changeable, own, policies

revision = "0017"
down_revision: str | None = "0016"

OF_OWN_ORGANISATION = (
    "app_scope() = 'participant' AND EXISTS (SELECT 1 FROM participants p"
    " WHERE p.organisation_id = organisation_order_numbers.organisation_id AND p.id = ANY (app_participants()))"
)
"""The number of an organisation for which the person acts, in whatever unit."""


def upgrade() -> None:
    add_links()
    add_corrections()
    add_bank_accounts()
    add_order_numbers()


def add_links() -> None:
    op.create_table(
        "invoice_links",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("times_opened", sa.Integer(), nullable=False),
        sa.Column("last_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_links_invoice_id")),
        sa.ForeignKeyConstraint(["revoked_by"], ["people.key"], name=op.f("fk_invoice_links_revoked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_links")),
    )
    op.create_index(
        "uq_invoice_links_current",
        "invoice_links",
        ["invoice_id"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_index(op.f("ix_invoice_links_invoice_id"), "invoice_links", ["invoice_id"], unique=False)
    op.execute(
        "GRANT SELECT, INSERT, UPDATE (revoked_at, revoked_by, times_opened, last_opened_at) ON invoice_links"
        f" TO {APP_ROLE}"
    )
    op.execute(
        "CREATE FUNCTION revoked_stays_revoked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF OLD.revoked_at IS NOT NULL AND (NEW.revoked_at IS DISTINCT FROM OLD.revoked_at"
        " OR NEW.revoked_by IS DISTINCT FROM OLD.revoked_by) OR NEW.times_opened < OLD.times_opened THEN"
        " RAISE EXCEPTION 'Een ingetrokken link blijft ingetrokken, en wat geteld is blijft geteld.'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER invoice_links_stay_revoked BEFORE UPDATE ON invoice_links"
        " FOR EACH ROW EXECUTE FUNCTION revoked_stays_revoked()"
    )
    policies("invoice_links", see=STAFF)


def add_corrections() -> None:
    op.create_table(
        "invoice_corrections",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "address",
                "order_number",
                "reference",
                "name",
                "amount",
                "other",
                name=op.f("ck_invoice_corrections_kind"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("proposed", sa.Text(), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "open",
                "taken_over",
                "declined",
                name=op.f("ck_invoice_corrections_stage"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("stage <> 'open' OR answered_at IS NULL", name=op.f("ck_invoice_corrections_answered")),
        sa.ForeignKeyConstraint(["answered_by"], ["people.key"], name=op.f("fk_invoice_corrections_answered_by")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_corrections_invoice_id")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_invoice_corrections_participant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_corrections")),
    )
    op.create_index(op.f("ix_invoice_corrections_invoice_id"), "invoice_corrections", ["invoice_id"], unique=False)
    op.create_index("ix_invoice_corrections_stage_id", "invoice_corrections", ["stage", "id"], unique=False)
    changeable("invoice_corrections")
    policies("invoice_corrections", see=STAFF)


def add_bank_accounts() -> None:
    op.create_table(
        "operator_bank_accounts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.Column("iban", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("approved_by <> proposed_by", name=op.f("ck_operator_bank_accounts_two_people")),
        sa.ForeignKeyConstraint(["approved_by"], ["people.key"], name=op.f("fk_operator_bank_accounts_approved_by")),
        sa.ForeignKeyConstraint(["operator_id"], ["operators.id"], name=op.f("fk_operator_bank_accounts_operator_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["people.key"], name=op.f("fk_operator_bank_accounts_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_bank_accounts")),
        sa.UniqueConstraint("iban", name=op.f("uq_operator_bank_accounts_iban")),
        sa.UniqueConstraint("operator_id", "starts_on", name=op.f("uq_operator_bank_accounts_operator_id_starts_on")),
    )
    op.create_table(
        "iban_letters",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outbox_message_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["operator_bank_accounts.id"], name=op.f("fk_iban_letters_account_id")),
        sa.ForeignKeyConstraint(
            ["outbox_message_id"], ["outbox_messages.id"], name=op.f("fk_iban_letters_outbox_message_id")
        ),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_iban_letters_participant_id")),
        sa.ForeignKeyConstraint(["sha256"], ["stored_files.sha256"], name=op.f("fk_iban_letters_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_iban_letters")),
        sa.UniqueConstraint("account_id", "participant_id", name=op.f("uq_iban_letters_account_id_participant_id")),
    )
    op.create_index(op.f("ix_iban_letters_participant_id"), "iban_letters", ["participant_id"], unique=False)
    append_only("operator_bank_accounts", "iban_letters")
    policies("operator_bank_accounts", see=EVERYONE, add=STAFF)
    policies("iban_letters", see=any_of(STAFF, own()), add=STAFF)


def add_order_numbers() -> None:
    op.create_table(
        "organisation_order_numbers",
        sa.Column("organisation_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_organisation_order_numbers_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_organisation_order_numbers")),
    )
    changeable("organisation_order_numbers")
    policies("organisation_order_numbers", see=any_of(STAFF, OF_OWN_ORGANISATION))
