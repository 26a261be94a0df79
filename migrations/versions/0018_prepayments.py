"""Prepayments of launching customers, and what invoices use of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.protection import APP_ROLE, STAFF, any_of, append_only, own, policies

revision = "0018"
down_revision: str | None = "0017"


def upgrade() -> None:
    op.create_table(
        "prepayments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "prepayment",
                "contribution",
                "correction",
                name=op.f("ck_prepayments_kind"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("benefit", sa.BigInteger(), nullable=False),
        sa.Column("in_start_period", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind <> 'prepayment' OR (paid >= 0 AND benefit >= 0 AND paid + benefit > 0)",
            name=op.f("ck_prepayments_prepayment"),
        ),
        sa.CheckConstraint(
            "kind <> 'contribution' OR (paid = 0 AND benefit = 0 AND in_start_period)",
            name=op.f("ck_prepayments_contribution"),
        ),
        sa.CheckConstraint("kind <> 'correction' OR paid <> 0 OR benefit <> 0", name=op.f("ck_prepayments_correction")),
        sa.CheckConstraint("requested_by <> approved_by", name=op.f("ck_prepayments_two_people")),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_prepayments_participant_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_prepayments_decision_id")),
        sa.ForeignKeyConstraint(["requested_by"], ["people.key"], name=op.f("fk_prepayments_requested_by")),
        sa.ForeignKeyConstraint(["approved_by"], ["people.key"], name=op.f("fk_prepayments_approved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prepayments")),
    )
    op.create_index(op.f("ix_prepayments_participant_id"), "prepayments", ["participant_id"], unique=False)
    op.create_table(
        "prepayment_uses",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("credit_note_id", sa.BigInteger(), nullable=True),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("benefit", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("paid <> 0 OR benefit <> 0", name=op.f("ck_prepayment_uses_something")),
        sa.CheckConstraint(
            "credit_note_id IS NOT NULL OR (paid >= 0 AND benefit >= 0)", name=op.f("ck_prepayment_uses_use")
        ),
        sa.CheckConstraint(
            "credit_note_id IS NULL OR (paid <= 0 AND benefit <= 0)", name=op.f("ck_prepayment_uses_given_back")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_prepayment_uses_participant_id")
        ),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_prepayment_uses_invoice_id")),
        sa.ForeignKeyConstraint(["credit_note_id"], ["invoices.id"], name=op.f("fk_prepayment_uses_credit_note_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prepayment_uses")),
        sa.UniqueConstraint("credit_note_id", name=op.f("uq_prepayment_uses_credit_note_id")),
    )
    op.create_index(op.f("ix_prepayment_uses_participant_id"), "prepayment_uses", ["participant_id"], unique=False)
    op.create_index(op.f("ix_prepayment_uses_invoice_id"), "prepayment_uses", ["invoice_id"], unique=False)
    op.create_index(
        "uq_prepayment_uses_once",
        "prepayment_uses",
        ["invoice_id"],
        unique=True,
        postgresql_where=sa.text("credit_note_id IS NULL"),
    )
    for table in ("prepayments", "prepayment_uses"):
        policies(table, see=any_of(STAFF, own()), add=STAFF)
        append_only(table)
    guard()


def guard() -> None:
    """Nothing goes below zero: not what a participant has left, not what an invoice uses; one row at a time."""
    op.execute(
        "CREATE FUNCTION guard_prepayments() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        " SET search_path = public, pg_temp AS $$ DECLARE entered record; used record; BEGIN"
        " PERFORM pg_advisory_xact_lock(hashtextextended('prepayments-' || NEW.participant_id, 0));"
        " SELECT coalesce(sum(paid), 0) AS paid, coalesce(sum(benefit), 0) AS benefit INTO entered"
        " FROM prepayments WHERE participant_id = NEW.participant_id;"
        " SELECT coalesce(sum(paid), 0) AS paid, coalesce(sum(benefit), 0) AS benefit INTO used"
        " FROM prepayment_uses WHERE participant_id = NEW.participant_id;"
        " IF used.paid > entered.paid OR used.benefit > entered.benefit THEN"
        " RAISE EXCEPTION 'Er is minder vooruitbetaald dan er wordt gebruikt.'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE FUNCTION guard_prepayment_use() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        " SET search_path = public, pg_temp AS $$ DECLARE bill invoices; note invoices; used record; BEGIN"
        " SELECT * INTO bill FROM invoices WHERE id = NEW.invoice_id;"
        " IF bill.kind <> 'invoice' OR bill.participant_id <> NEW.participant_id THEN"
        " RAISE EXCEPTION 'Een vooruitbetaling wordt gebruikt op een factuur van dezelfde deelnemer.'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF;"
        " IF NEW.credit_note_id IS NOT NULL THEN"
        " SELECT * INTO note FROM invoices WHERE id = NEW.credit_note_id;"
        " IF note.credits_id IS DISTINCT FROM NEW.invoice_id THEN"
        " RAISE EXCEPTION 'Wat terugkomt, hoort bij een creditnota van dezelfde factuur.'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF; END IF;"
        " SELECT coalesce(sum(paid), 0) AS paid, coalesce(sum(benefit), 0) AS benefit INTO used"
        " FROM prepayment_uses WHERE invoice_id = NEW.invoice_id;"
        " IF used.paid < 0 OR used.benefit < 0 OR used.paid > bill.gross THEN"
        " RAISE EXCEPTION 'Van een factuur komt niet meer terug dan erop is gebruikt, en niet meer dan erop staat.'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$"
    )
    for table in ("prepayments", "prepayment_uses"):
        op.execute(
            f"CREATE TRIGGER {table}_not_below_zero AFTER INSERT ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION guard_prepayments()"
        )
    op.execute(
        "CREATE TRIGGER prepayment_uses_of_invoice AFTER INSERT ON prepayment_uses"
        " FOR EACH ROW EXECUTE FUNCTION guard_prepayment_use()"
    )
    for function in ("guard_prepayments()", "guard_prepayment_use()"):
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC, {APP_ROLE}")
