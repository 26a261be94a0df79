"""The agenda, and who comes."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from sqlalchemy import Select, func, select

from core import clock
from core import db as database
from core.db import scoped, session
from core.errors import NotFound
from core.web import absolute_url, settings
from helpdesk.kinds import MeetingStage, SignUpStage
from helpdesk.meetings.calendar import CalendarEntry
from helpdesk.meetings.rules import Room
from helpdesk.models import InformationMeeting, SignUp


def meeting(meeting_id: int) -> InformationMeeting:
    """Raises NotFound."""
    found = session().get(InformationMeeting, meeting_id)
    if found is None:
        raise NotFound("Deze bijeenkomst bestaat niet.")
    return found


def coming_meetings() -> list[InformationMeeting]:
    """Not yet ended, first to last; those that were cancelled too, so that nobody stands before a closed door."""
    query = select(InformationMeeting).where(InformationMeeting.ends_at > clock.now())
    return list(session().execute(query.order_by(InformationMeeting.starts_at, InformationMeeting.id)).scalars())


def past_meetings(limit: int = 10) -> list[InformationMeeting]:
    """That took place, latest first."""
    query = (
        select(InformationMeeting)
        .where(InformationMeeting.ends_at <= clock.now(), InformationMeeting.stage == MeetingStage.PLANNED)
        .order_by(InformationMeeting.starts_at.desc())
        .limit(limit)
    )
    return list(session().execute(query).scalars())


def all_meetings() -> Select[InformationMeeting]:
    """For the list of staff: the furthest ahead first."""
    return select(InformationMeeting).order_by(InformationMeeting.starts_at.desc(), InformationMeeting.id.desc())


def rooms(meetings: Sequence[InformationMeeting]) -> dict[int, Room]:
    """How full meetings are: numbers, never who."""
    query = (
        select(SignUp.meeting_id, SignUp.stage, func.count())
        .where(SignUp.meeting_id.in_([row.id for row in meetings]))
        .group_by(SignUp.meeting_id, SignUp.stage)
    )
    with scoped(database.JOB):
        counts = {(key, stage): count for key, stage, count in session().execute(query)}
    return {
        row.id: Room(
            row.capacity,
            counts.get((row.id, SignUpStage.COMING), 0),
            counts.get((row.id, SignUpStage.WAITING), 0),
            row.when_full,
        )
        for row in meetings
    }


def room(row: InformationMeeting) -> Room:
    """How full one meeting is."""
    return rooms([row])[row.id]


def sign_ups(meeting_id: int) -> list[SignUp]:
    """Who signed up, in order; those who signed off last."""
    query = select(SignUp).where(SignUp.meeting_id == meeting_id)
    return list(session().execute(query.order_by(SignUp.stage == SignUpStage.SIGNED_OFF, SignUp.id)).scalars())


def calendar_entry(row: InformationMeeting, *, for_who_comes: bool = False) -> CalendarEntry:
    """A meeting for a calendar; the full address or link only for who comes."""
    directions = row.directions if for_who_comes else None
    text = row.description or ""
    return CalendarEntry(
        uid=f"bijeenkomst-{row.id}@{urlsplit(settings().base_url).hostname}",
        sequence=row.sequence,
        stamp=row.changed_at,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        title=row.title,
        place=", ".join(filter(None, (row.place, directions))),
        description="\n\n".join(filter(None, (text, directions))),
        url=absolute_url("helpdesk.show_meeting", meeting_id=row.id),
        is_cancelled=row.stage is MeetingStage.CANCELLED,
    )
