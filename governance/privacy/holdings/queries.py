"""What stands where about a person, in the tables of core, identity, participants and governance."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text, cast, or_, select

from core import audit
from core import db as database
from core.approvals import Approval
from core.audit import AuditEvent, Person
from core.db import scoped, session
from core.filters import day, moment
from core.mail import OutboxMessage
from governance.privacy.holdings.rules import HOLDINGS, Holding, Row, Subject
from governance.privacy.models import SubjectRequest
from identity.models import Account, RoleGrant, SignInSession
from participants.models import Contact, InvoiceDetails, Note, Representation


def subject_of(email: str) -> Subject:
    """Who has this mail address: its accounts, and the keys behind which they act."""
    address = email.strip().lower()
    rows = session().execute(select(Account.id, Account.person_key).where(Account.email == address)).all()
    return Subject(address, tuple(row.id for row in rows), tuple(row.person_key for row in rows))


def collected(email: str) -> list[tuple[Holding, list[Row]]]:
    """Everything that we hold about who has this address, place by place; also the places where nothing stands."""
    with scoped(database.JOB):
        subject = subject_of(email)
        return [(holding, holding.collect(subject)) for holding in HOLDINGS]


def _all(query: Any) -> list[Any]:
    return list(session().execute(query).scalars())


def accounts(subject: Subject) -> list[Row]:
    found: list[Row] = []
    for row in _all(select(Account).where(Account.id.in_(subject.accounts))):
        roles = _all(select(RoleGrant).where(RoleGrant.account_id == row.id))
        acts = _all(select(Representation).where(Representation.account_id == row.id))
        found.append(
            {
                "naam": row.person.name or "",
                "e-mailadres": row.email,
                "soort": row.kind.label,
                "sinds": moment(row.created_at),
                "gesloten": moment(row.disabled_at),
                "tweede stap": "ingesteld" if row.totp_secret else "niet ingesteld",
                "rollen als medewerker": ", ".join(f"{one.role.label} vanaf {day(one.starts_on)}" for one in roles),
                "namens deelnemers": ", ".join(f"{one.participant_id} als {one.role.label}" for one in acts),
            }
        )
    return found


def sessions(subject: Subject) -> list[Row]:
    query = select(SignInSession).where(SignInSession.account_id.in_(subject.accounts)).order_by(SignInSession.id)
    return [
        {"begonnen": moment(row.started_at), "laatst gezien": moment(row.last_seen_at), "apparaat": row.device}
        for row in _all(query)
    ]


def contacts(subject: Subject) -> list[Row]:
    return [
        {
            "deelnemer": str(row.participant_id),
            "rol": row.role.label,
            "naam": row.name,
            "functie": row.function or "",
            "e-mailadres": row.email,
            "telefoon": row.phone or "",
        }
        for row in _all(select(Contact).where(Contact.email == subject.email).order_by(Contact.id))
    ]


def invoice_details(subject: Subject) -> list[Row]:
    return [
        {"deelnemer": str(row.participant_id), "ter attentie van": row.attention or "", "e-mailadres": row.email}
        for row in _all(select(InvoiceDetails).where(InvoiceDetails.email == subject.email))
    ]


def notes(subject: Subject) -> list[Row]:
    return [
        {"deelnemer": str(row.participant_id), "geschreven": moment(row.written_at), "tekst": row.text}
        for row in _all(select(Note).where(Note.author.in_(subject.people)).order_by(Note.id))
    ]


def mail(subject: Subject) -> list[Row]:
    query = select(OutboxMessage).where(OutboxMessage.recipient == subject.email).order_by(OutboxMessage.id)
    return [
        {"gemaakt": moment(row.queued_at), "aan": row.recipient, "onderwerp": row.subject, "tekst": row.body}
        for row in _all(query)
    ]


def _contains(column: Any, text: str) -> Any:
    return cast(column, Text).icontains(text, autoescape=True)


def events(subject: Subject) -> list[Row]:
    """As sentences: what the person did, and what names their address."""
    query = (
        select(AuditEvent, Person.name)
        .outerjoin(Person, Person.key == AuditEvent.actor_key)
        .where(or_(AuditEvent.actor_key.in_(subject.people), _contains(AuditEvent.facts, subject.email)))
        .order_by(AuditEvent.id)
    )
    return [
        {"wanneer": moment(row.recorded_at), "wat": audit.sentence(row, audit.actor_name(row, name, for_staff=True))}
        for row, name in session().execute(query)
    ]


def approvals(subject: Subject) -> list[Row]:
    named = or_(_contains(Approval.before, subject.email), _contains(Approval.after, subject.email))
    query = select(Approval).where(or_(named, Approval.requested_by.in_(subject.people))).order_by(Approval.id)
    return [
        {"gevraagd": moment(row.requested_at), "wat": row.what, "uitkomst": row.outcome.label} for row in _all(query)
    ]


def requests(subject: Subject) -> list[Row]:
    query = select(SubjectRequest).where(SubjectRequest.email == subject.email).order_by(SubjectRequest.id)
    return [
        {
            "ontvangen": day(row.received_on),
            "soort": row.kind.label,
            "naam": row.name,
            "stand": row.stage.label,
            "antwoord": row.answer or "",
        }
        for row in _all(query)
    ]
