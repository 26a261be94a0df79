"""Scenarios of tariffs; corrections of tables; reviews and endings of the zero tariff."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.protection import APP_ROLE, EVERYONE, STAFF, append_only, policies

revision = "0016"
down_revision: str | None = "0015"

CARRY_OVER = ("keep_zero", "pay_from_next_year")


def upgrade() -> None:
    corrections()
    reviews()
    scenarios()
    protect()


def corrections() -> None:
    """A table that was wrong is corrected by one that holds from the same day."""
    op.add_column("tariff_tables", sa.Column("corrects_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_tariff_tables_corrects_id"), "tariff_tables", "tariff_tables", ["corrects_id"], ["id"]
    )
    op.create_unique_constraint(op.f("uq_tariff_tables_corrects_id"), "tariff_tables", ["corrects_id"])
    op.drop_constraint(op.f("uq_tariff_tables_starts_on"), "tariff_tables")
    op.create_index(
        "uq_tariff_tables_starts_on",
        "tariff_tables",
        ["starts_on"],
        unique=True,
        postgresql_where=sa.text("corrects_id IS NULL"),
    )


def reviews() -> None:
    """What subscriptions of a zero tariff pay after its end; rows of before keep what was done: nothing, for now."""
    op.add_column("zero_tariffs", sa.Column("carry_over", sa.String(40), nullable=False, server_default="keep_zero"))
    op.add_column("zero_tariffs", sa.Column("carry_over_to_confirm", sa.Boolean(), nullable=False, server_default="t"))
    op.alter_column("zero_tariffs", "carry_over", server_default=None)
    op.alter_column("zero_tariffs", "carry_over_to_confirm", server_default=None)
    known = ", ".join(f"'{value}'" for value in CARRY_OVER)
    op.create_check_constraint(op.f("ck_zero_tariffs_carry_over"), "zero_tariffs", f"carry_over IN ({known})")
    op.create_table(
        "zero_tariff_reviews",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("zero_tariff_id", sa.BigInteger(), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_before", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column(
            "carry_over",
            sa.Enum(
                *CARRY_OVER,
                name=op.f("ck_zero_tariff_reviews_carry_over"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "num_nonnulls(ends_before, review_on) > 0", name=op.f("ck_zero_tariff_reviews_decides_something")
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_zero_tariff_reviews_decision_id")),
        sa.ForeignKeyConstraint(
            ["zero_tariff_id"], ["zero_tariffs.id"], name=op.f("fk_zero_tariff_reviews_zero_tariff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zero_tariff_reviews")),
    )
    op.create_index(
        op.f("ix_zero_tariff_reviews_zero_tariff_id"), "zero_tariff_reviews", ["zero_tariff_id"], unique=False
    )
    op.create_table(
        "zero_tariff_warnings",
        sa.Column("zero_tariff_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["zero_tariff_id"], ["zero_tariffs.id"], name=op.f("fk_zero_tariff_warnings_zero_tariff_id")
        ),
        sa.PrimaryKeyConstraint("zero_tariff_id", "due_on", name=op.f("pk_zero_tariff_warnings")),
    )


def scenarios() -> None:
    op.create_table(
        "tariff_scenarios",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=True),
        sa.Column(
            "population",
            sa.Enum(
                "participants",
                "municipalities",
                name=op.f("ck_tariff_scenarios_population"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("ends_zero_tariff", sa.Boolean(), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=True),
        sa.Column("rows", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("income_before", sa.BigInteger(), nullable=False),
        sa.Column("income", sa.BigInteger(), nullable=False),
        sa.Column("copied_from_id", sa.BigInteger(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["copied_from_id"], ["tariff_scenarios.id"], name=op.f("fk_tariff_scenarios_copied_from_id")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["people.key"], name=op.f("fk_tariff_scenarios_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tariff_scenarios")),
        sa.UniqueConstraint("name", name=op.f("uq_tariff_scenarios_name")),
    )
    op.create_table(
        "scenario_attachments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("scenario_id", sa.BigInteger(), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=True),
        sa.Column("preparing", sa.Text(), nullable=True),
        sa.Column("attached_by", sa.Uuid(), nullable=True),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(decision_id, preparing) = 1", name=op.f("ck_scenario_attachments_to_one_thing")
        ),
        sa.ForeignKeyConstraint(["attached_by"], ["people.key"], name=op.f("fk_scenario_attachments_attached_by")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_scenario_attachments_decision_id")),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["tariff_scenarios.id"], name=op.f("fk_scenario_attachments_scenario_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_attachments")),
        sa.UniqueConstraint("scenario_id", "decision_id", name=op.f("uq_scenario_attachments_scenario_id_decision_id")),
    )
    op.create_index(op.f("ix_scenario_attachments_decision_id"), "scenario_attachments", ["decision_id"], unique=False)


def protect() -> None:
    """Reviews hang from a decision as what they review; a scenario lies fixed from its first attachment on."""
    append_only("zero_tariff_reviews", "zero_tariff_warnings", "scenario_attachments")
    policies("zero_tariff_reviews", see=EVERYONE, add=STAFF)
    for table in ("zero_tariff_warnings", "scenario_attachments", "tariff_scenarios"):
        policies(table, see=STAFF)
    op.execute(
        "CREATE TRIGGER zero_tariff_reviews_decision BEFORE INSERT ON zero_tariff_reviews"
        " FOR EACH ROW EXECUTE FUNCTION demand_decision('zero_tariff')"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON tariff_scenarios TO {APP_ROLE}")
    op.execute(
        "CREATE FUNCTION keep_attached_scenario() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF EXISTS (SELECT 1 FROM scenario_attachments WHERE scenario_id = OLD.id) THEN"
        " RAISE EXCEPTION 'Dit scenario hoort bij een besluit of advies en ligt vast.'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER tariff_scenarios_keep_attached BEFORE UPDATE ON tariff_scenarios"
        " FOR EACH ROW EXECUTE FUNCTION keep_attached_scenario()"
    )
    for event, level in (("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER tariff_scenarios_no_{event.lower()} BEFORE {event} ON tariff_scenarios"
            f" FOR EACH {level} EXECUTE FUNCTION forbid_change()"
        )
