"""Reads about participants and organisations, named after what they return."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from core import db as database
from core.db import scoped, session
from core.errors import NotFound
from core.web import settings
from identity.kinds import PARTICIPANT_PERMISSIONS
from participants import rules
from participants.kinds import CLOSED, MeasurementKind, OrganisationKind
from participants.models import (
    ConnectionPeriod,
    LivePeriod,
    Measurement,
    Note,
    Organisation,
    Participant,
    Representation,
    Role,
    Supplier,
)

ALIKE = 0.42
"""Word similarity (pg_trgm, 0 to 1) from which a name counts as found; one typing error in a short name scores 0.45."""
OF_THE_BEST = 0.6
"""Names that are less alike than this share of the best one are left out."""

BY_NAME = (Organisation.search_text, func.lower(Participant.unit_name), Participant.id)
"""ORDER BY for participants: the search text begins with the name, without capitals and accents."""


def in_force(starts_on: InstrumentedAttribute[Any], ends_before: InstrumentedAttribute[Any], on: date) -> Any:
    """Condition: the half-open period of a row contains the day."""
    return (starts_on <= on) & or_(ends_before.is_(None), ends_before > on)


def permissions_of(account_id: int, on: date) -> dict[int, frozenset[str]]:
    """What an account may do for each participant on a day."""
    query = select(Representation.participant_id, Representation.role).where(
        Representation.account_id == account_id, in_force(Representation.starts_on, Representation.ends_before, on)
    )
    allowed: dict[int, frozenset[str]] = {}
    for participant_id, role in session().execute(query):
        allowed[participant_id] = allowed.get(participant_id, frozenset()) | PARTICIPANT_PERMISSIONS[role]
    return allowed


# ------------------------------------------------------------------------------------------------- organisations


@dataclass(frozen=True)
class OrganisationHit:
    """An organisation that was searched for."""

    id: int
    name: str
    short_name: str
    kind: OrganisationKind
    place: str | None
    province: str | None
    kvk: str | None
    oin: str | None
    ends_before: date | None
    """First day on which it no longer exists."""
    fictional: bool
    is_exact: bool
    """Found by its number."""

    @property
    def kind_label(self) -> str:
        return self.kind.label


def _number_is(text: str) -> ColumnElement[bool]:
    compact = re.sub(r"[\s.\-]", "", text).upper()
    if not re.fullmatch(r"[0-9A-Z]{6,20}", compact):
        return false()
    unit = aliased(Participant)
    of_a_unit = (
        select(unit.id)
        .where(unit.organisation_id == Organisation.id)
        .where(or_(unit.own_oin == compact, unit.establishment_number == compact))
        .correlate(Organisation)
    )
    return or_(
        Organisation.kvk == compact,
        Organisation.oin == compact,
        Organisation.rsin == compact,
        Organisation.municipality_code == compact,
        of_a_unit.exists(),
    )


def looks_like(text: str) -> ColumnElement[bool]:
    """Condition on organisations: name, place or number looks like what was typed. Nothing typed: no condition."""
    needle = rules.fold(text[:200])
    if not needle:
        return false() if text.strip() else true()
    number = _number_is(text)
    digits = needle.replace(" ", "")
    if digits.isdigit():
        return or_(number, Organisation.search_text.contains(digits)) if len(digits) >= 4 else number
    if len(needle) < 3:
        return Organisation.search_text.startswith(needle, autoescape=True)
    everybody = aliased(Organisation)
    score = func.word_similarity(needle, everybody.search_text)
    alike = select(everybody.id, score.label("score")).cte("alike")  # named once, so computed once
    best = select(func.max(alike.c.score)).scalar_subquery()
    found = select(alike.c.id).where(alike.c.score >= func.greatest(ALIKE, best * OF_THE_BEST))
    return or_(number, Organisation.id.in_(found))


def likeness(text: str) -> list[ColumnElement[Any]]:
    """ORDER BY for `looks_like`: exact number, then the most alike, what still exists before what was dissolved."""
    needle = rules.fold(text[:200])
    return [
        case((_number_is(text), 0), else_=1),
        func.word_similarity(needle, Organisation.search_text).desc(),
        case((Organisation.ends_before.is_(None), 0), else_=1),
        func.similarity(needle, func.lower(Organisation.short_name)).desc(),
        Organisation.name.asc(),
    ]


def find_organisations(text: str, limit: int = 20, *, existing_on: date | None = None) -> list[OrganisationHit]:
    """Organisations by name, place, KvK, RSIN, OIN (also of a unit) or CBS code; typing errors, accents and capitals do
    not matter. Best first, an exact number before all. With `existing_on` dissolved ones are left out."""
    if not rules.fold(text):
        return []
    query = select(Organisation, _number_is(text)).where(looks_like(text)).order_by(*likeness(text)).limit(limit)
    if existing_on is not None:
        query = query.where(or_(Organisation.ends_before.is_(None), Organisation.ends_before > existing_on))
    return [
        OrganisationHit(
            id=row.id,
            name=row.name,
            short_name=row.short_name,
            kind=row.kind,
            place=row.place,
            province=row.province,
            kvk=row.kvk,
            oin=row.oin,
            ends_before=row.ends_before,
            fictional=row.fictional,
            is_exact=bool(exact),
        )
        for row, exact in session().execute(query)
    ]


def organisation(organisation_id: int) -> Organisation:
    """Raises NotFound."""
    query = select(Organisation).where(Organisation.id == organisation_id)  # not get(): the scope decides, always
    row = session().execute(query).scalar_one_or_none()
    if row is None:
        raise NotFound("Deze organisatie bestaat niet.")
    return row


def locked_organisation(organisation_id: int) -> Organisation:
    """The organisation as it is stored now, locked until the end of the transaction. Raises NotFound."""
    query = select(Organisation).where(Organisation.id == organisation_id).with_for_update()
    row = session().execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if row is None:
        raise NotFound("Deze organisatie bestaat niet.")
    return row


def organisation_by_kvk(kvk: str) -> Organisation | None:
    """The organisation with this KvK number, also when the caller may not see it (a sole trader): looks past the
    scope, so that no second one is made. Do not show its name to a visitor."""
    with scoped(database.JOB):
        query = select(Organisation).where(Organisation.kvk == kvk).order_by(Organisation.id).limit(1)
        return session().execute(query).scalar_one_or_none()


def municipalities(on: date) -> list[Organisation]:
    """All municipalities that exist on a day, by name."""
    query = (
        select(Organisation)
        .where(Organisation.kind == OrganisationKind.MUNICIPALITY)
        .where(or_(Organisation.ends_before.is_(None), Organisation.ends_before > on))
        .order_by(Organisation.search_text)
    )
    return list(session().execute(query).scalars())


def provinces() -> list[str]:
    """Provinces that occur, by name."""
    query = select(Organisation.province).where(Organisation.province.is_not(None)).distinct()
    return sorted(str(name) for name in session().execute(query).scalars())


# ------------------------------------------------------------------------------------------------- participants


def _participants() -> Select[Participant]:
    return (
        select(Participant)
        .join(Participant.organisation)
        .options(joinedload(Participant.organisation), joinedload(Participant.role))
    )


def participant(participant_id: int) -> Participant:
    """Raises NotFound, also for what the caller may not see."""
    row = session().execute(_participants().where(Participant.id == participant_id)).scalar_one_or_none()
    if row is None:
        raise NotFound("Deze deelnemer bestaat niet, of hoort bij een andere organisatie.")
    return row


def locked_participant(participant_id: int) -> Participant:
    """The participant as it is stored now, locked until the end of the transaction. Raises NotFound."""
    query = _participants().where(Participant.id == participant_id).with_for_update(of=Participant)
    row = session().execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if row is None:
        raise NotFound("Deze deelnemer bestaat niet, of hoort bij een andere organisatie.")
    session().expire(row, ["contacts", "invoice_details"])
    return row


def is_example(row: Organisation) -> bool:
    """Whether what we say of an organisation that exists is only an example: everything is, in the demonstration."""
    return settings().is_demo and not row.fictional


def stage_label(row: Participant) -> str:
    """The stage as people read it, marked where it is an example about an organisation that exists."""
    return f"{row.stage.label} (voorbeeld)" if is_example(row.organisation) else row.stage.label


def participants_by_id(keys: Sequence[int]) -> list[Participant]:
    """By name; keys that do not exist or may not be seen are left out."""
    query = _participants().where(Participant.id.in_(keys)).order_by(*BY_NAME)
    return list(session().execute(query).scalars())


def participants_of(organisation_id: int) -> list[Participant]:
    """All participants of an organisation, those that ended too, oldest first."""
    query = _participants().where(Participant.organisation_id == organisation_id).order_by(Participant.id)
    return list(session().execute(query).scalars())


def open_participant(organisation_id: int, role_code: str, unit_name: str = "") -> Participant | None:
    """The participant of this organisation in this role for this unit (capitals do not matter) that was not refused,
    withdrawn or ended. Looks past the scope: somebody who applies must hear of one that he may not see."""
    with scoped(database.JOB):
        query = (
            _participants()
            .where(Participant.organisation_id == organisation_id, Participant.role_code == role_code)
            .where(func.lower(Participant.unit_name) == func.lower(unit_name.strip()))
            .where(Participant.stage.not_in(CLOSED))
        )
        return session().execute(query).scalar_one_or_none()


def active_participants(on: date) -> list[Participant]:
    """Participants that exchange messages on a day (live, not suspended), by name."""
    live = (
        select(LivePeriod.id)
        .where(LivePeriod.participant_id == Participant.id)
        .where(in_force(LivePeriod.starts_on, LivePeriod.ends_before, on))
    )
    query = _participants().where(live.exists()).order_by(*BY_NAME)
    return list(session().execute(query).scalars())


def find_participants(text: str, limit: int = 20) -> list[Participant]:
    """Participants whose organisation or unit looks like the text, best first."""
    if not rules.fold(text):
        return []
    unit = Participant.unit_name.ilike(f"%{text.strip()[:100]}%") if text.strip() else false()
    query = _participants().where(or_(looks_like(text), unit)).order_by(*likeness(text), Participant.id).limit(limit)
    return list(session().execute(query).scalars())


def role(code: str) -> Role:
    """Raises NotFound."""
    row = session().get(Role, code)
    if row is None:
        raise NotFound("Deze rol bestaat niet.")
    return row


def roles() -> list[Role]:
    """All roles in their order, those of modules to come included."""
    return list(session().execute(select(Role).order_by(Role.position)).scalars())


def roles_to_apply_for() -> list[Role]:
    """The roles in which one can take part today, in their order."""
    return [row for row in roles() if row.can_apply]


def suppliers() -> list[Supplier]:
    """By name."""
    return list(session().execute(select(Supplier).order_by(func.lower(Supplier.name))).scalars())


# ------------------------------------------------------------------------------------------------- dated facts


def connection_period(participant_id: int, on: date) -> ConnectionPeriod | None:
    """The subscription that runs on a day."""
    query = select(ConnectionPeriod).where(
        ConnectionPeriod.participant_id == participant_id,
        in_force(ConnectionPeriod.starts_on, ConnectionPeriod.ends_before, on),
    )
    return session().execute(query).scalar_one_or_none()


def connection_periods(participant_id: int) -> list[ConnectionPeriod]:
    """All subscriptions of a participant, oldest first."""
    query = select(ConnectionPeriod).where(ConnectionPeriod.participant_id == participant_id)
    return list(session().execute(query.order_by(ConnectionPeriod.starts_on)).scalars())


def latest_measurement(
    kind: MeasurementKind,
    *,
    on: date | None = None,
    organisation_id: int | None = None,
    participant_id: int | None = None,
) -> Measurement | None:
    """The number that counts on a day: the latest measured on or before it, of equal days the last recorded. Without a
    day the latest of all."""
    query = select(Measurement).where(Measurement.kind == kind)
    if on is not None:
        query = query.where(Measurement.measured_on <= on)
    if organisation_id is not None:
        query = query.where(Measurement.organisation_id == organisation_id)
    if participant_id is not None:
        query = query.where(Measurement.participant_id == participant_id)
    query = query.order_by(Measurement.measured_on.desc(), Measurement.id.desc()).limit(1)
    return session().execute(query).scalar_one_or_none()


def measurements(*, organisation_id: int | None = None, participant_id: int | None = None) -> list[Measurement]:
    """All numbers of an organisation or participant, newest first."""
    owner = (
        Measurement.organisation_id == organisation_id
        if organisation_id is not None
        else Measurement.participant_id == participant_id
    )
    query = select(Measurement).where(owner).order_by(Measurement.measured_on.desc(), Measurement.id.desc())
    return list(session().execute(query).scalars())


def notes(participant_id: int) -> list[Note]:
    """Remarks of staff, newest first."""
    query = select(Note).where(Note.participant_id == participant_id).order_by(Note.id.desc())
    return list(session().execute(query).scalars())
