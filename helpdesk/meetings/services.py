"""Planning meetings, signing up and off, telling who comes what changed, forgetting them afterwards."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select, update

from core import clock, documents
from core import db as database
from core.audit import Actor, record
from core.clock import AMSTERDAM
from core.db import advisory_lock, lock, scoped, session
from core.errors import NotFound, Refused, UserError
from core.filters import day
from core.mail import Attachment, OutboxMessage, queue_mail
from core.transitions import Transition, move
from core.web import absolute_url
from helpdesk import events
from helpdesk.kinds import MeetingAudience, MeetingKind, MeetingStage, SignUpStage, WhenFull
from helpdesk.meetings import queries, rules
from helpdesk.meetings.calendar import MEDIA_TYPE, calendar
from helpdesk.models import InformationMeeting, SignUp

CANCEL = Transition(
    "afzeggen",
    frozenset({MeetingStage.PLANNED}),
    MeetingStage.CANCELLED,
    events.MEETING_CANCELLED,
    needs_reason=True,
)
_SIGN_OFF_SOURCES = frozenset({SignUpStage.COMING, SignUpStage.WAITING})
SIGN_OFF = Transition("afmelden", _SIGN_OFF_SOURCES, SignUpStage.SIGNED_OFF, events.SIGNED_OFF)
MOVE_UP = Transition("doorschuiven", frozenset({SignUpStage.WAITING}), SignUpStage.COMING, events.MOVED_UP)
TOLD = ("title", "starts_at", "ends_at", "place", "directions")
"""Who signed up is mailed when one of these changes."""


@dataclass(frozen=True)
class Plan:
    """All that staff decide about a meeting."""

    title: str
    kind: MeetingKind
    audience: MeetingAudience
    description: str | None
    starts_at: datetime
    ends_at: datetime
    place: str
    directions: str | None
    capacity: int | None
    when_full: WhenFull
    open_until: date

    def check(self) -> None:
        """Raises UserError, beside its field, for a plan that cannot be carried out."""
        if self.ends_at <= self.starts_at:
            raise UserError("De eindtijd ligt niet na de begintijd.", field="end")
        if self.open_until > self.starts_at.astimezone(AMSTERDAM).date():
            raise UserError("Deze dag ligt na de bijeenkomst.", field="open_until")


def moment_of(on: date, at: time) -> datetime:
    """A Dutch day and time as a moment."""
    return datetime.combine(on, at, AMSTERDAM)


# ------------------------------------------------------------------------------------------- by staff


def plan_meeting(plan: Plan, actor: Actor) -> InformationMeeting:
    """Put a meeting on the public agenda."""
    plan.check()
    if plan.starts_at <= clock.now():
        raise UserError("Deze dag en tijd zijn al voorbij.", field="on")
    row = InformationMeeting(**_values(plan), stage=MeetingStage.PLANNED, sequence=0, changed_at=clock.now())
    session().add(row)
    session().flush()
    on = day(row.starts_at.astimezone(AMSTERDAM).date())
    record(events.MEETING_PLANNED, actor, subject=_subject(row), title=row.title, day=on)
    return row


def change_meeting(row: InformationMeeting, plan: Plan, actor: Actor) -> bool:
    """Change a meeting; who signed up hears of it when it matters to them. Returns whether anything changed."""
    plan.check()
    _lock(row)
    if row.stage is not MeetingStage.PLANNED or row.ends_at <= clock.now():
        raise Refused("Een bijeenkomst die is afgezegd of geweest, kunt u niet meer wijzigen.")
    changed = {name for name, value in _values(plan).items() if getattr(row, name) != value}
    if not changed:
        return False
    for name in changed:
        setattr(row, name, getattr(plan, name))
    row.sequence, row.changed_at = row.sequence + 1, clock.now()
    record(events.MEETING_CHANGED, actor, subject=_subject(row), title=row.title)
    session().flush()
    _fill_up(row, actor)
    if changed & set(TOLD):
        _tell_everybody(row, f"Gewijzigd: {row.title}", "meeting_changed")
    return True


def cancel_meeting(row: InformationMeeting, reason: str, actor: Actor) -> None:
    """Call a meeting off and tell who signed up. It stays on the agenda until its day."""
    _lock(row)
    if row.ends_at <= clock.now():
        raise Refused("Deze bijeenkomst is al geweest.")
    move(row, CANCEL, actor, name=row.title, subject=_subject(row), reason=reason, title=row.title)
    row.reason, row.sequence, row.changed_at = reason.strip(), row.sequence + 1, clock.now()
    session().flush()
    _tell_everybody(row, f"Gaat niet door: {row.title}", "meeting_cancelled", reason=row.reason)


def _values(plan: Plan) -> dict[str, Any]:
    return dict(vars(plan))


def _subject(row: InformationMeeting) -> str:
    return f"information_meeting:{row.id}"


def _lock(row: InformationMeeting) -> None:
    """One at a time decides who gets the last place."""
    advisory_lock(f"meeting:{row.id}")
    with scoped(database.JOB):
        session().refresh(row)


# ------------------------------------------------------------------------------------------- by visitors


@dataclass(frozen=True)
class Guest:
    """Who signs up."""

    name: str
    organisation: str
    email: str
    remark: str | None = None


def why_closed(row: InformationMeeting) -> str:
    """Why nobody can sign up now; empty when one can."""
    room = queries.room(row)
    return rules.why_closed(row.stage, row.open_until, row.starts_at, room, clock.now(), clock.today())


def sign_up(row: InformationMeeting, guest: Guest, actor: Actor) -> None:
    """Somebody wants to come: he comes, or waits for a place. Who has signed up already gets a mail that says so; the
    page answers the same, so that nobody learns who comes. Raises Refused when one cannot sign up."""
    _lock(row)
    if reason := why_closed(row):
        raise Refused(reason)
    with scoped(database.JOB):
        query = select(SignUp).where(SignUp.meeting_id == row.id, SignUp.email == guest.email)
        known = session().execute(query.where(SignUp.stage != SignUpStage.SIGNED_OFF)).scalar_one_or_none()
        if known is not None:
            _mail(known, f"U was al aangemeld: {row.title}", "meeting_signed_up")
            return
        stage = rules.place_for_next(queries.room(row))
        made = SignUp(
            meeting_id=row.id,
            stage=stage,
            signed_up_at=clock.now(),
            name=guest.name,
            organisation=guest.organisation,
            email=guest.email,
            remark=guest.remark,
            message_ids=[],
        )
        session().add(made)
        session().flush()
        waits = stage is SignUpStage.WAITING
        _mail(made, f"{'Op de wachtlijst' if waits else 'U bent aangemeld'}: {row.title}", "meeting_signed_up")
        record(events.WAITS if waits else events.SIGNED_UP, actor, subject=_subject(row), title=row.title)


def sign_up_of(token: str) -> SignUp:
    """The sign-up of a mailed link, with its meeting. Raises NotFound for a link that was used or never given out."""
    with scoped(database.JOB):
        query = select(SignUp).where(SignUp.token_hash == _hash(token))
        found = session().execute(query).scalar_one_or_none()
        if found is None or found.stage is SignUpStage.SIGNED_OFF:
            raise NotFound("Deze link is al gebruikt of bestaat niet. U bent afgemeld, of er kwam een nieuwere mail.")
        return found


def sign_off(token: str, actor: Actor) -> InformationMeeting:
    """Use the mailed link up; the place goes to who waits longest."""
    found = sign_up_of(token)
    with scoped(database.JOB):
        row = queries.meeting(found.meeting_id)
        _lock(row)
        move(found, SIGN_OFF, actor, name=row.title, subject=_subject(row), title=row.title)
        found.token_hash = None
        session().flush()
        _fill_up(row, actor)
        return row


def _fill_up(row: InformationMeeting, actor: Actor) -> None:
    """Give free places to who waits longest."""
    if row.starts_at <= clock.now():
        return
    with scoped(database.JOB):
        room = queries.room(row)
        query = select(SignUp).where(SignUp.meeting_id == row.id, SignUp.stage == SignUpStage.WAITING)
        waiting = list(session().execute(query.order_by(SignUp.id)).scalars())
        for guest in waiting[: len(waiting) if room.free is None else room.free]:
            move(guest, MOVE_UP, actor, name=row.title, subject=_subject(row), title=row.title)
            _mail(guest, f"Er is een plaats voor u: {row.title}", "meeting_signed_up")


# ------------------------------------------------------------------------------------------- mail


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _tell_everybody(row: InformationMeeting, subject: str, template: str, **values: Any) -> None:
    for guest in queries.sign_ups(row.id):
        if guest.stage is not SignUpStage.SIGNED_OFF and guest.email is not None:
            _mail(guest, subject, template, **values)


def _mail(guest: SignUp, subject: str, template: str, **values: Any) -> None:
    """Mail somebody, with a new link to sign off and, for who comes, the calendar file. The mail repeats nothing of
    what was typed: nobody has proven that the address is his."""
    row = queries.meeting(guest.meeting_id)
    token = secrets.token_urlsafe(24)
    guest.token_hash = _hash(token)
    comes = guest.stage is SignUpStage.COMING
    files = []
    if comes:
        text = calendar([queries.calendar_entry(row, for_who_comes=True)], row.title)
        media_type = MEDIA_TYPE.partition(";")[0]
        files = [Attachment("bijeenkomst.ics", documents.store(text.encode(), media_type), media_type)]
    message = queue_mail(
        str(guest.email),
        subject,
        template,
        attachments=files,
        meeting=row,
        comes=comes,
        sign_off_url=absolute_url("helpdesk.show_sign_off", token=token),
        url=absolute_url("helpdesk.show_meeting", meeting_id=row.id),
        **values,
    )
    guest.message_ids = [*guest.message_ids, message.id]
    session().flush()


# ------------------------------------------------------------------------------------------- forgetting


def erase_old(actor: Actor) -> int:
    """Erase who signed up for meetings of more than three months ago, and the mails to them. Returns how many."""
    until = datetime.combine(rules.erased_before(clock.today()), time(), AMSTERDAM)
    query = (
        select(InformationMeeting)
        .join(InformationMeeting.sign_ups)
        .where(InformationMeeting.ends_at < until, SignUp.erased_at.is_(None))
        .distinct()
    )
    erased = 0
    for row in list(session().execute(query).scalars()):
        guests = [guest for guest in row.sign_ups if guest.erased_at is None]
        for guest in guests:
            lock(guest)
            _erase(guest)
        record(events.ERASED, actor, subject=_subject(row), title=row.title, count=len(guests))
        erased += len(guests)
    return erased


def _erase(guest: SignUp) -> None:
    mails = update(OutboxMessage).where(OutboxMessage.id.in_(guest.message_ids or []))
    session().execute(mails.values(recipient="gewist", body="", attachments=[]))
    guest.name = guest.organisation = guest.email = guest.remark = guest.token_hash = None
    guest.message_ids = []
    guest.erased_at = clock.now()
    session().flush()
