"""billing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.protection import APP_ROLE, EVERYONE, STAFF, any_of, append_only, own, policies

revision = "0006"
down_revision: str | None = "0005"


def upgrade() -> None:
    op.create_table(
        "category_exceptions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("role_code", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_before", sa.Date(), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_category_exceptions_decision_id")),
        sa.ForeignKeyConstraint(["role_code"], ["roles.code"], name=op.f("fk_category_exceptions_role_code")),
        sa.CheckConstraint("ends_before >= starts_on", name=op.f("ck_category_exceptions_period")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category_exceptions")),
        sa.UniqueConstraint("role_code", "starts_on", name=op.f("uq_category_exceptions_role_code_starts_on")),
    )
    op.create_table(
        "invoice_series",
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "invoice",
                "credit_note",
                name=op.f("ck_invoice_series_kind"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["operator_id"], ["operators.id"], name=op.f("fk_invoice_series_operator_id")),
        sa.PrimaryKeyConstraint("operator_id", "year", "kind", name=op.f("pk_invoice_series")),
    )
    op.create_table(
        "tariff_tables",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_tariff_tables_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tariff_tables")),
        sa.UniqueConstraint("name", name=op.f("uq_tariff_tables_name")),
        sa.UniqueConstraint("starts_on", name=op.f("uq_tariff_tables_starts_on")),
    )
    op.create_table(
        "zero_tariffs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_before", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_zero_tariffs_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zero_tariffs")),
        sa.UniqueConstraint("starts_on", name=op.f("uq_zero_tariffs_starts_on")),
    )
    op.create_table(
        "tariff_rows",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("table_id", sa.BigInteger(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("lower", sa.Integer(), nullable=False),
        sa.Column("upper", sa.Integer(), nullable=True),
        sa.Column("connection_fee", sa.BigInteger(), nullable=True),
        sa.Column("connection_share", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("annual_fee", sa.BigInteger(), nullable=False),
        sa.Column("step_size", sa.Integer(), nullable=True),
        sa.Column("step_fee", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(step_size IS NULL) = (step_fee IS NULL)", name=op.f("ck_tariff_rows_step")),
        sa.CheckConstraint(
            "num_nonnulls(connection_fee, connection_share) = 1", name=op.f("ck_tariff_rows_connection")
        ),
        sa.CheckConstraint("upper IS NULL OR upper > lower", name=op.f("ck_tariff_rows_bounds")),
        sa.ForeignKeyConstraint(["table_id"], ["tariff_tables.id"], name=op.f("fk_tariff_rows_table_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tariff_rows")),
        sa.UniqueConstraint("table_id", "audience", "category", name=op.f("uq_tariff_rows_table_id_audience_category")),
        sa.UniqueConstraint("table_id", "audience", "lower", name=op.f("uq_tariff_rows_table_id_audience_lower")),
    )
    op.create_index(op.f("ix_tariff_rows_table_id"), "tariff_rows", ["table_id"], unique=False)
    op.create_table(
        "invoices",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "invoice",
                "credit_note",
                name=op.f("ck_invoices_kind"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.Column("series_year", sa.Integer(), nullable=False),
        sa.Column("series_number", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("vat", sa.BigInteger(), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("mailed_to", sa.Text(), nullable=True),
        sa.Column("credits_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(kind = 'credit_note') = (credits_id IS NOT NULL)", name=op.f("ck_invoices_credit_note")),
        sa.CheckConstraint("gross > 0 OR due_on IS NULL", name=op.f("ck_invoices_nothing_due")),
        sa.CheckConstraint("gross = net + vat", name=op.f("ck_invoices_total")),
        sa.ForeignKeyConstraint(["credits_id"], ["invoices.id"], name=op.f("fk_invoices_credits_id")),
        sa.ForeignKeyConstraint(["operator_id"], ["operators.id"], name=op.f("fk_invoices_operator_id")),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_invoices_participant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("credits_id", name=op.f("uq_invoices_credits_id")),
        sa.UniqueConstraint("number", name=op.f("uq_invoices_number")),
        sa.UniqueConstraint(
            "operator_id",
            "series_year",
            "kind",
            "series_number",
            name=op.f("uq_invoices_operator_id_series_year_kind_series_number"),
        ),
    )
    op.create_index(op.f("ix_invoices_issued_on"), "invoices", ["issued_on"], unique=False)
    op.create_index(op.f("ix_invoices_participant_id"), "invoices", ["participant_id"], unique=False)
    op.create_table(
        "charges",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "fee_kind",
            sa.Enum(
                "connection",
                "annual",
                name=op.f("ck_charges_fee_kind"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("credited_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["credited_by_id"], ["invoices.id"], name=op.f("fk_charges_credited_by_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_charges_invoice_id")),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_charges_participant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charges")),
    )
    op.create_index(
        "uq_charges_once",
        "charges",
        ["participant_id", "fee_kind", "year"],
        unique=True,
        postgresql_where=sa.text("credited_by_id IS NULL"),
    )
    op.create_table(
        "invoice_files",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_files_invoice_id")),
        sa.ForeignKeyConstraint(["sha256"], ["stored_files.sha256"], name=op.f("fk_invoice_files_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_files")),
        sa.UniqueConstraint("invoice_id", name=op.f("uq_invoice_files_invoice_id")),
    )
    op.create_table(
        "invoice_mails",
        sa.Column("invoice_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("outbox_message_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_mails_invoice_id")),
        sa.ForeignKeyConstraint(
            ["outbox_message_id"], ["outbox_messages.id"], name=op.f("fk_invoice_mails_outbox_message_id")
        ),
        sa.PrimaryKeyConstraint("invoice_id", name=op.f("pk_invoice_mails")),
    )
    op.create_table(
        "invoice_lines",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "fee_kind",
            sa.Enum(
                "connection",
                "annual",
                name=op.f("ck_invoice_lines_fee_kind"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("vat_percentage", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("tariff_row_id", sa.BigInteger(), nullable=True),
        sa.Column("decision_id", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("basis_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_invoice_lines_decision_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_lines_invoice_id")),
        sa.ForeignKeyConstraint(["tariff_row_id"], ["tariff_rows.id"], name=op.f("fk_invoice_lines_tariff_row_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_lines")),
        sa.UniqueConstraint("invoice_id", "position", name=op.f("uq_invoice_lines_invoice_id_position")),
    )
    op.create_index(op.f("ix_invoice_lines_invoice_id"), "invoice_lines", ["invoice_id"], unique=False)
    append_only("tariff_tables", "tariff_rows", "zero_tariffs", "category_exceptions", "invoices", "invoice_lines")
    append_only("invoice_files", "invoice_mails")
    only_these_columns_change()
    for table in ("tariff_tables", "tariff_rows", "zero_tariffs", "category_exceptions"):
        policies(table, see=EVERYONE, add=STAFF)
    policies("invoice_series", see=STAFF)
    policies("invoices", see=any_of(STAFF, own()), add=STAFF)
    policies("invoice_lines", see="EXISTS (SELECT 1 FROM invoices i WHERE i.id = invoice_lines.invoice_id)", add=STAFF)
    of_invoice_in_sight = "EXISTS (SELECT 1 FROM invoices i WHERE i.id = {}.invoice_id)"
    for table in ("invoice_files", "invoice_mails"):
        policies(table, see=of_invoice_in_sight.format(table), add=STAFF)
    policies("charges", see=any_of(STAFF, own()), add=STAFF)


def only_these_columns_change() -> None:
    """A series counts on; a charge can be credited, once. Nothing else about them changes, and no row goes."""
    op.execute(f"GRANT SELECT, INSERT, UPDATE (last_number) ON invoice_series TO {APP_ROLE}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE (credited_by_id) ON charges TO {APP_ROLE}")
    op.execute(
        "CREATE FUNCTION only_count_on() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF NEW.last_number <> OLD.last_number + 1 THEN"
        " RAISE EXCEPTION 'Factuurnummers lopen op met één.'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER invoice_series_only_count_on BEFORE UPDATE ON invoice_series"
        " FOR EACH ROW EXECUTE FUNCTION only_count_on()"
    )
    op.execute(
        "CREATE TRIGGER charges_only_fill_in BEFORE UPDATE ON charges FOR EACH ROW EXECUTE FUNCTION only_fill_in()"
    )
    for table in ("invoice_series", "charges"):
        op.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION forbid_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION forbid_change()"
        )
