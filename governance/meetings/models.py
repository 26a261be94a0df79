"""Meetings of bodies with their agenda, papers and minutes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Numbered
from core.kinds import labelled_column
from governance.kinds import Body
from governance.meetings.kinds import PaperKind


class Meeting(Base, Numbered):
    """A meeting of a body on a day. The agenda may change until then; papers and minutes can be added afterwards."""

    __tablename__ = "meetings"

    body: Mapped[Body] = mapped_column(labelled_column(Body, "body"))
    held_on: Mapped[date]
    time_and_place: Mapped[str]
    """As text: "10.00 uur, Voorbeeldzaal"."""
    version: Mapped[int] = mapped_column(default=1)

    items: Mapped[list[AgendaItem]] = relationship(
        order_by="AgendaItem.position, AgendaItem.id", back_populates="meeting"
    )
    papers: Mapped[list[MeetingPaper]] = relationship(order_by="MeetingPaper.id", back_populates="meeting")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  as SQLAlchemy wants it


class AgendaItem(Base, Numbered):
    """One point of an agenda: taken from what waited, or written by hand."""

    __tablename__ = "agenda_items"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    position: Mapped[int]
    title: Mapped[str]
    explanation: Mapped[str | None]
    url: Mapped[str | None]
    """The page of what waited; None for what was written by hand."""

    meeting: Mapped[Meeting] = relationship(back_populates="items")


class MeetingPaper(Base, Numbered):
    """A document of a meeting; the bytes stand in the document store."""

    __tablename__ = "meeting_papers"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    kind: Mapped[PaperKind] = mapped_column(labelled_column(PaperKind, "kind"))
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_files.sha256"))
    media_type: Mapped[str]
    attached_at: Mapped[datetime]

    meeting: Mapped[Meeting] = relationship(back_populates="papers")
