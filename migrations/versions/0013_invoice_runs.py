"""Invoice runs, partial credit notes, and numbers that are taken many at once but never leave a gap."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.protection import APP_ROLE, STAFF, changeable, policies

revision = "0013"
down_revision: str | None = "0012"

FEE_KINDS = "('connection', 'annual', 'correction', 'discount')"


def upgrade() -> None:
    op.create_table(
        "invoice_runs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "scope",
            sa.Enum(
                "everybody",
                "shv",
                "creditor",
                name=op.f("ck_invoice_runs_scope"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "stage",
            sa.Enum(
                "preparing",
                "previewed",
                "put_forward",
                "approved",
                "issued",
                "withdrawn",
                name=op.f("ck_invoice_runs_stage"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("prepared_by", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("basis", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("input_hash", sa.Text(), nullable=True),
        sa.Column("preview_hash", sa.Text(), nullable=True),
        sa.Column("approval_id", sa.BigInteger(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["approval_id"], ["approvals.id"], name=op.f("fk_invoice_runs_approval_id")),
        sa.ForeignKeyConstraint(["approved_by"], ["people.key"], name=op.f("fk_invoice_runs_approved_by")),
        sa.ForeignKeyConstraint(["prepared_by"], ["people.key"], name=op.f("fk_invoice_runs_prepared_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_runs")),
    )
    op.create_index(op.f("ix_invoice_runs_stage"), "invoice_runs", ["stage"], unique=False)
    op.create_index(
        "uq_invoice_runs_open",
        "invoice_runs",
        ["year"],
        unique=True,
        postgresql_where=sa.text("stage IN ('preparing', 'previewed', 'put_forward', 'approved')"),
    )
    op.create_table(
        "invoice_holds",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recheck_on", sa.Date(), nullable=False),
        sa.Column("placed_by", sa.Uuid(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name=op.f("ck_invoice_holds_lifted")),
        sa.ForeignKeyConstraint(["lifted_by"], ["people.key"], name=op.f("fk_invoice_holds_lifted_by")),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_invoice_holds_participant_id")),
        sa.ForeignKeyConstraint(["placed_by"], ["people.key"], name=op.f("fk_invoice_holds_placed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_holds")),
    )
    op.create_index(op.f("ix_invoice_holds_participant_id"), "invoice_holds", ["participant_id"], unique=False)
    op.create_index(
        "uq_invoice_holds_one",
        "invoice_holds",
        ["participant_id"],
        unique=True,
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.create_table(
        "invoice_run_items",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "invoice",
                "zero",
                "parked",
                "earlier",
                name=op.f("ck_invoice_run_items_outcome"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "park_reason",
            sa.Enum(
                "no_details",
                "no_reference",
                "no_number",
                "category",
                "disputed",
                "vat",
                "e_invoice",
                "changed",
                "other",
                name=op.f("ck_invoice_run_items_park_reason"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("recheck_on", sa.Date(), nullable=True),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("draft", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("vat", sa.BigInteger(), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("previous_net", sa.BigInteger(), nullable=True),
        sa.Column("difference", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(outcome = 'parked') = (park_reason IS NOT NULL)", name=op.f("ck_invoice_run_items_park_reason_given")
        ),
        sa.CheckConstraint("(outcome = 'parked') = (problem IS NOT NULL)", name=op.f("ck_invoice_run_items_problem")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_run_items_invoice_id")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_invoice_run_items_participant_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["invoice_runs.id"], name=op.f("fk_invoice_run_items_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_run_items")),
        sa.UniqueConstraint("run_id", "participant_id", name=op.f("uq_invoice_run_items_run_id_participant_id")),
        sa.UniqueConstraint("run_id", "position", name=op.f("uq_invoice_run_items_run_id_position")),
    )
    op.create_index(op.f("ix_invoice_run_items_participant_id"), "invoice_run_items", ["participant_id"], unique=False)
    op.create_index(
        "uq_invoice_run_items_invoice_id",
        "invoice_run_items",
        ["invoice_id"],
        unique=True,
        postgresql_where=sa.text("outcome <> 'earlier'"),
    )
    op.add_column("invoice_lines", sa.Column("credits_line_id", sa.BigInteger(), nullable=True))
    op.alter_column("invoice_lines", "decision_id", existing_type=sa.BIGINT(), nullable=True)
    op.create_index(op.f("ix_invoice_lines_credits_line_id"), "invoice_lines", ["credits_line_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_invoice_lines_credits_line_id"), "invoice_lines", "invoice_lines", ["credits_line_id"], ["id"]
    )
    op.add_column("invoices", sa.Column("credits_part", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("invoices", "credits_part", server_default=None)
    op.drop_constraint(op.f("uq_invoices_credits_id"), "invoices", type_="unique")
    op.create_index(op.f("ix_invoices_credits_id"), "invoices", ["credits_id"], unique=False)
    op.create_index(
        "uq_invoices_credited_once",
        "invoices",
        ["credits_id"],
        unique=True,
        postgresql_where=sa.text("credits_id IS NOT NULL AND NOT credits_part"),
    )
    for table in ("invoice_lines", "charges"):
        op.drop_constraint(f"ck_{table}_fee_kind", table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_fee_kind"), table, f"fee_kind IN {FEE_KINDS}")
    for table in ("invoices", "invoice_series"):
        op.drop_constraint(f"ck_{table}_kind", table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_kind"), table, "kind IN ('invoice', 'credit_note', 'statement')")
    op.create_check_constraint(op.f("ck_invoices_credits_part"), "invoices", "NOT credits_part OR kind = 'credit_note'")
    for table in ("invoice_runs", "invoice_run_items", "invoice_holds"):
        policies(table, see=STAFF)
    changeable("invoice_runs", "invoice_holds")
    changeable("invoice_run_items", delete=True)
    for table in ("invoice_runs", "invoice_holds"):
        op.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION forbid_change()"
        )
    guard_items()
    guard_series()
    guard_credit_notes()


def guard_items() -> None:
    """What was approved lies fixed: after approval an item can only get its invoice, or be set apart."""
    op.execute(
        "CREATE FUNCTION guard_run_item() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE stage text; BEGIN"
        " SELECT r.stage INTO stage FROM invoice_runs r WHERE r.id = OLD.run_id;"
        " IF stage IN ('approved', 'issued', 'withdrawn') AND (TG_OP = 'DELETE' OR OLD.invoice_id IS NOT NULL OR"
        " (NEW.run_id, NEW.position, NEW.participant_id, NEW.draft, NEW.facts, NEW.content_hash)"
        " IS DISTINCT FROM (OLD.run_id, OLD.position, OLD.participant_id, OLD.draft, OLD.facts, OLD.content_hash)) THEN"
        " RAISE EXCEPTION 'Wat in een facturatieronde is goedgekeurd, ligt vast.'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF;"
        " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER invoice_run_items_guard BEFORE UPDATE OR DELETE ON invoice_run_items"
        " FOR EACH ROW EXECUTE FUNCTION guard_run_item()"
    )


def guard_series() -> None:
    """A series only rises; and at the end of each transaction every number that it gave out is on an invoice."""
    op.execute(
        "CREATE OR REPLACE FUNCTION only_count_on() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF NEW.last_number <= OLD.last_number OR (NEW.operator_id, NEW.year, NEW.kind)"
        " IS DISTINCT FROM (OLD.operator_id, OLD.year, OLD.kind) THEN"
        " RAISE EXCEPTION 'Factuurnummers lopen alleen op.'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    # as the owner: what the caller may see does not matter for counting
    op.execute(
        "CREATE FUNCTION no_gap_in_series() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        " SET search_path = public, pg_temp AS $$ DECLARE before integer := 0; BEGIN"
        " IF TG_OP = 'UPDATE' THEN before := OLD.last_number; END IF;"
        " IF NEW.last_number - before <> (SELECT count(*) FROM invoices i WHERE i.operator_id = NEW.operator_id"
        " AND i.series_year = NEW.year AND i.kind = NEW.kind"
        " AND i.series_number > before AND i.series_number <= NEW.last_number) THEN"
        " RAISE EXCEPTION 'Een factuurnummer uit de reeks van % staat op geen factuur.', NEW.year"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE CONSTRAINT TRIGGER invoice_series_no_gap AFTER INSERT OR UPDATE ON invoice_series"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION no_gap_in_series()"
    )
    op.execute(f"REVOKE EXECUTE ON FUNCTION no_gap_in_series() FROM PUBLIC, {APP_ROLE}")


def guard_credit_notes() -> None:
    """Of an invoice no more is taken back than stood on it, whoever adds the row; one at a time."""
    op.execute(
        "CREATE FUNCTION credit_no_more() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        " SET search_path = public, pg_temp AS $$ DECLARE original invoices; taken record; BEGIN"
        " IF NEW.credits_id IS NULL THEN RETURN NEW; END IF;"
        " PERFORM pg_advisory_xact_lock(hashtextextended('credits-' || NEW.credits_id, 0));"
        " SELECT * INTO original FROM invoices WHERE id = NEW.credits_id;"
        " IF original.kind = 'credit_note' OR original.participant_id <> NEW.participant_id THEN"
        " RAISE EXCEPTION 'Een creditnota hoort bij een factuur van dezelfde deelnemer.'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF;"
        " IF EXISTS (SELECT 1 FROM invoices WHERE credits_id = NEW.credits_id AND NOT credits_part) THEN"
        " RAISE EXCEPTION 'Deze factuur is al helemaal gecrediteerd.'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF;"
        " SELECT coalesce(sum(net), 0) AS net, coalesce(sum(vat), 0) AS vat, coalesce(sum(gross), 0) AS gross"
        " INTO taken FROM invoices WHERE credits_id = NEW.credits_id;"
        " IF original.gross + taken.gross + NEW.gross < 0 OR original.net + taken.net + NEW.net < 0"
        " OR original.vat + taken.vat + NEW.vat < 0 OR NEW.gross > 0"
        " OR (NOT NEW.credits_part AND original.gross + taken.gross + NEW.gross <> 0) THEN"
        " RAISE EXCEPTION 'Van een factuur kan niet meer worden teruggenomen dan erop staat.'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER invoices_credit_no_more BEFORE INSERT ON invoices"
        " FOR EACH ROW EXECUTE FUNCTION credit_no_more()"
    )
    op.execute(f"REVOKE EXECUTE ON FUNCTION credit_no_more() FROM PUBLIC, {APP_ROLE}")
