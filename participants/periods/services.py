"""Dated facts of participants. Periods are half-open; ending one is a new fact with its own sentence."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy import select

from core.audit import Actor, Event, record
from core.db import session
from core.errors import Refused
from core.filters import day
from identity.kinds import ParticipantRole
from participants import events, queries
from participants.models import (
    ActsForCreditor,
    ConnectionPeriod,
    LivePeriod,
    Representation,
    ServedMunicipality,
)

Dated = TypeVar("Dated", ConnectionPeriod, LivePeriod, ServedMunicipality, ActsForCreditor, Representation)


def open_connection(actor: Actor, participant_id: int, on: date) -> ConnectionPeriod:
    """The subscription starts: the day of countersigning. Raises Refused when one runs already."""
    _refuse_running(ConnectionPeriod, participant_id, on, "Het abonnement loopt al.")
    row = ConnectionPeriod(participant_id=participant_id, starts_on=on)
    return _added(row, events.CONNECTION_OPENED, actor, participant_id, on)


def close_connection(actor: Actor, participant_id: int, ends_before: date) -> ConnectionPeriod:
    """The subscription ends; `ends_before` is the first day without it. Raises Refused when none runs."""
    row = _running(ConnectionPeriod, participant_id, ends_before, "Er loopt geen abonnement.")
    return _ended(row, events.CONNECTION_CLOSED, actor, participant_id, ends_before)


def open_live_period(actor: Actor, participant_id: int, on: date) -> LivePeriod:
    """Messages can be exchanged from this day on. Raises Refused when that is so already."""
    _refuse_running(LivePeriod, participant_id, on, "De aansluiting staat al aan.")
    row = LivePeriod(participant_id=participant_id, starts_on=on)
    return _added(row, events.LIVE_OPENED, actor, participant_id, on)


def close_live_period(actor: Actor, participant_id: int, ends_before: date) -> LivePeriod:
    """No messages any more from this day on (suspension, ending). Raises Refused when the connection is off."""
    row = _running(LivePeriod, participant_id, ends_before, "De aansluiting staat niet aan.")
    return _ended(row, events.LIVE_CLOSED, actor, participant_id, ends_before)


def _refuse_running(
    model: type[ConnectionPeriod] | type[LivePeriod], participant_id: int, on: date, message: str
) -> None:
    query = select(model.id).where(
        model.participant_id == participant_id, (model.ends_before.is_(None)) | (model.ends_before > on)
    )
    if session().execute(query.limit(1)).first() is not None:
        raise Refused(message)


def _running(model: type[Dated], participant_id: int, ends_before: date, message: str) -> Dated:
    query = select(model).where(model.participant_id == participant_id, model.ends_before.is_(None)).with_for_update()
    row = session().execute(query).scalar_one_or_none()
    if row is None:
        raise Refused(message)
    if ends_before < row.starts_on:
        raise Refused(f"De einddatum ligt voor de begindatum ({day(row.starts_on)}).")
    return row


def _added(row: Dated, event: Event, actor: Actor, participant_id: int, on: date, **facts: str) -> Dated:
    session().add(row)
    session().flush()
    record(event, actor, participant_id=participant_id, subject=f"participant:{participant_id}", day=day(on), **facts)
    return row


def _ended(row: Dated, event: Event, actor: Actor, participant_id: int, ends_before: date) -> Dated:
    row.ends_before = ends_before
    session().flush()
    last = day(ends_before - timedelta(days=1))
    record(event, actor, participant_id=participant_id, subject=f"participant:{participant_id}", day=last)
    return row


def serve_municipality(actor: Actor, participant_id: int, organisation_id: int, starts_on: date) -> ServedMunicipality:
    """A debt counsellor works for a municipality from a day on; its inhabitants count from then. Stays one row when
    it does so already."""
    query = select(ServedMunicipality).where(
        ServedMunicipality.participant_id == participant_id,
        ServedMunicipality.organisation_id == organisation_id,
        ServedMunicipality.ends_before.is_(None),
    )
    row = session().execute(query).scalar_one_or_none()
    if row is not None:
        return row
    municipality = queries.organisation(organisation_id)
    if municipality.municipality_code is None:
        raise Refused(f"{municipality.name} is geen gemeente.", field="organisation_id")
    row = ServedMunicipality(
        participant_id=participant_id, organisation_id=organisation_id, starts_on=starts_on, organisation=municipality
    )
    return _added(row, events.MUNICIPALITY_SERVED, actor, participant_id, starts_on, name=municipality.name)


def leave_municipality(actor: Actor, participant_id: int, organisation_id: int, ends_before: date) -> None:
    """A debt counsellor no longer works for a municipality from this day on."""
    query = select(ServedMunicipality).where(
        ServedMunicipality.participant_id == participant_id,
        ServedMunicipality.organisation_id == organisation_id,
        ServedMunicipality.ends_before.is_(None),
    )
    row = session().execute(query).scalar_one_or_none()
    if row is None:
        raise Refused("Deze deelnemer werkt niet voor die gemeente.")
    row.ends_before = max(ends_before, row.starts_on)
    session().flush()
    record(
        events.MUNICIPALITY_LEFT,
        actor,
        participant_id=participant_id,
        subject=f"participant:{participant_id}",
        day=day(row.ends_before),
        name=row.organisation.name,
    )


def act_for_creditor(
    actor: Actor, participant_id: int, creditor_name: str, starts_on: date, *, creditor_id: int | None = None
) -> ActsForCreditor:
    """A collector acts in the name of a creditor; `creditor_id` when that creditor takes part too."""
    name = " ".join(creditor_name.split())
    if not name:
        raise Refused("Vul de naam van de schuldeiser in.", field="creditor_name")
    row = ActsForCreditor(
        participant_id=participant_id, creditor_name=name, creditor_id=creditor_id, starts_on=starts_on
    )
    return _added(row, events.ACTS_FOR, actor, participant_id, starts_on, name=name)


def stop_acting_for(actor: Actor, row: ActsForCreditor, ends_before: date) -> None:
    """A collector no longer acts in the name of a creditor from this day on."""
    row.ends_before = max(ends_before, row.starts_on)
    session().flush()
    record(
        events.ACTS_NO_LONGER_FOR,
        actor,
        participant_id=row.participant_id,
        subject=f"participant:{row.participant_id}",
        day=day(row.ends_before),
        name=row.creditor_name,
    )


def represent(actor: Actor, account_id: int, participant_id: int, role: ParticipantRole, on: date) -> Representation:
    """An account may act for a participant in a role from a day on. Stays one row when it may already. Runs as staff
    or as the system: people cannot give themselves access."""
    query = select(Representation).where(
        Representation.account_id == account_id,
        Representation.participant_id == participant_id,
        Representation.role == role,
        Representation.ends_before.is_(None),
    )
    row = session().execute(query).scalar_one_or_none()
    if row is not None:
        return row
    row = Representation(account_id=account_id, participant_id=participant_id, role=role, starts_on=on)
    return _added(row, events.REPRESENTED, actor, participant_id, on, role=role.label.lower())


def end_representation(actor: Actor, row: Representation, ends_before: date) -> None:
    """Access ends; `ends_before` is the first day without it."""
    row.ends_before = max(ends_before, row.starts_on)
    session().flush()
    record(
        events.REPRESENTATION_ENDED,
        actor,
        participant_id=row.participant_id,
        subject=f"participant:{row.participant_id}",
        role=row.role.label.lower(),
        day=day(row.ends_before),
    )
