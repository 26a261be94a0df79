"""Reads about meetings, and what waits for their agenda."""

from __future__ import annotations

from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.db import session
from core.errors import NotFound
from core.sources import Gathered, gather
from governance.kinds import Body
from governance.meetings.models import AgendaItem, Meeting, MeetingPaper
from governance.models import Decision
from governance.rules import WAITING, Waiting, part_of


def meetings(body: Body | None = None) -> list[Meeting]:
    """All meetings, or those of a body, latest first."""
    query = select(Meeting).options(selectinload(Meeting.items), selectinload(Meeting.papers))
    if body is not None:
        query = query.where(Meeting.body == body)
    return list(session().execute(query.order_by(Meeting.held_on.desc(), Meeting.id.desc())).scalars())


def meeting(meeting_id: int) -> Meeting:
    """Raises NotFound."""
    found = session().get(Meeting, meeting_id)
    if found is None:
        raise NotFound("Deze vergadering bestaat niet. Bekijk de lijst met vergaderingen.")
    return found


def meeting_of(meeting_id: int | None) -> Meeting | None:
    """The meeting in which a decision was taken, when that is known."""
    return session().get(Meeting, meeting_id) if meeting_id else None


def locked_meeting(meeting_id: int) -> Meeting:
    """The meeting with its agenda, kept to ourselves until the transaction ends. Raises NotFound."""
    query = select(Meeting).where(Meeting.id == meeting_id).with_for_update(of=Meeting)
    found = session().execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if found is None:
        raise NotFound("Deze vergadering bestaat niet. Bekijk de lijst met vergaderingen.")
    session().expire(found, ["items"])
    return found


def paper(meeting_id: int, paper_id: int) -> MeetingPaper:
    """A paper of a meeting. Raises NotFound."""
    found = session().get(MeetingPaper, paper_id)
    if found is None or found.meeting_id != meeting_id:
        raise NotFound("Dit stuk bestaat niet bij deze vergadering.")
    return found


def agenda_item(found: Meeting, item_id: int) -> AgendaItem:
    """A point of an agenda. Raises NotFound."""
    for item in found.items:
        if item.id == item_id:
            return item
    raise NotFound("Dit punt staat niet (meer) op de agenda.")


def decisions_of(meeting_id: int) -> list[Decision]:
    """The decisions and advices that were taken in a meeting."""
    query = select(Decision).where(Decision.meeting_id == meeting_id).order_by(Decision.number)
    return list(session().execute(query).scalars())


def waiting_for(body: Body) -> Gathered[Waiting]:
    """Everything that waits for a body, from all packages, longest first; what could not be read is named."""
    found = gather([(part_of(source), partial(source, body)) for source in WAITING])
    return Gathered(sorted(found.items, key=lambda row: (row.since, row.title)), found.missing)
