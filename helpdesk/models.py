"""Requests for help with their way to the ticket system; information meetings with who comes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Numbered
from core.kinds import labelled_column
from helpdesk.kinds import (
    MeetingAudience,
    MeetingKind,
    MeetingStage,
    RequestChannel,
    RequestKind,
    RequestStage,
    SignUpStage,
    TicketState,
    WhenFull,
)
from participants.models import Participant


class HelpRequest(Base, Numbered):
    """A question for the ticket system, as it was asked, and what the ticket system last said about it."""

    __tablename__ = "help_requests"

    key: Mapped[str] = mapped_column(unique=True)
    """Our reference, given at once; it stands in the title of the ticket, by which an earlier attempt is found."""
    kind: Mapped[RequestKind] = mapped_column(labelled_column(RequestKind, "kind"))
    channel: Mapped[RequestChannel] = mapped_column(labelled_column(RequestChannel, "channel"))
    stage: Mapped[RequestStage] = mapped_column(labelled_column(RequestStage, "stage"), default=RequestStage.QUEUED)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participants.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    """Who was signed in: who asked, or who noted it down at the telephone."""
    name: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str | None]
    organisation: Mapped[str | None]
    """As typed by who is no participant."""
    page: Mapped[str | None]
    """Path of the page on which help was asked; secrets of links are left out."""
    last_event: Mapped[str | None]
    """The last sentence of the participant's timeline at that moment."""
    subject: Mapped[str]
    question: Mapped[str]

    ticket_id: Mapped[str | None]
    """Id in the ticket system; None when the request went by mail."""
    ticket_number: Mapped[str | None]
    """The number by which the ticket system's people know it."""
    ticket_state: Mapped[TicketState | None] = mapped_column(labelled_column(TicketState, "ticket_state"))
    answer: Mapped[str | None]
    """The last public answer, as plain text."""
    answered_at: Mapped[datetime | None]
    refreshed_at: Mapped[datetime | None] = mapped_column(index=True)

    participant: Mapped[Participant | None] = relationship()
    attachments: Mapped[list[HelpAttachment]] = relationship(order_by="HelpAttachment.id")
    delivery: Mapped[HelpDelivery] = relationship(back_populates="request")


class HelpAttachment(Base, Numbered):
    """A file that goes along with a request."""

    __tablename__ = "help_attachments"

    request_id: Mapped[int] = mapped_column(ForeignKey("help_requests.id"), index=True)
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_files.sha256"))
    media_type: Mapped[str]
    size: Mapped[int]


class HelpDelivery(Base):
    """The outbox row of a request: written in the transaction that asks, worked on by a job."""

    __tablename__ = "help_deliveries"

    request_id: Mapped[int] = mapped_column(ForeignKey("help_requests.id"), primary_key=True, autoincrement=False)
    attempts: Mapped[int] = mapped_column(default=0)
    """Counted before each attempt: from the second on the ticket system is searched first."""
    next_attempt_at: Mapped[datetime | None] = mapped_column(index=True)
    """None when nothing is left to do."""
    delivered_at: Mapped[datetime | None]
    needs_attention: Mapped[bool] = mapped_column(default=False)
    """Whether trying again will probably not help: staff see it."""
    last_error: Mapped[str | None]
    failed_at: Mapped[datetime | None]
    """Since when it does not succeed."""
    outbox_message_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_messages.id"))
    """The mail that carries it, when requests go by mail."""

    request: Mapped[HelpRequest] = relationship(back_populates="delivery")


class InformationMeeting(Base, Numbered):
    """A meeting on the public agenda."""

    __tablename__ = "information_meetings"

    title: Mapped[str]
    kind: Mapped[MeetingKind] = mapped_column(labelled_column(MeetingKind, "kind"))
    audience: Mapped[MeetingAudience] = mapped_column(labelled_column(MeetingAudience, "audience"))
    description: Mapped[str | None]
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    place: Mapped[str]
    """As everybody sees it: a town, or "online"."""
    directions: Mapped[str | None]
    """Full address or link; only for who signed up."""
    capacity: Mapped[int | None]
    """How many may come; None: no limit."""
    when_full: Mapped[WhenFull] = mapped_column(labelled_column(WhenFull, "when_full"))
    open_until: Mapped[date]
    """The last day on which one can sign up."""
    stage: Mapped[MeetingStage] = mapped_column(labelled_column(MeetingStage, "stage"), default=MeetingStage.PLANNED)
    reason: Mapped[str | None]
    """Why it was cancelled."""
    sequence: Mapped[int] = mapped_column(default=0)
    """Rises with every change, for calendars (RFC 5545, SEQUENCE)."""
    changed_at: Mapped[datetime]

    sign_ups: Mapped[list[SignUp]] = relationship(back_populates="meeting", order_by="SignUp.id")

    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("capacity > 0", name="capacity_positive"),
    )


class SignUp(Base, Numbered):
    """Somebody who wants to come to a meeting. Who it was is erased three months after the meeting."""

    __tablename__ = "sign_ups"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("information_meetings.id"), index=True)
    stage: Mapped[SignUpStage] = mapped_column(labelled_column(SignUpStage, "stage"))
    signed_up_at: Mapped[datetime]
    name: Mapped[str | None]
    organisation: Mapped[str | None]
    email: Mapped[str | None]
    remark: Mapped[str | None]
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    """SHA-256 of the secret in the mailed link to sign off; None once it was used."""
    message_ids: Mapped[list[int]] = mapped_column(JSONB, default=list)
    """Mails in the outbox about this sign-up: erased with it."""
    erased_at: Mapped[datetime | None]

    meeting: Mapped[InformationMeeting] = relationship(back_populates="sign_ups")

    __table_args__ = (
        Index(
            "uq_sign_ups_meeting_email",
            "meeting_id",
            "email",
            unique=True,
            postgresql_where=text("stage <> 'signed_off'"),
        ),
    )
