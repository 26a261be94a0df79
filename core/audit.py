"""The audit trail: append-only sentences, sealed afterwards into a hash chain.

An event is a name (`package:object:past`) and a Dutch sentence; the blanks of the sentence are the facts that
`record` demands. A person is a key in the row; the name stands in `people` and can be erased (art. 17 GDPR).
"""

from __future__ import annotations

import hashlib
import json
import string
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Row, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, Numbered, advisory_lock, session

SYSTEM_NAME = "Het systeem"
ERASED_NAME = "Een persoon (naam gewist)"
GENESIS = "0" * 64


class Person(Base):
    """The erasable name behind a key of the audit trail."""

    __tablename__ = "people"

    key: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str | None]
    """None after erasure."""


class AuditEvent(Base, Numbered):
    """Something that happened, or was refused. Never changed."""

    __tablename__ = "audit_events"

    recorded_at: Mapped[datetime] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(index=True)
    facts: Mapped[dict[str, Any]]
    actor_key: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.key"))
    actor_kind: Mapped[str]
    """staff, participant, public or system."""
    participant_id: Mapped[int | None] = mapped_column(BigInteger)
    """The participant whose timeline shows it; no foreign key, so that core knows no participants."""
    subject: Mapped[str | None]
    """What it is about, as `kind:id`, for instance `application:12`."""

    __table_args__ = (
        Index("ix_audit_events_participant_id_id", "participant_id", "id"),
        Index("ix_audit_events_subject", "subject"),
    )


class AuditSeal(Base):
    """One link of the hash chain: digest = SHA-256 over the previous digest and the event."""

    __tablename__ = "audit_seals"

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(ForeignKey("audit_events.id"), unique=True)
    digest: Mapped[str]


@dataclass(frozen=True)
class Actor:
    """Who acts: a person of staff or of a participant, or the system itself."""

    kind: str
    person: uuid.UUID | None = None


SYSTEM = Actor("system")
VISITOR = Actor("public")

EVENTS: dict[str, Event] = {}


class Event:
    """A kind of event. `actor` in the sentence is filled in by the trail; every other blank is a demanded fact."""

    def __init__(self, name: str, sentence: str, *, refusal: bool = False, internal: bool = False) -> None:
        if name.count(":") != 2:
            raise ValueError(f"{name}: an event is called package:object:past")
        if name in EVENTS:
            raise ValueError(f"{name} exists already")
        blanks = frozenset(f for _, f, _, _ in string.Formatter().parse(sentence) if f is not None)
        if not all(blank.isidentifier() for blank in blanks):
            raise ValueError(f"{name}: a blank is the name of a fact, not {sorted(blanks)}")
        self.name = name
        self.sentence = sentence
        self.refusal = refusal
        self.internal = internal
        """Shown to staff only, also when it is about a participant."""
        self.blanks = blanks - {"actor"}
        EVENTS[name] = self

    def __repr__(self) -> str:
        return f"Event({self.name})"


@dataclass(frozen=True)
class Entry:
    """An event with its facts, ready to be written."""

    event: Event
    actor: Actor
    facts: Mapping[str, str | int]
    participant_id: int | None = None
    subject: str | None = None

    def row(self) -> dict[str, Any]:
        """As it is stored. Raises TypeError when facts are missing or superfluous."""
        if set(self.facts) != self.event.blanks:
            raise TypeError(f"{self.event.name} demands {sorted(self.event.blanks)}, got {sorted(self.facts)}")
        return {
            "recorded_at": clock.now(),
            "name": self.event.name,
            "facts": dict(self.facts),
            "actor_key": self.actor.person,
            "actor_kind": self.actor.kind,
            "participant_id": self.participant_id,
            "subject": self.subject,
        }

    def write(self) -> None:
        record_all([self])


def record_all(entries: Iterable[Entry]) -> None:
    """Write many events at once in the running transaction, in their order."""
    rows = [entry.row() for entry in entries]
    if rows:
        session().flush()
        session().execute(insert(AuditEvent).inline(), rows)  # no RETURNING: a visitor writes what he may not read


def record(
    event: Event, actor: Actor, *, participant_id: int | None = None, subject: str | None = None, **facts: str | int
) -> None:
    """Write one event in the running transaction. Raises TypeError when facts are missing or superfluous."""
    Entry(event, actor, facts, participant_id, subject).write()


def sentence(row: AuditEvent, actor_name: str) -> str:
    """The event as a Dutch sentence; a kind that no longer exists, or had other facts, keeps its name and facts."""
    event = EVENTS.get(row.name)
    if event is None or not event.blanks <= row.facts.keys():
        return f"{row.name}: {json.dumps(row.facts, ensure_ascii=False)}"
    text = event.sentence.format_map({**row.facts, "actor": actor_name})
    return text[:1].upper() + text[1:]


_SEALED_COLUMNS = (
    AuditEvent.id,
    AuditEvent.recorded_at,
    AuditEvent.name,
    AuditEvent.facts,
    AuditEvent.actor_key,
    AuditEvent.actor_kind,
    AuditEvent.participant_id,
    AuditEvent.subject,
)


