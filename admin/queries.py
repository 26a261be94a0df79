"""Search over everything by any number or name, the audit trail, and how the background jobs do."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import url_for
from sqlalchemy import ColumnElement, Select, Text, cast, false, func, or_, select
from sqlalchemy.dialects.postgresql import JSONPATH

from billing.models import Invoice
from core import clock
from core.approvals import Approval
from core.audit import AuditEvent, Person
from core.clock import AMSTERDAM
from core.db import session
from core.filters import day
from core.jobs import JOBS, Job, JobHeartbeat
from core.permissions import Caller
from governance.models import Decision
from onboarding.applications.queries import Filters, listed, listed_query
from onboarding.models import Application
from participants.models import Contact, Organisation, Participant
from participants.queries import OrganisationHit, find_organisations, participants_by_id, stage_label

MOST_HITS = 30
"""More than this nobody reads: the page asks for a more precise word."""


@dataclass(frozen=True)
class Hit:
    """One result of the search."""

    kind: str
    title: str
    explanation: str
    url: str


def exact_hit(text: str, who: Caller) -> str | None:
    """Address of the one object with this number, if the person may open it: invoice, decision, application, OIN,
    KvK number, establishment number, or id in the hub's directory."""
    compact = re.sub(r"[\s.]", "", text)
    return _document(compact, who) or _file(compact)


def _document(number: str, who: Caller) -> str | None:
    """An invoice, a decision or an application."""
    invoice = select(Invoice.number).where(func.lower(Invoice.number) == number.lower())
    if who.may("invoice:view") and (found := session().scalar(invoice)):
        return url_for("billing.show_invoice", number=found)
    decision = select(Decision.number).where(func.lower(Decision.number) == number.lower())
    if who.may("decision:view") and (found := session().scalar(decision)):
        return url_for("governance.show_decision", number=found)
    application = select(Application.number).where(func.lower(Application.number) == number.lower())
    if who.may("application:view") and (found := session().scalar(application)):
        return url_for("applications.show_application", number=found)
    return None


def _file(number: str) -> str | None:
    """A participant, or else an organisation. The number of a business unit goes before that of the whole."""
    if re.fullmatch(r"[0-9A-Za-z]{20}", number):
        oin = number.upper()
        return _only(Participant.own_oin == oin, None) or _only(Organisation.oin == oin, Organisation.oin == oin)
    if re.fullmatch(r"[0-9]{12}", number):
        return _only(Participant.establishment_number == number, None)
    if re.fullmatch(r"[0-9]{8}", number):
        return _only(Organisation.kvk == number, Organisation.kvk == number)
    if re.fullmatch(r"[0-9A-Fa-f]{8}(-?[0-9A-Fa-f]{4}){3}-?[0-9A-Fa-f]{12}", number):
        return _only(Participant.directory_id == uuid.UUID(number), None)
    return None


def _only(of_participant: ColumnElement[bool], of_organisation: ColumnElement[bool] | None) -> str | None:
    """The participant when there is one, else the organisation when there is one."""
    found = select(Participant.id).join(Participant.organisation).where(of_participant)
    keys = session().execute(found.order_by(Participant.id).limit(2)).scalars().all()
    if len(keys) == 1:
        return url_for("participants.show_participant", participant_id=keys[0])
    if of_organisation is None:
        return None
    rows = session().execute(select(Organisation.id).where(of_organisation).limit(2)).scalars().all()
    return url_for("participants.show_organisation", organisation_id=rows[0]) if len(rows) == 1 else None


def hits(text: str, who: Caller, limit: int = MOST_HITS) -> list[Hit]:
    """What looks like the text, most alike first: organisations with their participants, business units, contacts by
    mail address, and applications that are not submitted yet. Typing errors are forgiven."""
    organisations = find_organisations(text, limit)
    of_organisation: dict[int, list[Participant]] = {}
    for participant in _participants(Participant.organisation_id.in_([hit.id for hit in organisations])):
        of_organisation.setdefault(participant.organisation_id, []).append(participant)
    found: list[Hit] = []
    for hit in organisations:
        found.extend(_as_hit(participant) for participant in of_organisation.get(hit.id, []))
        if hit.id not in of_organisation:
            found.append(_organisation(hit))
    found += [_as_hit(participant) for participant in _participants(_unit_or_contact(text))]
    if who.may("application:view"):
        found += _applications(text)
    return list({hit.url: hit for hit in found}.values())[:limit]


