"""Seats and who sits there. Callers hold scope staff and a transaction.

What is past does not change: a term that is over stays as it was, and ending one early is a fact of its own.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from core import clock, filters
from core.audit import Actor, record
from core.db import advisory_lock, lock, session
from core.errors import Refused
from governance.bodies.events import SEAT_ADDED, SEAT_ENDED, TERM_ENDED, TERM_RECORDED
from governance.bodies.kinds import Represents, SeatSector
from governance.bodies.models import Seat, Term
from governance.kinds import Body
from governance.queries import active_bodies_on
from governance.rules import why_body_is_refused


def add_seat(
    body: Body,
    name: str,
    represents: Represents,
    sector: SeatSector | None,
    starts_on: date,
    actor: Actor,
    *,
    is_chair: bool = False,
) -> Seat:
    """A new seat. Raises Refused for a body that does not exist on that day, a name that is taken, a side without
    sector, or a chair that is not independent."""
    why = why_body_is_refused(body, active_bodies_on(starts_on))
    if why:
        raise Refused(why, field="starts_on")
    if is_chair and represents is not Represents.INDEPENDENT:
        raise Refused("De voorzitter is onafhankelijk. Kies bij 'Namens wie?' voor onafhankelijk.", field="represents")
    if represents is Represents.INDEPENDENT:
        sector = None
    elif sector is None:
        raise Refused("Kies of deze zetel publiek of privaat is.", field="sector")
    advisory_lock(f"governance-seats-{body.value}")
    if session().scalar(select(Seat.id).where(Seat.body == body, Seat.name == name)):
        raise Refused("Dit orgaan heeft al een zetel met deze naam. Kies een andere naam.", field="name")
    row = Seat(body=body, name=name, represents=represents, sector=sector, is_chair=is_chair, starts_on=starts_on)
    session().add(row)
    session().flush()
    record(
        SEAT_ADDED,
        actor,
        subject=f"seat:{row.id}",
        body=body.in_sentence,
        seat=name,
        represents=described(row),
        starts_on=filters.day(starts_on),
    )
    return row


def described(row: Seat) -> str:
    """Whom a seat speaks for, in words."""
    if row.sector is None:
        return "onafhankelijk, voorzitter" if row.is_chair else "onafhankelijk"
    return f"{row.represents.label.lower()}, {row.sector.label.lower()}"


def end_seat(row: Seat, last_day: date, actor: Actor) -> None:
    """The seat no longer exists after a day. Raises Refused when it ended already or somebody sits there longer."""
    lock(row)
    ends_before = last_day + timedelta(days=1)
    if row.ends_before is not None:
        raise Refused("Deze zetel is al opgeheven.")
    if ends_before < row.starts_on:
        raise Refused("Deze dag ligt voor het begin van de zetel. Controleer de datum.", field="last_day")
    if any(term.leaves_on > ends_before for term in row.terms):
        raise Refused("Er zit dan nog iemand op deze zetel. Beëindig eerst die termijn.", field="last_day")
    row.ends_before = ends_before
    session().flush()
    record(
        SEAT_ENDED,
        actor,
        subject=f"seat:{row.id}",
        body=row.body.in_sentence,
        seat=row.name,
        last_day=filters.day(last_day),
    )


def appoint(row: Seat, member: str, starts_on: date, last_day: date, actor: Actor) -> Term:
    """Somebody sits on a seat for a time, last day included. Raises Refused when the days make no sense, the seat does
    not exist then, or somebody sits there."""
    lock(row)
    ends_before = last_day + timedelta(days=1)
    if ends_before <= starts_on:
        raise Refused("De laatste dag ligt voor de eerste dag. Controleer de datums.", field="last_day")
    if starts_on < row.starts_on or (row.ends_before is not None and row.ends_before < ends_before):
        raise Refused("De zetel bestaat niet in die hele tijd. Controleer de datums.", field="starts_on")
    session().expire(row, ["terms"])
    for term in row.terms:
        if term.starts_on < ends_before and starts_on < term.leaves_on:
            days = f"van {filters.day(term.starts_on)} tot en met {filters.day(filters.last_day(term.leaves_on))}"
            raise Refused(f"Op deze zetel zit al iemand {days}. Kies andere dagen.", field="starts_on")
    made = Term(seat_id=row.id, member=member, starts_on=starts_on, ends_before=ends_before)
    session().add(made)
    session().flush()
    session().expire(row, ["terms"])
    record(
        TERM_RECORDED,
        actor,
        subject=f"seat:{row.id}",
        body=row.body.in_sentence,
        seat=row.name,
        starts_on=filters.day(starts_on),
        last_day=filters.day(last_day),
    )
    return made


def end_term(row: Term, last_day: date, reason: str, actor: Actor) -> None:
    """Somebody leaves before the end of the term. Raises Refused for a term that is over, or was ended already, and
    for a day outside it."""
    lock(row)
    ended_before = last_day + timedelta(days=1)
    if row.ended_before is not None:
        raise Refused("Deze termijn is al eerder beëindigd.")
    if row.ends_before <= clock.today():
        raise Refused("Deze termijn is voorbij. Wat voorbij is, verandert niet.")
    if not row.starts_on <= ended_before < row.ends_before:
        raise Refused("Deze dag ligt niet binnen de termijn. Controleer de datum.", field="last_day")
    row.ended_before, row.end_reason = ended_before, reason
    session().flush()
    record(
        TERM_ENDED,
        actor,
        subject=f"seat:{row.seat_id}",
        body=row.seat.body.in_sentence,
        seat=row.seat.name,
        last_day=filters.day(last_day),
        reason=reason,
    )
