"""Assessments, processing activities, requests of people, data breaches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.protection import APP_ROLE, EVERYONE, STAFF, append_only, changeable, policies

revision = "0009"
down_revision: str | None = "0008"

ERASED_NOTE = "Gewist volgens het bewaarschema."


def upgrade() -> None:
    op.create_table(
        "assessments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "dpia",
                "security",
                name=op.f("ck_assessments_kind"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("release", sa.Text(), nullable=False),
        sa.Column("report_version", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("assessor", sa.Text(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "accepted",
                "conditions",
                "rejected",
                name=op.f("ck_assessments_verdict"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("document_sha256", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(verdict IS NULL) = (closed_on IS NULL)", name=op.f("ck_assessments_closed_with_verdict")),
        sa.ForeignKeyConstraint(
            ["document_sha256"], ["stored_files.sha256"], name=op.f("fk_assessments_document_sha256")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
    )
    changeable("assessments")
    policies("assessments", see=STAFF)
    findings_and_frozen_assessments()
    processing_and_retention()
    subject_requests()
    breaches()
    statistic_purposes()
    notes_can_be_erased()


def _choice(table: str, column: str, *values: str, nullable: bool = False) -> sa.Column[str]:
    """A column of a labelled enum."""
    kind = sa.Enum(*values, name=op.f(f"ck_{table}_{column}"), native_enum=False, create_constraint=True, length=40)
    return sa.Column(column, kind, nullable=nullable)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _recorded(table: str) -> tuple[sa.Column[object] | sa.ForeignKeyConstraint, ...]:
    """Who recorded a row (nobody: the system), and when."""
    return (
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["people.key"], name=op.f(f"fk_{table}_recorded_by")),
    )


def _guard(table: str, when: str, body: str) -> None:
    """A trigger of its own for a table."""
    op.execute(
        f"CREATE FUNCTION guard_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NEW; END $$"
    )
    op.execute(f"CREATE TRIGGER {table}_guard BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION guard_{table}()")


def _refuse(sentence: str) -> str:
    return f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation';"


def findings_and_frozen_assessments() -> None:
    op.create_table(
        "findings",
        _id(),
        sa.Column("assessment_id", sa.BigInteger(), nullable=False),
        _choice("findings", "severity", "low", "medium", "high", "critical"),
        _text("text"),
        _text("owner", nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        _choice("findings", "state", "open", "solved", "accepted"),
        sa.Column("settled_on", sa.Date(), nullable=True),
        _text("reason", nullable=True),
        sa.CheckConstraint("(state = 'open') = (settled_on IS NULL)", name=op.f("ck_findings_settled")),
        sa.CheckConstraint("state <> 'accepted' OR reason IS NOT NULL", name=op.f("ck_findings_reason")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessments.id"], name=op.f("fk_findings_assessment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
    )
    op.create_index(op.f("ix_findings_assessment_id"), "findings", ["assessment_id"], unique=False)
    changeable("findings")
    policies("findings", see=STAFF)
    _guard(
        "assessments",
        "UPDATE",
        f"IF OLD.closed_on IS NOT NULL THEN {_refuse('Een afgesloten toets ligt vast.')} END IF;",
    )
    closed = "EXISTS (SELECT 1 FROM assessments a WHERE a.id = NEW.assessment_id AND a.closed_on IS NOT NULL)"
    same = "(OLD.id, OLD.assessment_id, OLD.severity, OLD.text, OLD.owner, OLD.due_on)"
    _guard(
        "findings",
        "INSERT OR UPDATE",
        f"IF {closed} AND (TG_OP = 'INSERT' OR OLD.state <> 'open' OR {same}"
        f" IS DISTINCT FROM {same.replace('OLD', 'NEW')})"
        f" THEN {_refuse('De toets is afgesloten: een bevinding kan alleen nog worden afgehandeld.')} END IF;",
    )


def processing_and_retention() -> None:
    op.create_table(
        "processing_activities",
        _id(),
        _text("code"),
        sa.Column("starts_on", sa.Date(), nullable=False),
        _choice("processing_activities", "role", "controller", "processor"),
        _text("name"),
        _text("controller"),
        _text("representative"),
        _text("officer"),
        _text("purpose"),
        _text("legal_basis"),
        _text("people"),
        _text("data"),
        _text("recipients"),
        _text("transfers"),
        _text("retention"),
        _text("security"),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        _text("source"),
        sa.Column("to_confirm", sa.Boolean(), nullable=False),
        *_recorded("processing_activities"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_processing_activities")),
        sa.UniqueConstraint("code", "starts_on", name=op.f("uq_processing_activities_code_starts_on")),
    )
    op.create_table(
        "retention_terms",
        _id(),
        _text("rule"),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        _text("reason"),
        sa.Column("to_confirm", sa.Boolean(), nullable=False),
        *_recorded("retention_terms"),
        sa.CheckConstraint("months BETWEEN 1 AND 600", name=op.f("ck_retention_terms_months")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_terms")),
        sa.UniqueConstraint("rule", "starts_on", name=op.f("uq_retention_terms_rule_starts_on")),
    )
    append_only("processing_activities", "retention_terms")
    policies("processing_activities", see=STAFF)
    policies("retention_terms", see=STAFF)


def subject_requests() -> None:
    op.create_table(
        "subject_requests",
        _id(),
        _choice("subject_requests", "kind", "access", "rectification", "erasure"),
        _text("name"),
        _text("email"),
        sa.Column("received_on", sa.Date(), nullable=False),
        _text("received_how"),
        _text("identity_check", nullable=True),
        sa.Column("extended_on", sa.Date(), nullable=True),
        _text("extension_reason", nullable=True),
        _choice("subject_requests", "stage", "open", "answered", "refused"),
        sa.Column("closed_on", sa.Date(), nullable=True),
        _text("answer", nullable=True),
        sa.Column("exported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(stage = 'open') = (closed_on IS NULL)", name=op.f("ck_subject_requests_closed")),
        sa.CheckConstraint(
            "(extended_on IS NULL) = (extension_reason IS NULL)", name=op.f("ck_subject_requests_extension")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_requests")),
    )
    changeable("subject_requests")
    policies("subject_requests", see=STAFF)


def breaches() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "breaches",
        _id(),
        _text("number"),
        _choice("breaches", "role", "controller", "processor"),
        _text("title"),
        _text("facts"),
        _text("effects"),
        _text("measures"),
        _text("people_affected"),
        sa.Column("discovered_at", moment, nullable=False),
        _choice("breaches", "risk", "unknown", "unlikely", "risk", "high"),
        sa.Column("authority_told_at", moment, nullable=True),
        _text("authority_reference", nullable=True),
        _text("not_told_reason", nullable=True),
        sa.Column("people_told_at", moment, nullable=True),
        _text("people_not_told_reason", nullable=True),
        sa.Column("controllers_told_at", moment, nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breaches")),
        sa.UniqueConstraint("number", name=op.f("uq_breaches_number")),
    )
    op.create_table(
        "breach_participants",
        _id(),
        sa.Column("breach_id", sa.BigInteger(), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("told_at", moment, nullable=True),
        _text("told_to", nullable=True),
        sa.ForeignKeyConstraint(["breach_id"], ["breaches.id"], name=op.f("fk_breach_participants_breach_id")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_breach_participants_participant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach_participants")),
        sa.UniqueConstraint(
            "breach_id", "participant_id", name=op.f("uq_breach_participants_breach_id_participant_id")
        ),
    )
    changeable("breaches")
    changeable("breach_participants", delete=True)
    policies("breaches", see=STAFF)
    policies("breach_participants", see=STAFF)
    _guard(
        "breaches",
        "UPDATE",
        f"IF OLD.closed_on IS NOT NULL THEN {_refuse('Een afgesloten datalek ligt vast.')} END IF;",
    )


def statistic_purposes() -> None:
    op.create_table(
        "statistic_purposes",
        _id(),
        _text("code"),
        _text("label"),
        sa.Column("starts_on", sa.Date(), nullable=False),
        _text("purpose"),
        _text("legal_basis"),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        _text("source"),
        sa.Column("to_confirm", sa.Boolean(), nullable=False),
        *_recorded("statistic_purposes"),
        sa.CheckConstraint(
            "NOT allowed OR (purpose <> '' AND legal_basis <> '')", name=op.f("ck_statistic_purposes_purpose")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistic_purposes")),
        sa.UniqueConstraint("code", "starts_on", name=op.f("uq_statistic_purposes_code_starts_on")),
    )
    append_only("statistic_purposes")
    policies("statistic_purposes", see=EVERYONE, add=STAFF)


def notes_can_be_erased() -> None:
    """A note still never changes, but its text can give way to one fixed sentence (retention schedule)."""
    op.execute("DROP TRIGGER notes_append_only ON notes")
    op.execute("CREATE TRIGGER notes_no_delete BEFORE DELETE ON notes FOR EACH ROW EXECUTE FUNCTION forbid_change()")
    same = "(OLD.id, OLD.participant_id, OLD.author, OLD.written_at)"
    _guard(
        "notes",
        "UPDATE",
        f"IF {same} IS DISTINCT FROM {same.replace('OLD', 'NEW')} OR NEW.text <> '{ERASED_NOTE}'"
        f" THEN {_refuse('Een notitie verandert niet; haar tekst kan alleen worden gewist.')} END IF;",
    )
    op.execute(f"GRANT UPDATE (text) ON notes TO {APP_ROLE}")
