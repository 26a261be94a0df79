"""Versions of modules with their gates, messages and agreements on process."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.protection import EVERYONE, STAFF, any_of, changeable, own, policies

revision = "0010"
down_revision: str | None = "0009"

RELEASED = (
    ("debt_settlement", "1.0", "2021-01-01"),
    ("debt_settlement", "1.1", "2021-07-01"),
    ("debt_settlement", "2.0", "2023-04-01"),
    ("payment_arrangement", "1.0", "2023-10-01"),
    ("debt_inventory", "1.0", "2023-10-01"),
    ("guarantee_fund", "1.0", "2023-01-01"),
    ("administration_notices", "1.0", "2024-04-01"),
)
"""What was released before this administration (docs/domain.md §3.2); `flask catalogue import-modules` fills in the
rest."""


def upgrade() -> None:
    op.create_table(
        "module_versions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("module_code", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("to_confirm", sa.Boolean(), nullable=False),
        sa.Column("quarter", sa.Text(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_date", sa.Text(), nullable=False),
        sa.Column("channels", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("needs_addendum", sa.Boolean(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("advice_id", sa.BigInteger(), nullable=True),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("retirement_announced_on", sa.Date(), nullable=True),
        sa.Column("retires_on", sa.Date(), nullable=True),
        sa.Column("retirement_reason", sa.Text(), nullable=True),
        sa.Column("retirement_decision_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("channels <@ ARRAY['portal', 'csv', 'system']", name=op.f("ck_module_versions_channels")),
        sa.CheckConstraint(
            "(retires_on IS NULL) = (retirement_announced_on IS NULL) AND (retires_on IS NULL) ="
            " (retirement_reason IS NULL) AND (retires_on IS NULL OR retires_on >= retirement_announced_on)",
            name=op.f("ck_module_versions_retirement"),
        ),
        sa.ForeignKeyConstraint(["module_code"], ["modules.code"], name=op.f("fk_module_versions_module_code")),
        sa.ForeignKeyConstraint(["advice_id"], ["decisions.id"], name=op.f("fk_module_versions_advice_id")),
        sa.ForeignKeyConstraint(
            ["retirement_decision_id"], ["decisions.id"], name=op.f("fk_module_versions_retirement_decision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_module_versions")),
        sa.UniqueConstraint("module_code", "version", name=op.f("uq_module_versions_module_code_version")),
    )
    op.create_index(op.f("ix_module_versions_module_code"), "module_versions", ["module_code"])
    _give_activations_a_version()
    _park_choices()
    _gates()
    _messages()
    _facts_of_participants()
    _retirement_and_reach()
    _guard()


def _give_activations_a_version() -> None:
    """Every period gets the version that was released when it began, else the oldest of its module."""
    known = ", ".join(f"('{code}', '{version}', DATE '{day}')" for code, version, day in RELEASED)
    op.execute(
        "INSERT INTO module_versions (module_code, version, to_confirm, purpose, changes, source, source_date,"  # noqa: S608  our own constants
        " channels, needs_addendum, released_on)"
        " SELECT m.code, v.version, v.code = 'administration_notices', m.purpose, '', m.source, '',"
        " CASE WHEN m.code = 'debt_settlement' THEN ARRAY['portal', 'csv', 'system']"
        " ELSE ARRAY['portal', 'system'] END, false, v.released_on"
        f" FROM modules m JOIN (VALUES {known}) AS v (code, version, released_on) ON v.code = m.code"
    )
    op.execute(  # a module that we do not know of, but that somebody used
        "INSERT INTO module_versions (module_code, version, to_confirm, purpose, changes, source, source_date,"
        " channels, needs_addendum, released_on)"
        " SELECT m.code, '1.0', true, m.purpose, '', m.source, '', ARRAY['portal', 'system'], false,"
        " min(a.starts_on) FROM modules m JOIN module_activations a ON a.module_code = m.code"
        " WHERE NOT EXISTS (SELECT 1 FROM module_versions v WHERE v.module_code = m.code)"
        " GROUP BY m.code, m.purpose, m.source"
    )
    op.add_column("module_activations", sa.Column("module_version_id", sa.BigInteger(), nullable=True))
    op.execute(
        "UPDATE module_activations a SET module_version_id = (SELECT v.id FROM module_versions v"
        " WHERE v.module_code = a.module_code ORDER BY v.released_on <= a.starts_on DESC,"
        " CASE WHEN v.released_on <= a.starts_on THEN v.released_on END DESC, v.released_on LIMIT 1)"
    )
    op.alter_column("module_activations", "module_version_id", nullable=False)
    op.create_foreign_key(
        op.f("fk_module_activations_module_version_id"),
        "module_activations",
        "module_versions",
        ["module_version_id"],
        ["id"],
    )
    op.create_index(op.f("ix_module_activations_module_version_id"), "module_activations", ["module_version_id"])


def _park_choices() -> None:
    op.add_column("module_choices", sa.Column("parked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("module_choices", sa.Column("parked_reason", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_module_choices_parked"), "module_choices", "(parked_at IS NULL) = (parked_reason IS NULL)"
    )


def _kind(column: str, table: str, *values: str) -> sa.Column[str]:
    enum = sa.Enum(*values, name=op.f(f"ck_{table}_{column}"), native_enum=False, create_constraint=True, length=40)
    return sa.Column(column, enum, nullable=False)


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _gates() -> None:
    op.create_table(
        "gate_records",
        _id(),
        sa.Column("module_version_id", sa.BigInteger(), nullable=False),
        _kind("gate", "gate_records", "messages", "agreements", "built", "tested", "dpia", "security", "decision"),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("done_by", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("assessment_id", sa.BigInteger(), nullable=True),
        sa.Column("decision_id", sa.BigInteger(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawal_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(gate IN ('dpia', 'security')) = (assessment_id IS NOT NULL)", name=op.f("ck_gate_records_assessment")
        ),
        sa.CheckConstraint("(gate = 'decision') = (decision_id IS NOT NULL)", name=op.f("ck_gate_records_decision")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawal_reason IS NULL)", name=op.f("ck_gate_records_withdrawal")
        ),
        _key("gate_records", "module_version_id", "module_versions.id"),
        _key("gate_records", "assessment_id", "assessments.id"),
        _key("gate_records", "decision_id", "decisions.id"),
        _key("gate_records", "recorded_by", "people.key"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_records")),
    )
    op.create_index(op.f("ix_gate_records_module_version_id"), "gate_records", ["module_version_id"])
    op.create_index(op.f("ix_gate_records_decision_id"), "gate_records", ["decision_id"])
    op.create_index(
        "uq_gate_records_in_force",
        "gate_records",
        ["module_version_id", "gate"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "process_agreements",
        _id(),
        sa.Column("module_version_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        _kind("audience", "process_agreements", "debt_counsellors", "creditors", "portal_users", "everybody"),
        sa.Column("source", sa.Text(), nullable=False),
        _key("process_agreements", "module_version_id", "module_versions.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_agreements")),
        sa.UniqueConstraint(
            "module_version_id", "title", "version", name=op.f("uq_process_agreements_module_version_id_title_version")
        ),
    )
    op.create_index(op.f("ix_process_agreements_module_version_id"), "process_agreements", ["module_version_id"])


def _messages() -> None:
    op.create_table(
        "message_types",
        _id(),
        sa.Column("module_version_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        _kind(
            "kind",
            "message_types",
            "notice",
            "balance_request",
            "balance_answer",
            "proposal",
            "proposal_answer",
            "refusal",
            "outcome",
            "status",
            "guarantee",
        ),
        sa.Column("senders", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("receivers", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("answers", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("answer_working_days", sa.Integer(), nullable=True),
        sa.Column("is_optional", sa.Boolean(), nullable=False),
        sa.Column("former_name", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "cardinality(senders) > 0 AND cardinality(receivers) > 0", name=op.f("ck_message_types_parties")
        ),
        sa.CheckConstraint("answer_working_days > 0", name=op.f("ck_message_types_answer_working_days")),
        sa.CheckConstraint(
            "kind NOT IN ('balance_request', 'proposal') OR NOT 'creditor' = ANY (senders)",
            name=op.f("ck_message_types_asked_of_creditors"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('balance_answer', 'proposal_answer', 'refusal') OR senders = ARRAY['creditor']",
            name=op.f("ck_message_types_answered_by_creditors"),
        ),
        _key("message_types", "module_version_id", "module_versions.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_types")),
        sa.UniqueConstraint("module_version_id", "code", name=op.f("uq_message_types_module_version_id_code")),
    )
    op.create_index(op.f("ix_message_types_module_version_id"), "message_types", ["module_version_id"])


def _facts_of_participants() -> None:
    op.create_table(
        "addendum_acceptances",
        _id(),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("module_version_id", sa.BigInteger(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        _key("addendum_acceptances", "participant_id", "participants.id"),
        _key("addendum_acceptances", "module_version_id", "module_versions.id"),
        _key("addendum_acceptances", "recorded_by", "people.key"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addendum_acceptances")),
        sa.UniqueConstraint(
            "participant_id",
            "module_version_id",
            name=op.f("uq_addendum_acceptances_participant_id_module_version_id"),
        ),
    )
    op.create_index(op.f("ix_addendum_acceptances_participant_id"), "addendum_acceptances", ["participant_id"])
    op.create_table(
        "product_supports",
        _id(),
        sa.Column("supplier_id", sa.BigInteger(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("module_version_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        _key("product_supports", "supplier_id", "suppliers.id"),
        _key("product_supports", "module_version_id", "module_versions.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_supports")),
        sa.UniqueConstraint(
            "supplier_id",
            "product",
            "module_version_id",
            name=op.f("uq_product_supports_supplier_id_product_module_version_id"),
        ),
    )
    op.create_index(op.f("ix_product_supports_supplier_id"), "product_supports", ["supplier_id"])
    op.create_index(op.f("ix_product_supports_module_version_id"), "product_supports", ["module_version_id"])
    op.create_table(
        "covenants",
        _id(),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_before", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_before IS NULL OR ends_before >= starts_on", name=op.f("ck_covenants_period")),
        _key("covenants", "participant_id", "participants.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_covenants")),
    )
    op.create_index(op.f("ix_covenants_participant_id"), "covenants", ["participant_id"])


def _retirement_and_reach() -> None:
    op.create_table(
        "retirement_notices",
        _id(),
        sa.Column("module_version_id", sa.BigInteger(), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_reminder", sa.Boolean(), nullable=False),
        sa.Column("mails", sa.Integer(), nullable=False),
        _key("retirement_notices", "module_version_id", "module_versions.id"),
        _key("retirement_notices", "participant_id", "participants.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retirement_notices")),
    )
    op.create_index(op.f("ix_retirement_notices_module_version_id"), "retirement_notices", ["module_version_id"])
    op.create_index(op.f("ix_retirement_notices_participant_id"), "retirement_notices", ["participant_id"])
    op.create_table(
        "creditor_selections",
        _id(),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_everybody", sa.Boolean(), nullable=False),
        _key("creditor_selections", "participant_id", "participants.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_creditor_selections")),
    )
    op.create_index(op.f("ix_creditor_selections_participant_id"), "creditor_selections", ["participant_id"])
    op.create_table(
        "selected_creditors",
        sa.Column("selection_id", sa.BigInteger(), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        _key("selected_creditors", "selection_id", "creditor_selections.id"),
        _key("selected_creditors", "creditor_id", "participants.id"),
        sa.PrimaryKeyConstraint("selection_id", "creditor_id", name=op.f("pk_selected_creditors")),
    )


def _guard() -> None:
    changeable("module_versions", "gate_records", "process_agreements", "addendum_acceptances", "product_supports")
    changeable("covenants", "retirement_notices", "creditor_selections", "selected_creditors")
    changeable("message_types", delete=True)
    for table in ("module_versions", "message_types", "process_agreements", "product_supports"):
        policies(table, see=EVERYONE, add=STAFF)
    for table in ("gate_records", "retirement_notices"):
        policies(table, see=STAFF)
    for table in ("addendum_acceptances", "covenants"):
        policies(table, see=any_of(STAFF, own()), add=STAFF)
    policies("creditor_selections", see=any_of(STAFF, own()))
    of_an_own_choice = "EXISTS (SELECT 1 FROM creditor_selections c WHERE c.id = selected_creditors.selection_id)"
    policies("selected_creditors", see=any_of(STAFF, f"app_scope() = 'participant' AND {of_an_own_choice}"))
