"""The list of participants with its filters, and what the page of one participant shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from core.audit import Person
from core.db import session
from core.identifiers import MAX_NAME
from core.kinds import Labelled
from identity.models import Account
from participants.kinds import Channel, Sector, Stage
from participants.models import Note, Organisation, Participant, Role
from participants.queries import likeness, looks_like

SORTS: Mapping[str, Any] = {
    "naam": Organisation.search_text,  # begins with the name, without capitals and accents
    "rol": Role.position,
    "stand": Participant.stage,
    "sinds": Participant.stage_since,
    "aangemeld": Participant.registered_on,
    "provincie": Organisation.province,
}
NOBODY = "niemand"

K = TypeVar("K", bound=Labelled)


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to. Values that do not exist count as no filter, so an old link still works."""

    text: str
    stage: Stage | None
    role_code: str | None
    sector: Sector | None
    province: str | None
    channel: Channel | None
    handled_by: str | None
    """Number of an account, or NOBODY."""

    @classmethod
    def chosen(cls, asked: Mapping[str, str]) -> Self:
        """From the parameters of the address."""
        handled_by = asked.get("bij", "")
        return cls(
            text=" ".join(asked.get("q", "").replace("\0", "").split())[:MAX_NAME],
            stage=_member(Stage, asked.get("stand")),
            role_code=_plain(asked.get("rol")),
            sector=_member(Sector, asked.get("sector")),
            province=_plain(asked.get("provincie")),
            channel=_member(Channel, asked.get("kanaal")),
            handled_by=handled_by if handled_by == NOBODY or _is_key(handled_by) else None,
        )


def _plain(text: str | None) -> str | None:
    return text.replace("\0", "")[:MAX_NAME] or None if text else None


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18


def _member(kind: type[K], value: str | None) -> K | None:
    return next((member for member in kind if member.value == value), None)


def participant_list(filters: Filters, *, best_first: bool) -> Select[Participant]:
    """The participants that fit, without order unless `best_first`: then what looks most like the text comes first."""
    query = (
        select(Participant)
        .join(Participant.organisation)
        .join(Participant.role)
        .options(joinedload(Participant.organisation), joinedload(Participant.role))
    )
    if filters.text:
        unit = Participant.unit_name.icontains(filters.text, autoescape=True)
        query = query.where(or_(looks_like(filters.text), unit))
    if filters.handled_by is not None:
        is_theirs = (
            Participant.handled_by.is_(None)
            if filters.handled_by == NOBODY
            else Participant.handled_by == int(filters.handled_by)
        )
        query = query.where(is_theirs)
    for column, value in (
        (Participant.stage, filters.stage),
        (Participant.role_code, filters.role_code),
        (Participant.channel, filters.channel),
        (Organisation.sector, filters.sector),
        (Organisation.province, filters.province),
    ):
        if value is not None:
            query = query.where(column == value)
    return query.order_by(*likeness(filters.text), Participant.id) if best_first and filters.text else query


def handlers() -> list[tuple[int, str]]:
    """Colleagues who handle at least one file: account number and name, by name."""
    handled = select(Participant.handled_by).where(Participant.handled_by.is_not(None))
    query = select(Account).where(Account.id.in_(handled)).options(joinedload(Account.person))
    return sorted(
        ((row.id, row.person.name or row.email) for row in session().execute(query).scalars()),
        key=lambda pair: pair[1].lower(),
    )


def handler_name(participant: Participant) -> str | None:
    """Name of the colleague who handles the file."""
    row = session().get(Account, participant.handled_by) if participant.handled_by else None
    return (row.person.name or row.email) if row else None


def notes_with_author(participant_id: int) -> list[tuple[Note, str]]:
    """Remarks of staff with the name of who wrote them, newest first."""
    query = (
        select(Note, Person.name)
        .join(Person, Person.key == Note.author)
        .where(Note.participant_id == participant_id)
        .order_by(Note.id.desc())
    )
    return [(note, name or "Een oud-collega") for note, name in session().execute(query)]
