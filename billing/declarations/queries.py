"""Reads about the yearly request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from billing.declarations.models import DeclarationRequest
from core.db import session
from core.errors import NotFound
from participants.kinds import Basis
from participants.models import ConnectionPeriod, Organisation, Participant, Role
from participants.queries import in_force

ANSWERED, NOT_ANSWERED = "beantwoord", "niet-beantwoord"
"""What the list can be narrowed to."""


def to_ask(
    year: int, on: date, connected_before: date, limit: int, *, only_invented: bool = False
) -> list[Participant]:
    """Whose subscription runs on a day and began before another, who pay a tariff, and who were not asked yet for the
    year; oldest first."""
    asked = select(DeclarationRequest.id).where(
        DeclarationRequest.participant_id == Participant.id, DeclarationRequest.year == year
    )
    query = (
        select(Participant)
        .join(Participant.organisation)
        .join(Participant.role)
        .join(ConnectionPeriod, ConnectionPeriod.participant_id == Participant.id)
        .options(contains_eager(Participant.organisation), contains_eager(Participant.role))
        .options(joinedload(Participant.invoice_details))
        .where(in_force(ConnectionPeriod.starts_on, ConnectionPeriod.ends_before, on))
        .where(ConnectionPeriod.starts_on < connected_before, Role.basis != Basis.NONE, ~asked.exists())
        .order_by(Participant.id)
        .limit(limit)
    )
    if only_invented:
        query = query.where(Organisation.fictional)
    return list(session().execute(query).scalars())


def requests_of(participant_id: int) -> list[DeclarationRequest]:
    """Of one participant, newest first."""
    query = select(DeclarationRequest).where(DeclarationRequest.participant_id == participant_id)
    return list(session().execute(query.order_by(DeclarationRequest.year.desc())).scalars())


def request_of(participant_id: int, year: int, *, lock: bool = False) -> DeclarationRequest:
    """Raises NotFound when nothing was asked."""
    query = select(DeclarationRequest).where(
        DeclarationRequest.participant_id == participant_id, DeclarationRequest.year == year
    )
    if lock:
        query = query.with_for_update(of=DeclarationRequest).execution_options(populate_existing=True)
    found = session().execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound("Over dit jaar is u geen opgave gevraagd. Bekijk de pagina van uw organisatie.")
    return found


def years() -> list[int]:
    """Years in which was asked, newest first."""
    query = select(DeclarationRequest.year).distinct().order_by(DeclarationRequest.year.desc())
    return list(session().execute(query).scalars())


def requests(year: int, narrowed: str = "") -> Select[DeclarationRequest]:
    """The requests of a year with their participants, unordered; all, or those with or without an answer."""
    query = (
        select(DeclarationRequest)
        .join(DeclarationRequest.participant)
        .join(Participant.organisation)
        .options(
            contains_eager(DeclarationRequest.participant).contains_eager(Participant.organisation),
            contains_eager(DeclarationRequest.participant).joinedload(Participant.role),
            joinedload(DeclarationRequest.approval),
        )
        .where(DeclarationRequest.year == year)
    )
    if narrowed == ANSWERED:
        return query.where(DeclarationRequest.answered_at.is_not(None))
    if narrowed == NOT_ANSWERED:
        return query.where(DeclarationRequest.answered_at.is_(None))
    return query


SORT_COLUMNS = {
    "deelnemer": Organisation.short_name,
    "gevraagd": DeclarationRequest.asked_at,
    "beantwoord": DeclarationRequest.answered_at,
    "aantal": DeclarationRequest.number,
}


@dataclass(frozen=True)
class Progress:
    """How many were asked in a year, and how many answered."""

    asked: int
    answered: int

    @property
    def open(self) -> int:
        return self.asked - self.answered


def progress(year: int) -> Progress:
    query = select(func.count(), func.count(DeclarationRequest.answered_at)).where(DeclarationRequest.year == year)
    asked, answered = session().execute(query).one()
    return Progress(asked, answered)
