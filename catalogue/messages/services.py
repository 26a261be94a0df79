"""Put together the message set of a version. Nothing here commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from catalogue.messages import events
from catalogue.messages.kinds import MessageKind, Party
from catalogue.messages.models import MessageType
from catalogue.messages.rules import why_parties_are_refused
from catalogue.models import ModuleVersion
from core.audit import Actor, Entry, record
from core.db import lock, session
from core.errors import Refused


@dataclass(frozen=True)
class NewMessage:
    """A message type as it was filled in."""

    code: str
    name: str
    kind: MessageKind
    senders: Sequence[Party]
    receivers: Sequence[Party]
    source: str
    answers: Sequence[str] = ()
    answer_working_days: int | None = None
    is_optional: bool = False
    former_name: str | None = None


def add_message_type(actor: Actor, row: ModuleVersion, new: NewMessage, *, is_agreed: bool) -> MessageType:
    """Add a message type to the set of a version. Raises Refused (audited) when the set is agreed (`is_agreed`), the
    code is taken, it answers what is not in the set, or somebody would send what belongs to the other side."""
    lock(row)
    known = list(session().execute(select(MessageType).where(MessageType.module_version_id == row.id)).scalars())
    why, field = _why_refused(row, new, {one.code for one in known}, is_agreed=is_agreed)
    if why is not None:
        entry = Entry(
            events.ADD_REFUSED, actor, {"message": new.name, "name": row.name, "why": why}, subject=f"version:{row.id}"
        )
        raise Refused(why, entry=entry, field=field)
    made = MessageType(
        module_version_id=row.id,
        code=new.code,
        name=new.name,
        kind=new.kind,
        senders=[str(party.value) for party in new.senders],
        receivers=[str(party.value) for party in new.receivers],
        answers=list(new.answers),
        answer_working_days=new.answer_working_days,
        is_optional=new.is_optional,
        former_name=new.former_name,
        source=new.source,
        position=max((one.position for one in known), default=0) + 1,
    )
    session().add(made)
    session().flush()
    record(events.ADDED, actor, subject=f"version:{row.id}", message=made.name, name=row.name)
    return made


def _why_refused(
    row: ModuleVersion, new: NewMessage, codes: set[str], *, is_agreed: bool
) -> tuple[str | None, str | None]:
    if is_agreed or row.released_on is not None:
        return f"De berichtenset van {row.name} is vastgesteld. Trek dat eerst in, of begin een nieuwe versie.", None
    if new.code in codes:
        return f"De code {new.code} bestaat al in deze set. Kies een andere.", "code"
    strange = sorted(set(new.answers) - codes)
    if strange:
        return f"{', '.join(strange)[:100]} staat niet in deze set. Voeg dat bericht eerst toe.", "answers"
    return why_parties_are_refused(new.kind, new.senders, new.receivers), "senders"


def remove_message_type(actor: Actor, row: ModuleVersion, message: MessageType, *, is_agreed: bool) -> None:
    """Take a message type out of a set that was not agreed yet. Raises Refused when something answers it."""
    lock(row)
    if is_agreed or row.released_on is not None:
        raise Refused(f"De berichtenset van {row.name} is vastgesteld. Trek dat eerst in.")
    query = select(MessageType).where(MessageType.module_version_id == row.id)
    answering = [one.name for one in session().execute(query).scalars() if message.code in one.answers]
    if answering:
        raise Refused(f"{answering[0]} is een antwoord op dit bericht. Haal dat eerst weg.")
    session().delete(message)
    session().flush()
    record(events.REMOVED, actor, subject=f"version:{row.id}", message=message.name, name=row.name)
