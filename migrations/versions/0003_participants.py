"""participants."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.protection import (
    EVERYONE,
    READERS,
    SIGN_IN,
    STAFF,
    any_of,
    append_only,
    changeable,
    more_sight,
    own,
    own_account,
    policies,
)

revision = "0003"
down_revision: str | None = "0002"


OF_ONE_IN_SIGHT = " AND EXISTS (SELECT 1 FROM participants p WHERE p.id = {}.participant_id)"
LISTED = f"{READERS} AND list_publicly AND stage = 'live'"

ROLES = (
    ("creditor", "Schuldeiser", "creditor", "files", True),
    ("shv_phase_1", "Schuldhulpverlener fase 1 (intake, stabilisatie)", "shv", "inhabitants", True),
    ("shv_phase_2", "Schuldhulpverlener fase 2 (met fase 1)", "shv", "inhabitants", True),
    ("shv_other", "Overige schuldhulpverlener (buiten de Wgs)", "creditor", "files", True),
    ("administrator", "Bewindvoerder", "creditor", "files", True),
    ("credit_bank", "Kredietbank", "shv", "inhabitants", True),
    ("guarantee_fund", "Waarborgfonds", "none", "none", True),
    ("budget_manager", "Budgetbeheerder", "none", "none", False),
    ("court", "Rechtbank", "none", "none", False),
    ("matching", "Organisatie voor matching", "none", "none", False),
)


def upgrade() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "municipality",
                "public_body",
                "company",
                "foundation",
                "sole_trader",
                name=op.f("ck_organisations_kind"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "sector",
            sa.Enum(
                "municipality",
                "credit_bank",
                "debt_counselling",
                "administration",
                "government",
                "local_tax",
                "health_insurance",
                "energy_water",
                "telecom",
                "housing",
                "finance",
                "collection",
                "retail",
                "other",
                name=op.f("ck_organisations_sector"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("kvk", sa.Text(), nullable=True),
        sa.Column("rsin", sa.Text(), nullable=True),
        sa.Column("oin", sa.Text(), nullable=True),
        sa.Column("municipality_code", sa.Text(), nullable=True),
        sa.Column("register_id", sa.Text(), nullable=True),
        sa.Column("tooi", sa.Text(), nullable=True),
        sa.Column("province", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("visiting_address", sa.Text(), nullable=True),
        sa.Column("postal_address", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=True),
        sa.Column("ends_before", sa.Date(), nullable=True),
        sa.Column("fictional", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.CheckConstraint("kvk IS NULL OR kvk ~ '^[0-9]{8}$'", name=op.f("ck_organisations_kvk_form")),
        sa.CheckConstraint("oin IS NULL OR oin ~ '^[0-9A-Z]{20}$'", name=op.f("ck_organisations_oin_form")),
        sa.CheckConstraint("rsin IS NULL OR rsin ~ '^[0-9]{9}$'", name=op.f("ck_organisations_rsin_form")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("municipality_code", name=op.f("uq_organisations_municipality_code")),
        sa.UniqueConstraint("register_id", name=op.f("uq_organisations_register_id")),
    )
    op.create_index(op.f("ix_organisations_kvk"), "organisations", ["kvk"], unique=False)
    op.create_index(op.f("ix_organisations_oin"), "organisations", ["oin"], unique=False)
    op.create_index(
        "ix_organisations_search_text",
        "organisations",
        ["search_text"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    op.create_table(
        "roles",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column(
            "basis",
            sa.Enum(
                "inhabitants",
                "files",
                "none",
                name=op.f("ck_roles_basis"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("can_apply", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_roles")),
    )
    op.create_table(
        "suppliers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("fictional", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppliers")),
        sa.UniqueConstraint("name", name=op.f("uq_suppliers_name")),
    )
    op.create_table(
        "participants",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("directory_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("role_code", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("establishment_number", sa.Text(), nullable=True),
        sa.Column("own_oin", sa.Text(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "portal",
                "csv",
                "system",
                name=op.f("ck_participants_channel"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "stage",
            sa.Enum(
                "submitted",
                "accepted",
                "refused",
                "withdrawn",
                "signed",
                "countersigned",
                "live",
                "suspended",
                "ended",
                name=op.f("ck_participants_stage"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("stage_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("supplier_id", sa.BigInteger(), nullable=True),
        sa.Column("product", sa.Text(), nullable=True),
        sa.Column("list_publicly", sa.Boolean(), nullable=False),
        sa.Column("handled_by", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["handled_by"], ["accounts.id"], name=op.f("fk_participants_handled_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_participants_organisation_id")
        ),
        sa.ForeignKeyConstraint(["role_code"], ["roles.code"], name=op.f("fk_participants_role_code")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_participants_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participants")),
        sa.UniqueConstraint("directory_id", name=op.f("uq_participants_directory_id")),
    )
    op.create_index(op.f("ix_participants_organisation_id"), "participants", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_participants_stage"), "participants", ["stage"], unique=False)
    op.create_index(
        "uq_participants_open_unit",
        "participants",
        ["organisation_id", "role_code", sa.literal_column("lower(unit_name)")],
        unique=True,
        postgresql_where=sa.text("stage NOT IN ('refused', 'withdrawn', 'ended')"),
    )
    op.create_table(
        "acts_for_creditors",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("creditor_name", sa.Text(), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_before", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["creditor_id"], ["participants.id"], name=op.f("fk_acts_for_creditors_creditor_id")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_acts_for_creditors_participant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acts_for_creditors")),
    )
    op.create_index(
        op.f("ix_acts_for_creditors_participant_id"), "acts_for_creditors", ["participant_id"], unique=False
    )
    op.create_table(
        "connection_periods",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_before", sa.Date(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("participant_id"), "="),
            (sa.text("daterange(starts_on, ends_before)"), "&&"),
            using="gist",
            name="ex_connection_periods_no_overlap",
        ),
        sa.CheckConstraint(
            "ends_before IS NULL OR ends_before >= starts_on", name=op.f("ck_connection_periods_period")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_connection_periods_participant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection_periods")),
    )
    op.create_index(
        op.f("ix_connection_periods_participant_id"), "connection_periods", ["participant_id"], unique=False
    )
    op.create_table(
        "contacts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "signatory",
                "technical",
                "financial",
                "functional",
                "privacy",
                name=op.f("ck_contacts_role"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("function", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_contacts_participant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("participant_id", "role", name=op.f("uq_contacts_participant_id_role")),
    )
    op.create_index(op.f("ix_contacts_participant_id"), "contacts", ["participant_id"], unique=False)
    op.create_table(
        "invoice_details",
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("attention", sa.Text(), nullable=True),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("postal_code", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("purchase_order_number", sa.Text(), nullable=True),
        sa.Column("buyer_reference", sa.Text(), nullable=True),
        sa.Column("e_invoice_address", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_invoice_details_participant_id")
        ),
        sa.PrimaryKeyConstraint("participant_id", name=op.f("pk_invoice_details")),
    )
    op.create_table(
        "live_periods",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_before", sa.Date(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("participant_id"), "="),
            (sa.text("daterange(starts_on, ends_before)"), "&&"),
            using="gist",
            name="ex_live_periods_no_overlap",
        ),
        sa.CheckConstraint("ends_before IS NULL OR ends_before >= starts_on", name=op.f("ck_live_periods_period")),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_live_periods_participant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_periods")),
    )
    op.create_index(op.f("ix_live_periods_participant_id"), "live_periods", ["participant_id"], unique=False)
    op.create_table(
        "measurements",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "inhabitants",
                "files",
                "arrangements",
                name=op.f("ck_measurements_kind"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("participant_id", sa.BigInteger(), nullable=True),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("num_nonnulls(organisation_id, participant_id) = 1", name=op.f("ck_measurements_one_owner")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_measurements_value")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_measurements_organisation_id")
        ),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_measurements_participant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measurements")),
    )
    op.create_index(op.f("ix_measurements_organisation_id"), "measurements", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_measurements_participant_id"), "measurements", ["participant_id"], unique=False)
    op.create_table(
        "notes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["author"], ["people.key"], name=op.f("fk_notes_author")),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_notes_participant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_index(op.f("ix_notes_participant_id"), "notes", ["participant_id"], unique=False)
    op.create_table(
        "representations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "representative",
                "account_administrator",
                "financial",
                "employee",
                name=op.f("ck_representations_role"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_before", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_representations_account_id")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_representations_participant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_representations")),
    )
    op.create_index(op.f("ix_representations_account_id"), "representations", ["account_id"], unique=False)
    op.create_index(op.f("ix_representations_participant_id"), "representations", ["participant_id"], unique=False)
    op.create_index(
        "uq_representations_current",
        "representations",
        ["account_id", "participant_id", "role"],
        unique=True,
        postgresql_where=sa.text("ends_before IS NULL"),
    )
    op.create_table(
        "served_municipalities",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_before", sa.Date(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("participant_id"), "="),
            (sa.column("organisation_id"), "="),
            (sa.text("daterange(starts_on, ends_before)"), "&&"),
            using="gist",
            name="ex_served_municipalities_no_overlap",
        ),
        sa.CheckConstraint(
            "ends_before IS NULL OR ends_before >= starts_on", name=op.f("ck_served_municipalities_period")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_served_municipalities_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_served_municipalities_participant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_served_municipalities")),
    )
    op.create_index(
        op.f("ix_served_municipalities_organisation_id"), "served_municipalities", ["organisation_id"], unique=False
    )
    op.create_index(
        op.f("ix_served_municipalities_participant_id"), "served_municipalities", ["participant_id"], unique=False
    )
    op.execute("GRANT SELECT ON roles TO knooppunt_app")
    changeable(
        "organisations",
        "suppliers",
        "participants",
        "invoice_details",
        "served_municipalities",
        "connection_periods",
        "live_periods",
        "representations",
    )
    changeable("contacts", "acts_for_creditors", delete=True)
    append_only("measurements", "notes")
    policies("participants", see=any_of(STAFF, own("id"), LISTED), add=STAFF, change=any_of(STAFF, own("id")))
    policies(
        "organisations",
        see=any_of(
            STAFF,
            f"{READERS} AND kind <> 'sole_trader'",
            "EXISTS (SELECT 1 FROM participants p WHERE p.organisation_id = organisations.id)",
        ),
        add=STAFF,
    )
    policies("suppliers", see=EVERYONE, add=STAFF)
    for table in ("invoice_details", "contacts", "acts_for_creditors"):
        policies(table, see=any_of(STAFF, own()))
    policies("served_municipalities", see=EVERYONE, add=STAFF)
    policies("measurements", see=any_of(STAFF, own(), "organisation_id IS NOT NULL"), add=any_of(STAFF, own()))
    policies("connection_periods", see=any_of(STAFF, own()), add=STAFF)
    policies("live_periods", see=any_of(STAFF, READERS + OF_ONE_IN_SIGHT.format("live_periods")), add=STAFF)
    policies("representations", see=any_of(STAFF, SIGN_IN, own(), own_account()), add=STAFF)
    policies("notes", see=STAFF)
    colleague = (
        "app_scope() = 'participant' AND EXISTS (SELECT 1 FROM representations r WHERE r.account_id = {}"
        " AND r.participant_id = ANY (app_participants()))"
    )
    more_sight("accounts", "colleagues", colleague.format("accounts.id"))
    more_sight(
        "people",
        "colleagues",
        "EXISTS (SELECT 1 FROM accounts a WHERE a.person_key = people.key AND app_scope() = 'participant')",
    )
    add_roles()


def add_roles() -> None:
    """The roles of the hub, with the tariff audience and basis of each (docs/domain.md §1.2, §1.8)."""
    roles = sa.table(
        "roles", *(sa.column(name) for name in ("code", "label", "audience", "basis", "can_apply", "position"))
    )
    names = ("code", "label", "audience", "basis", "can_apply")
    op.bulk_insert(roles, [dict(zip(names, row, strict=True), position=n) for n, row in enumerate(ROLES)])
