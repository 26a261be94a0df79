"""Planning meetings and keeping their agenda and papers. Callers hold scope staff and a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from core import clock, filters, pdf
from core.audit import Actor, Entry, Event, record
from core.db import session
from core.errors import Refused
from core.web import settings
from governance.kinds import Body
from governance.meetings.events import CHANGED, ITEM_ADDED, ITEM_MOVED, ITEM_REMOVED, PAPER_ATTACHED, PLANNED
from governance.meetings.kinds import PaperKind
from governance.meetings.models import AgendaItem, Meeting, MeetingPaper
from governance.meetings.queries import agenda_item
from governance.queries import active_bodies_on
from governance.rules import Paper, Waiting, why_body_is_refused

MOST_ITEMS = 60


def plan_meeting(body: Body, held_on: date, time_and_place: str, actor: Actor) -> Meeting:
    """A meeting of a body, to come or past. Raises Refused for a body that does not exist on that day."""
    _demand_body(body, held_on)
    row = Meeting(body=body, held_on=held_on, time_and_place=time_and_place)
    session().add(row)
    session().flush()
    record(PLANNED, actor, subject=f"meeting:{row.id}", body=body.in_sentence, held_on=filters.day(held_on))
    return row


def change_meeting(row: Meeting, held_on: date, time_and_place: str, actor: Actor) -> None:
    """Another day, time or place. Raises Refused when the meeting is over."""
    _demand_open(row)
    _demand_body(row.body, held_on)
    row.held_on, row.time_and_place = held_on, time_and_place
    session().flush()
    record(
        CHANGED,
        actor,
        subject=f"meeting:{row.id}",
        body=row.body.in_sentence,
        held_on=filters.day(held_on),
        place=time_and_place,
    )


def _demand_body(body: Body, held_on: date) -> None:
    why = why_body_is_refused(body, active_bodies_on(held_on))
    if why:
        raise Refused(why, field="held_on")


def is_open(row: Meeting) -> bool:
    """Whether the agenda may still change: until the day itself is over."""
    return row.held_on >= clock.today()


def _demand_open(row: Meeting) -> None:
    if not is_open(row):
        raise Refused(
            "Deze vergadering is geweest. De agenda verandert niet meer; stukken en notulen kunt u toevoegen."
        )


def _tell(event: Event, row: Meeting, actor: Actor, **facts: str | int) -> None:
    about: dict[str, str | int] = {"body": row.body.in_sentence, "held_on": filters.day(row.held_on), **facts}
    Entry(event, actor, about, subject=f"meeting:{row.id}").write()


# --------------------------------------------------------------------------------------------- agenda


def add_item(row: Meeting, title: str, explanation: str | None, actor: Actor, *, url: str | None = None) -> AgendaItem:
    """A point at the end of the agenda. Raises Refused when the meeting is over, or the agenda is far too long."""
    _demand_open(row)
    if len(row.items) >= MOST_ITEMS:
        raise Refused(f"Een agenda heeft hoogstens {MOST_ITEMS} punten. Haal er eerst een weg.")
    last = max((item.position for item in row.items), default=0)
    item = AgendaItem(meeting_id=row.id, position=last + 1, title=title, explanation=explanation, url=url)
    session().add(item)
    session().flush()
    session().expire(row, ["items"])
    _tell(ITEM_ADDED, row, actor, title=title)
    return item


def take_waiting(row: Meeting, chosen: Iterable[Waiting], actor: Actor) -> list[AgendaItem]:
    """Put what waits on the agenda; what stands there already is left alone."""
    there = {(item.title, item.url) for item in row.items}
    return [
        add_item(row, waiting.title, waiting.explanation, actor, url=waiting.url)
        for waiting in chosen
        if (waiting.title, waiting.url) not in there
    ]


def move_item(row: Meeting, item_id: int, actor: Actor, *, up: bool) -> None:
    """One place up or down; at the end of the list nothing happens."""
    _demand_open(row)
    item = agenda_item(row, item_id)
    ordered = list(row.items)
    at = ordered.index(item)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(ordered):
        return
    ordered.insert(to, ordered.pop(at))
    for position, one in enumerate(ordered, start=1):
        one.position = position
    session().flush()
    session().expire(row, ["items"])
    _tell(ITEM_MOVED, row, actor, title=item.title)


def remove_item(row: Meeting, item_id: int, actor: Actor) -> None:
    """Take a point off the agenda. Raises Refused when the meeting is over."""
    _demand_open(row)
    item = agenda_item(row, item_id)
    title = item.title
    session().delete(item)
    session().flush()
    session().expire(row, ["items"])
    _tell(ITEM_REMOVED, row, actor, title=title)


def agenda(row: Meeting) -> bytes:
    """The agenda as a tagged PDF."""
    return pdf.render("pdf/agenda.html", meeting=row, made_on=clock.today(), example=settings().is_demo)


# --------------------------------------------------------------------------------------------- papers


def attach(row: Meeting, kind: PaperKind, papers: Sequence[Paper], actor: Actor) -> None:
    """Add stored documents. Raises Refused without any, or for minutes of a meeting that is still to come."""
    if not papers:
        raise Refused("Kies een bestand.", field="papers")
    if kind is PaperKind.MINUTES and row.held_on > clock.today():
        raise Refused("Notulen zijn er pas na de vergadering. Kies 'Vergaderstuk'.", field="kind")
    known = {(paper.kind, paper.sha256) for paper in row.papers}
    for paper in papers:
        if (kind, paper.sha256) in known:
            raise Refused(f"{paper.name} staat al bij deze vergadering.", field="papers")
        session().add(
            MeetingPaper(
                meeting_id=row.id,
                kind=kind,
                name=paper.name,
                sha256=paper.sha256,
                media_type=paper.media_type,
                attached_at=clock.now(),
            )
        )
        session().flush()
        _tell(PAPER_ATTACHED, row, actor, name=paper.name, kind=kind.label.lower())
    session().expire(row, ["papers"])
