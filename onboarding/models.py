"""Applications, agreement texts, agreements with their signatures, and recorded checks."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from core import clock
from core.db import Base, Numbered
from core.kinds import labelled_column
from governance.models import Decision, Operator
from onboarding.kinds import ApplicationStage, AuthorityBasis, CheckKind, Side
from participants.models import Participant


class Application(Base, Numbered):
    """Interest, draft and submitted application; on submission the participant comes into being."""

    __tablename__ = "applications"

    number: Mapped[str] = mapped_column(unique=True)
    """Shown to people: A-2026-00012."""
    stage: Mapped[ApplicationStage] = mapped_column(labelled_column(ApplicationStage, "stage"), index=True)
    stage_since: Mapped[datetime]
    """Follows `stage` by itself."""
    email: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    """Who fills it in, once the mailed link was opened."""
    answers: Mapped[dict[str, Any]]
    """What was filled in so far, by step; may be incomplete until submission."""
    organisation_name: Mapped[str] = mapped_column(default="")
    """Who it is for, as far as it was filled in; for lists."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    """When something was last filled in; drafts that nobody touches are withdrawn after a while."""
    submitted_at: Mapped[datetime | None]
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participants.id"), unique=True)
    companion_of_id: Mapped[int | None] = mapped_column(ForeignKey("applications.id"))
    """The application as debt counsellor beside which this one, as creditor, was started."""
    wants_legal_review: Mapped[bool] = mapped_column(default=False)
    refusal_reason: Mapped[str | None]
    accepted_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.key"))
    accepted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    participant: Mapped[Participant | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy's form

    @validates("stage")
    def _note_since(self, _key: str, stage: ApplicationStage) -> ApplicationStage:
        self.stage_since = clock.now()
        return stage


class ApplicationCounter(Base):
    """Last application number per year."""

    __tablename__ = "application_counters"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_number: Mapped[int] = mapped_column(default=0)


class AgreementText(Base, Numbered):
    """A version of the connection and processing agreement. In force: the latest that has started."""

    __tablename__ = "agreement_texts"

    version: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    starts_on: Mapped[date] = mapped_column(unique=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operators.id"))
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"))
    body: Mapped[str]
    """Restricted markup: `# part`, `## article`, paragraphs, `- item`, and `{fields}`."""
    sha256: Mapped[str]
    """Of the body."""

    operator: Mapped[Operator] = relationship()
    decision: Mapped[Decision] = relationship()


class Agreement(Base, Numbered):
    """The agreement of one participant: a frozen PDF, then signatures, then the PDF with both signatures."""

    __tablename__ = "agreements"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    text_id: Mapped[int] = mapped_column(ForeignKey("agreement_texts.id"))
    signatory_name: Mapped[str]
    signatory_function: Mapped[str]
    content: Mapped[dict[str, Any]]
    """The facts that fill the text, as they were at freezing; signing is refused when they have changed since."""
    frozen_at: Mapped[datetime]
    document_sha256: Mapped[str] = mapped_column(ForeignKey("stored_files.sha256"))
    """What is signed."""
    final_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_files.sha256"))
    """The same with the page of signatures, made at countersigning."""
    replaced_at: Mapped[datetime | None]
    """When it was replaced by a new draft before countersigning."""

    agreement_text: Mapped[AgreementText] = relationship()
    signatures: Mapped[list[Signature]] = relationship(order_by="Signature.id")

    __table_args__ = (
        Index("uq_agreements_current", "participant_id", unique=True, postgresql_where=text("replaced_at IS NULL")),
    )


class Signature(Base, Numbered):
    """One party signed the document with this hash. Never changed."""

    __tablename__ = "signatures"

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"))
    side: Mapped[Side] = mapped_column(labelled_column(Side, "side"))
    person: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.key"))
    name: Mapped[str]
    function: Mapped[str]
    statement: Mapped[str]
    """The exact words that were ticked."""
    signed_at: Mapped[datetime]
    document_sha256: Mapped[str]
    method: Mapped[str]
    """How the person was known: "wachtwoord en code", later eHerkenning."""

    __table_args__ = (UniqueConstraint("agreement_id", "side"),)


class AuthorityRecord(Base, Numbered):
    """Staff established that a person may sign for the organisation, with the proof. Never changed."""

    __tablename__ = "authority_records"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    person_name: Mapped[str]
    person_function: Mapped[str]
    person_email: Mapped[str]
    """Of the account that may sign; a later change of the contact does not shift the authority."""
    basis: Mapped[AuthorityBasis] = mapped_column(labelled_column(AuthorityBasis, "basis"))
    explanation: Mapped[str]
    proof_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_files.sha256"))
    proof_name: Mapped[str | None]
    proof_reference: Mapped[str | None]
    """Where the proof was published, when it is not a file."""
    recorded_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.key"))
    recorded_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("num_nonnulls(proof_sha256, proof_reference) >= 1", name="proof"),)


class Check(Base, Numbered):
    """A recorded fact of the task list: what, on which day, by whom. Never changed."""

    __tablename__ = "checks"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"))
    kind: Mapped[CheckKind] = mapped_column(labelled_column(CheckKind, "kind"))
    done_on: Mapped[date]
    explanation: Mapped[str | None]
    recorded_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.key"))
    recorded_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("participant_id", "kind"),)


class ShareLink(Base, Numbered):
    """A read-only link to the draft agreement and the DPIA summary, for the participant's lawyers."""

    __tablename__ = "share_links"

    token_hash: Mapped[str] = mapped_column(unique=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class LegalQuestion(Base, Numbered):
    """A question about the agreement and its answer."""

    __tablename__ = "legal_questions"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    asked_by: Mapped[str]
    """Name as given by who asks; may be a lawyer without account."""
    asked_by_email: Mapped[str | None]
    """Where the answer goes, besides to the participant."""
    question: Mapped[str]
    asked_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.key"))
    answered_at: Mapped[datetime | None]