def _organisation(hit: OrganisationHit) -> Hit:
    place = f", {hit.place}" if hit.place else ""
    standing = f"opgeheven op {day(hit.ends_before)}" if hit.ends_before else "nog geen deelnemer"
    url = url_for("participants.show_organisation", organisation_id=hit.id)
    return Hit("Organisatie", hit.name, f"{hit.kind_label}{place}, {standing}", url)


def _participants(condition: ColumnElement[bool]) -> list[Participant]:
    keys = session().execute(select(Participant.id).where(condition).order_by(Participant.id).limit(200)).scalars()
    return participants_by_id(list(keys))


def _unit_or_contact(text: str) -> ColumnElement[bool]:
    """The name of a business unit, or the mail address of a contact."""
    of_contact = select(Contact.participant_id).where(Contact.email.icontains(text, autoescape=True))
    by_address = Participant.id.in_(of_contact) if "@" in text else false()
    return or_(Participant.unit_name.icontains(text, autoescape=True), by_address)


def _applications(text: str) -> list[Hit]:
    query = listed_query(Filters(stage="alle", text=text)).where(Application.participant_id.is_(None))
    rows = [listed(row) for row in session().execute(query.order_by(Application.id.desc()).limit(10))]
    return [
        Hit(
            "Aanmelding",
            row.name or row.application.email,
            f"{row.application.number}, {row.stage.label.lower()}",
            url_for("applications.show_application", number=row.application.number),
        )
        for row in rows
    ]


def _as_hit(participant: Participant) -> Hit:
    place = f", {participant.organisation.place}" if participant.organisation.place else ""
    explanation = f"{participant.role.label}, {stage_label(participant).lower()}{place}"
    url = url_for("participants.show_participant", participant_id=participant.id)
    return Hit("Deelnemer", participant.name, explanation, url)


def stays_same(request: Approval) -> str:
    """What a request is about: the values that it does not change, such as the name of a colleague."""
    kept = [str(value) for name, value in request.after.items() if request.before.get(name) == value]
    return ", ".join(kept)


@dataclass(frozen=True)
class EventFilter:
    """What the audit trail is narrowed down to; None or empty means everything."""

    names: Collection[str] | None = None
    """Kinds of events."""
    text: str = ""
    """In a fact, in the name of who acted, or the subject as a whole."""
    starts_on: date | None = None
    ends_on: date | None = None
    """The last day, inclusive."""


def events(chosen: EventFilter) -> Select[AuditEvent, str | None]:
    """The audit trail, newest first: a query for a list page."""
    query = select(AuditEvent, Person.name).outerjoin(Person, Person.key == AuditEvent.actor_key)
    if chosen.names is not None:
        query = query.where(AuditEvent.name.in_(chosen.names))
    if chosen.starts_on is not None:
        query = query.where(AuditEvent.recorded_at >= datetime.combine(chosen.starts_on, time(), AMSTERDAM))
    if chosen.ends_on is not None:
        after = chosen.ends_on + timedelta(days=1)
        query = query.where(AuditEvent.recorded_at < datetime.combine(after, time(), AMSTERDAM))
    if chosen.text:
        pattern = "%" + re.sub(r"([%_\\])", r"\\\1", chosen.text) + "%"
        in_facts = func.jsonb_path_query_array(AuditEvent.facts, cast("$.*", JSONPATH)).cast(Text).ilike(pattern)
        query = query.where(or_(in_facts, AuditEvent.subject == chosen.text, Person.name.ilike(pattern)))
    return query.order_by(AuditEvent.id.desc())


@dataclass(frozen=True)
class JobState:
    """A background job with its last heartbeat."""

    job: Job
    succeeded_at: datetime | None
    failed_at: datetime | None
    duration_ms: int | None
    last_error: str | None
    late: bool


def job_states() -> list[JobState]:
    """All jobs; late when the last success is more than twice its interval (and two minutes) ago."""
    beats = {row.name: row for row in session().execute(select(JobHeartbeat)).scalars()}
    states = []
    for job in sorted(JOBS.values(), key=lambda job: job.label):
        beat = beats.get(job.name)
        succeeded = beat.succeeded_at if beat else None
        late = succeeded is None or clock.now() - succeeded > 2 * job.every + timedelta(minutes=2)
        states.append(
            JobState(
                job,
                succeeded,
                beat.failed_at if beat else None,
                beat.duration_ms if beat else None,
                beat.last_error if beat else None,
                late,
            )
        )
    return states
