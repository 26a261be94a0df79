"""Decisions in full, bodies with their seats, meetings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.protection import STAFF, append_only, changeable, policies

revision = "0008"
down_revision: str | None = "0007"

KINDS = (
    "tariff_table",
    "zero_tariff",
    "tariff_exception",
    "agreement_text",
    "module_release",
    "trust_anchor",
    "policy",
)


def upgrade() -> None:
    op.drop_constraint("ck_decisions_kind", "decisions")
    known = ", ".join(f"'{kind}'" for kind in KINDS)
    op.execute(f"ALTER TABLE decisions ADD CONSTRAINT ck_decisions_kind CHECK (kind IN ({known}))")
    op.create_table(
        "meetings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "body",
            sa.Enum(
                "board",
                "supervisory_board",
                "advisory_board",
                "stakeholders",
                name=op.f("ck_meetings_body"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("time_and_place", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
    )
    op.create_table(
        "seats",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "body",
            sa.Enum(
                "board",
                "supervisory_board",
                "advisory_board",
                "stakeholders",
                name=op.f("ck_seats_body"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "represents",
            sa.Enum(
                "debt_counsellors",
                "creditors",
                "independent",
                name=op.f("ck_seats_represents"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "sector",
            sa.Enum(
                "public", "private", name=op.f("ck_seats_sector"), native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("is_chair", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_before", sa.Date(), nullable=True),
        sa.CheckConstraint("(represents = 'independent') = (sector IS NULL)", name=op.f("ck_seats_sector_of_side")),
        sa.CheckConstraint("NOT is_chair OR represents = 'independent'", name=op.f("ck_seats_independent_chair")),
        sa.CheckConstraint("ends_before IS NULL OR ends_before >= starts_on", name=op.f("ck_seats_period")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seats")),
        sa.UniqueConstraint("body", "name", name=op.f("uq_seats_body_name")),
    )
    op.create_table(
        "agenda_items",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("meeting_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_agenda_items_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_items")),
    )
    op.create_index(op.f("ix_agenda_items_meeting_id"), "agenda_items", ["meeting_id"], unique=False)
    op.create_table(
        "meeting_papers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("meeting_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "paper",
                "minutes",
                name=op.f("ck_meeting_papers_kind"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_papers_meeting_id")),
        sa.ForeignKeyConstraint(["sha256"], ["stored_files.sha256"], name=op.f("fk_meeting_papers_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_papers")),
    )
    op.create_index(op.f("ix_meeting_papers_meeting_id"), "meeting_papers", ["meeting_id"], unique=False)
    op.create_table(
        "terms",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("seat_id", sa.BigInteger(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_before", sa.Date(), nullable=False),
        sa.Column("ended_before", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("seat_id"), "="),
            (sa.text("daterange(starts_on, coalesce(ended_before, ends_before))"), "&&"),
            using="gist",
            name="ex_terms_no_overlap",
        ),
        sa.CheckConstraint("(ended_before IS NULL) = (end_reason IS NULL)", name=op.f("ck_terms_reason")),
        sa.CheckConstraint("ended_before BETWEEN starts_on AND ends_before", name=op.f("ck_terms_early")),
        sa.CheckConstraint("ends_before > starts_on", name=op.f("ck_terms_period")),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_terms_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
    )
    op.create_table(
        "decision_documents",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_decision_documents_decision_id")),
        sa.ForeignKeyConstraint(["sha256"], ["stored_files.sha256"], name=op.f("fk_decision_documents_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_documents")),
        sa.UniqueConstraint("decision_id", "sha256", name=op.f("uq_decision_documents_decision_id_sha256")),
    )
    op.create_index(op.f("ix_decision_documents_decision_id"), "decision_documents", ["decision_id"], unique=False)
    op.create_table(
        "operator_signatories",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("function", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_before", sa.Date(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("operator_id"), "="),
            (sa.column("name"), "="),
            (sa.text("daterange(starts_on, ends_before)"), "&&"),
            using="gist",
            name="ex_operator_signatories_no_overlap",
        ),
        sa.CheckConstraint(
            "ends_before IS NULL OR ends_before >= starts_on", name=op.f("ck_operator_signatories_period")
        ),
        sa.ForeignKeyConstraint(["operator_id"], ["operators.id"], name=op.f("fk_operator_signatories_operator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_signatories")),
    )
    op.create_index(op.f("ix_operator_signatories_operator_id"), "operator_signatories", ["operator_id"], unique=False)
    op.add_column("decisions", sa.Column("reasons", sa.Text(), nullable=True))
    op.add_column("decisions", sa.Column("starts_on", sa.Date(), nullable=True))
    op.add_column("decisions", sa.Column("ends_before", sa.Date(), nullable=True))
    op.add_column("decisions", sa.Column("supersedes_id", sa.BigInteger(), nullable=True))
    op.add_column("decisions", sa.Column("meeting_id", sa.BigInteger(), nullable=True))
    op.create_unique_constraint(op.f("uq_decisions_supersedes_id"), "decisions", ["supersedes_id"])
    op.create_foreign_key(op.f("fk_decisions_meeting_id"), "decisions", "meetings", ["meeting_id"], ["id"])
    op.create_foreign_key(op.f("fk_decisions_supersedes_id"), "decisions", "decisions", ["supersedes_id"], ["id"])
    op.add_column("operators", sa.Column("logo_sha256", sa.Text(), nullable=True))
    op.create_foreign_key(op.f("fk_operators_logo_sha256"), "operators", "stored_files", ["logo_sha256"], ["sha256"])
    existing_decisions_hold_from_their_day()
    append_only("decision_documents", "meeting_papers")
    changeable("seats", "terms", "operator_signatories", "meetings")
    changeable("agenda_items", delete=True)
    for table in ("seats", "terms", "operator_signatories"):
        only_fill_in(table)
    for table in (
        "decision_documents",
        "seats",
        "terms",
        "meetings",
        "agenda_items",
        "meeting_papers",
        "operator_signatories",
    ):
        policies(table, see=STAFF)
    demand_decisions()


def existing_decisions_hold_from_their_day() -> None:
    """Rows of before these columns hold from the day on which they were taken; only here are they ever touched."""
    op.execute("ALTER TABLE decisions DISABLE TRIGGER decisions_append_only")
    op.execute("UPDATE decisions SET starts_on = decided_on")
    op.execute("ALTER TABLE decisions ENABLE TRIGGER decisions_append_only")
    op.alter_column("decisions", "starts_on", nullable=False)
    op.create_check_constraint(
        op.f("ck_decisions_period"), "decisions", "ends_before IS NULL OR ends_before > starts_on"
    )


def only_fill_in(table: str) -> None:
    """What is known lies fixed; an end may be filled in once. Nothing is removed."""
    op.execute(
        f"CREATE TRIGGER {table}_only_fill_in BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION only_fill_in()"
    )
    for event, level in (("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table}"
            f" FOR EACH {level} EXECUTE FUNCTION forbid_change()"
        )


def demand_decisions() -> None:
    """What hangs from a decision hangs from one of the board about just that, whoever adds the row."""
    op.execute(
        "CREATE FUNCTION demand_decision() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF NOT EXISTS (SELECT 1 FROM decisions WHERE id = NEW.decision_id AND kind = TG_ARGV[0] AND body = 'board')"
        " THEN RAISE EXCEPTION 'Een rij van % rust op een besluit van het bestuur van de soort %.',"
        " TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    for table, kind in (
        ("tariff_tables", "tariff_table"),
        ("zero_tariffs", "zero_tariff"),
        ("category_exceptions", "tariff_exception"),
        ("agreement_texts", "agreement_text"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_decision BEFORE INSERT ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION demand_decision('{kind}')"
        )
