"""governance."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.protection import EVERYONE, STAFF, append_only, changeable, policies

revision = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column(
            "body",
            sa.Enum(
                "board",
                "supervisory_board",
                "advisory_board",
                "stakeholders",
                name=op.f("ck_decisions_body"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "tariff_table",
                "zero_tariff",
                "tariff_exception",
                "agreement_text",
                "policy",
                name=op.f("ck_decisions_kind"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("advice_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["advice_id"], ["decisions.id"], name=op.f("fk_decisions_advice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("number", name=op.f("uq_decisions_number")),
    )
    op.create_table(
        "operators",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("kvk", sa.Text(), nullable=True),
        sa.Column("oin", sa.Text(), nullable=True),
        sa.Column("vat_id", sa.Text(), nullable=True),
        sa.Column("iban", sa.Text(), nullable=True),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("fictional", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operators")),
        sa.UniqueConstraint("starts_on", name=op.f("uq_operators_starts_on")),
    )
    op.create_table(
        "settings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("to_confirm", sa.Boolean(), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_settings_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settings")),
        sa.UniqueConstraint("name", "starts_on", name=op.f("uq_settings_name_starts_on")),
    )
    op.create_index(op.f("ix_settings_name"), "settings", ["name"], unique=False)
    append_only("decisions", "settings")
    changeable("operators")
    only_complete_operators()
    for table in ("decisions", "operators", "settings"):
        policies(table, see=EVERYONE, add=STAFF)


def only_complete_operators() -> None:
    """Of an operator, what is unknown may be filled in; what is known lies fixed, for the owner too."""
    op.execute(
        "CREATE FUNCTION only_fill_in() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF NOT (to_jsonb(NEW) @> jsonb_strip_nulls(to_jsonb(OLD))) THEN"
        " RAISE EXCEPTION 'Wat van % bekend is, ligt vast; alleen wat ontbreekt kan worden aangevuld.', TG_TABLE_NAME"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER operators_only_fill_in BEFORE UPDATE ON operators FOR EACH ROW EXECUTE FUNCTION only_fill_in()"
    )
    for event, level in (("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER operators_no_{event.lower()} BEFORE {event} ON operators"
            f" FOR EACH {level} EXECUTE FUNCTION forbid_change()"
        )
