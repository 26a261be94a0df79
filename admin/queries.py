"""What waits on whom, and search over everything by any number or name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from sqlalchemy import Select, func, or_, select

from billing.models import Invoice
from core import approvals, clock
from core.audit import AuditEvent, Person
from core.db import session
from core.jobs import JOBS, Job, JobHeartbeat
from core.mail import Delivery, OutboxMessage
from core.permissions import Caller
from onboarding.models import Application
from participants.models import Organisation, Participant
from participants.queries import find_organisations


@dataclass(frozen=True)
class WorkItem:
    """Something that waits on the staff."""

    what: str
    about: str
    url: str
    since: datetime
    action: str


WorkSource = Callable[[Caller], list[WorkItem]]


def waiting_approvals(who: Caller) -> list[WorkItem]:
    """Requests of colleagues that this person may decide on; never one's own."""
    return [
        WorkItem(
            "Akkoord gevraagd",
            row.what,
            url_for("admin.show_approval", approval_id=row.id),
            row.requested_at,
            "Beoordelen",
        )
        for row in approvals.waiting()
        if who.may(row.permission) and row.requested_by != who.person
    ]


def failed_mail(who: Caller) -> list[WorkItem]:
    """Mail that could not be delivered."""
    if not who.may("job:view"):
        return []
    query = select(OutboxMessage).where(OutboxMessage.delivery == Delivery.FAILED).order_by(OutboxMessage.id)
    return [
        WorkItem(
            "Mail niet bezorgd",
            f"{row.subject} aan {row.recipient}",
            url_for("admin.list_mail"),
            row.queued_at,
            "Bekijken",
        )
        for row in session().execute(query).scalars()
    ]


@dataclass(frozen=True)
class Hit:
    """One result of the search."""

    kind: str
    title: str
    explanation: str
    url: str


def exact_hit(text: str) -> str | None:
    """Address of the one object with this number: invoice, application, OIN, KvK or directory id."""
    compact = re.sub(r"[\s.]", "", text)
    number = session().scalar(select(Invoice.number).where(func.lower(Invoice.number) == compact.lower()))
    if number:
        return url_for("billing.show_invoice", number=number)
    application = session().scalar(select(Application.number).where(func.lower(Application.number) == compact.lower()))
    if application:
        return url_for("applications.show_application", number=application)
    if re.fullmatch(r"[0-9A-Za-z]{20}", compact):
        return _only(
            or_(Organisation.oin == compact.upper(), Participant.own_oin == compact.upper()),
            Organisation.oin == compact.upper(),
        )
    if re.fullmatch(r"[0-9]{8}", compact):
        return _only(Organisation.kvk == compact, Organisation.kvk == compact)
    return None


def _only(of_participant: object, of_organisation: object) -> str | None:
    """The participant when there is one, else the organisation when there is one."""
    found: Select[int] = select(Participant.id).join(Participant.organisation).where(of_participant)  # type: ignore[arg-type]
    keys = session().execute(found.order_by(Participant.id).limit(2)).scalars().all()
    if len(keys) == 1:
        return url_for("participants.show_participant", participant_id=keys[0])
    rows = session().execute(select(Organisation.id).where(of_organisation).limit(2)).scalars().all()  # type: ignore[arg-type]
    return url_for("participants.show_organisation", organisation_id=rows[0]) if len(rows) == 1 else None


def hits(text: str, limit: int = 30) -> list[Hit]:
    """Participants and organisations that look like the text; typing errors are forgiven."""
    found: list[Hit] = []
    organisations = find_organisations(text, limit)
    keys = [hit.id for hit in organisations]
    of_organisation: dict[int, list[Participant]] = {}
    query = select(Participant).where(Participant.organisation_id.in_(keys)).order_by(Participant.id)
    for participant in session().execute(query).scalars():
        of_organisation.setdefault(participant.organisation_id, []).append(participant)
    for hit in organisations:
        found.extend(_as_hit(participant) for participant in of_organisation.get(hit.id, []))
        if hit.id not in of_organisation:
            place = f", {hit.place}" if hit.place else ""
            url = url_for("participants.show_organisation", organisation_id=hit.id)
            found.append(Hit("Organisatie", hit.name, f"{hit.kind_label}{place}, nog geen deelnemer", url))
    return found


def _as_hit(participant: Participant) -> Hit:
    explanation = f"{participant.role.label}, {participant.stage.label.lower()}"
    url = url_for("participants.show_participant", participant_id=participant.id)
    return Hit("Deelnemer", participant.name, explanation, url)


def events(
    *, name: str | None, text: str | None, refusals_only: frozenset[str] | None
) -> Select[AuditEvent, str | None]:
    """The audit trail, newest first: a query for a list page."""
    query = select(AuditEvent, Person.name).outerjoin(Person, Person.key == AuditEvent.actor_key)
    if name:
        query = query.where(AuditEvent.name == name)
    if refusals_only is not None:
        query = query.where(AuditEvent.name.in_(refusals_only))
    if text:
        pattern = "%" + re.sub(r"([%_\\])", r"\\\1", text) + "%"
        in_facts = func.jsonb_path_query_array(AuditEvent.facts, "$.*").cast(_TEXT).ilike(pattern)
        query = query.where(or_(in_facts, AuditEvent.subject == text, Person.name.ilike(pattern)))
    return query.order_by(AuditEvent.id.desc())


_TEXT = Person.name.type


@dataclass(frozen=True)
class JobState:
    """A background job with its last heartbeat."""

    job: Job
    succeeded_at: datetime | None
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
            JobState(job, succeeded, beat.duration_ms if beat else None, beat.last_error if beat else None, late)
        )
    return states