def _digest(previous: str, row: Row[Any]) -> str:
    content = {
        "id": row.id,
        "recorded_at": row.recorded_at.astimezone(UTC).isoformat(),
        "name": row.name,
        "facts": row.facts,
        "actor_key": str(row.actor_key) if row.actor_key else None,
        "actor_kind": row.actor_kind,
        "participant_id": row.participant_id,
        "subject": row.subject,
    }
    return hashlib.sha256(f"{previous}\n{_canonical(content)}".encode()).hexdigest()


_canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode

LOOK_BACK = 20_000
"""So many events before the last sealed one are looked at again: see `seal`."""


def seal(limit: int = 5000, *, thorough: bool = False) -> int:
    """Chain the events that are not sealed yet, oldest first. Returns how many. One sealer at a time.

    An event of a long transaction may become visible after later ones were sealed; it is sealed then, when it is not
    too far back, or else by a `thorough` round, which looks at the whole trail.
    """
    advisory_lock("audit-seal")
    last = session().execute(select(AuditSeal).order_by(AuditSeal.position.desc()).limit(1)).scalar_one_or_none()
    position, previous = (last.position, last.digest) if last else (0, GENESIS)
    unsealed = (
        select(*_SEALED_COLUMNS)
        .outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id)
        .where(AuditSeal.position.is_(None))
        .order_by(AuditEvent.id)
        .limit(limit)
    )
    if not thorough:
        highest = select(func.coalesce(func.max(AuditSeal.event_id), 0)).scalar_subquery()
        unsealed = unsealed.where(AuditEvent.id > highest - LOOK_BACK)
    links: list[dict[str, Any]] = []
    for row in session().execute(unsealed):
        position += 1
        previous = _digest(previous, row)
        links.append({"position": position, "event_id": row.id, "digest": previous})
    if links:
        session().execute(insert(AuditSeal), links)
    return len(links)


@dataclass(frozen=True)
class Verification:
    """Outcome of checking the chain."""

    sealed: int
    unsealed: int
    broken_at: int | None
    """Position of the first link that does not fit; None when the chain is whole."""
    head: str = field(default="", compare=False)
    """The last link as `position:digest`. Kept elsewhere, it proves later that the end was not cut off or rewritten."""


def verify(anchor: str | None = None) -> Verification:
    """Recompute the whole chain from the events; a missing, changed or reordered event breaks it.

    Who can rewrite events and links alike leaves a chain that fits itself; an `anchor`, the `head` of an earlier check,
    must still stand in it. Raises ValueError when the anchor has another form than `position:digest`.
    """
    at, _, digest = (anchor or "0:").partition(":")
    if not at.isdecimal() or not (anchor is None or len(digest) == 64):
        raise ValueError("Een ijkpunt heeft de vorm nummer:waarde, zoals een eerdere controle het toonde.")
    expected_at = {int(at): digest} if anchor else {}
    links = (
        select(AuditSeal.position, AuditSeal.digest, *_SEALED_COLUMNS)
        .outerjoin(AuditEvent, AuditEvent.id == AuditSeal.event_id)
        .order_by(AuditSeal.position)
        .execution_options(yield_per=2000)
    )
    previous, seen, broken = GENESIS, 0, None
    with session().execute(links) as result:
        for row in result:
            fits = row.id is not None and row.position == seen + 1 and row.digest == _digest(previous, row)
            if not fits or expected_at.get(seen + 1, row.digest) != row.digest:
                broken = seen + 1
                break
            previous, seen = row.digest, seen + 1
    if broken is None and any(position > seen for position in expected_at):
        broken = seen + 1
    total = session().scalar(select(func.count()).select_from(AuditEvent)) or 0
    sealed = session().scalar(select(func.count()).select_from(AuditSeal)) or 0
    return Verification(sealed, total - sealed, broken, f"{seen}:{previous}")


@dataclass(frozen=True)
class TimelineEntry:
    """One line of a timeline."""

    when: datetime
    sentence: str
    refusal: bool


def timeline(
    *, participant_id: int | None = None, subject: str | None = None, for_staff: bool, limit: int = 200
) -> list[TimelineEntry]:
    """Newest first: what happened to a participant or to one subject. Participants see no internal events and no
    names of staff ("Het Schuldenknooppunt")."""
    query = select(AuditEvent, Person.name).outerjoin(Person, Person.key == AuditEvent.actor_key)
    if participant_id is not None:
        query = query.where(AuditEvent.participant_id == participant_id)
    if subject is not None:
        query = query.where(AuditEvent.subject == subject)
    if not for_staff:
        query = query.where(AuditEvent.name.not_in([name for name, event in EVENTS.items() if event.internal]))
    entries = []
    for row, name in session().execute(query.order_by(AuditEvent.id.desc()).limit(limit)):
        event = EVENTS.get(row.name)
        entries.append(
            TimelineEntry(
                row.recorded_at, sentence(row, actor_name(row, name, for_staff)), bool(event and event.refusal)
            )
        )
    return entries


def actor_name(row: AuditEvent, name: str | None, for_staff: bool) -> str:
    """How the actor of an event is called on screen."""
    if row.actor_kind == "system":
        return SYSTEM_NAME
    if row.actor_kind == "staff" and not for_staff:
        return "Het Schuldenknooppunt"
    if row.actor_kind == "public" and name is None:
        return "Een bezoeker"
    return name or ERASED_NAME
