"""Record, extend, answer and carry out requests of people. Nothing here commits."""

from __future__ import annotations

import json
from datetime import date

from core import approvals, clock
from core.approvals import Approval
from core.audit import Actor, Entry, record
from core.db import lock, session
from core.errors import Refused
from core.filters import day
from core.mail import queue_mail
from governance.privacy.holdings import services as holdings
from governance.privacy.holdings.queries import collected
from governance.privacy.holdings.rules import HOLDINGS
from governance.privacy.kinds import RequestKind, RequestStage
from governance.privacy.models import SubjectRequest
from governance.privacy.subject_requests import events, queries
from governance.privacy.subject_requests.rules import why_not_extended
from identity.kinds import AccountKind
from identity.queries import account_by_email


def _subject(row: SubjectRequest) -> str:
    return f"subject_request:{row.id}"


def receive(
    actor: Actor, *, kind: RequestKind, name: str, email: str, received_on: date, received_how: str
) -> SubjectRequest:
    """Record a request; from its day of receipt the term runs. Raises Refused for a day that is still to come."""
    if received_on > clock.today():
        raise Refused("Deze dag moet nog komen. Vul in wanneer het verzoek binnenkwam.", field="received_on")
    row = SubjectRequest(
        kind=kind, name=name, email=email.strip().lower(), received_on=received_on, received_how=received_how
    )
    session().add(row)
    session().flush()
    record(events.RECEIVED, actor, subject=_subject(row), request=row.id, kind=kind.label)
    return row


def _open(row: SubjectRequest) -> SubjectRequest:
    lock(row)
    if row.stage is not RequestStage.OPEN:
        raise Refused(f"Dit verzoek is al {row.stage.label.lower()}.")
    return row


def _identified(row: SubjectRequest) -> SubjectRequest:
    _open(row)
    if not row.identity_check:
        raise Refused("Leg eerst vast hoe u hebt gecontroleerd wie het vraagt (art. 12 lid 6 AVG).")
    return row


def identify(row: SubjectRequest, how: str, actor: Actor) -> None:
    """Record how it was established that the asker is who they say."""
    _open(row)
    if not how.strip():
        raise Refused("Schrijf op hoe u hebt gecontroleerd wie het vraagt.", field="identity_check")
    row.identity_check = how.strip()
    session().flush()
    record(events.IDENTIFIED, actor, subject=_subject(row), request=row.id)


def extend(row: SubjectRequest, reason: str, actor: Actor) -> None:
    """Two months more, once, told to the person with the reason. Raises Refused after the first month."""
    _open(row)
    why = why_not_extended(row.received_on, extended=row.extended_on is not None, on=clock.today())
    if why:
        raise Refused(why)
    if not reason.strip():
        raise Refused("Schrijf op waarom er meer tijd nodig is; de aanvrager krijgt dit te lezen.", field="reason")
    row.extended_on, row.extension_reason = clock.today(), reason.strip()
    session().flush()
    last_day = day(queries.last_day_of(row))
    record(
        events.EXTENDED, actor, subject=_subject(row), request=row.id, last_day=last_day, reason=row.extension_reason
    )
    queue_mail(
        row.email,
        "Wij hebben meer tijd nodig voor uw verzoek",
        "privacy_extended",
        name=row.name,
        received_on=row.received_on,
        last_day=last_day,
        reason=row.extension_reason,
    )


def export(row: SubjectRequest, actor: Actor) -> bytes:
    """Everything that we hold about the asker, as JSON. Raises Refused before the identity was checked."""
    _identified(row)
    row.exported_at = clock.now()
    session().flush()
    record(events.EXPORTED, actor, subject=_subject(row), request=row.id)
    return json.dumps(queries.export_of(row, clock.today()), ensure_ascii=False, indent=2).encode()


def close(row: SubjectRequest, stage: RequestStage, answer: str, actor: Actor) -> None:
    """Answer, or refuse with a reason; the person gets the text by mail, with where to complain."""
    _open(row)
    if stage is RequestStage.OPEN:
        raise Refused("Kies beantwoord of geweigerd.", field="stage")
    if not answer.strip():
        raise Refused("Schrijf het antwoord. Weigert u, schrijf dan de reden.", field="answer")
    if stage is RequestStage.ANSWERED:
        _identified(row)
    if queries.waits_for_colleague(row):
        raise Refused("Het wissen ligt nog bij een collega. Wacht tot die heeft besloten.")
    if stage is RequestStage.ANSWERED and row.kind is RequestKind.ERASURE and row.erased_at is None:
        raise Refused("Er is nog niet gewist. Vraag eerst een collega om akkoord, of weiger het verzoek met een reden.")
    row.stage, row.closed_on, row.answer = stage, clock.today(), answer.strip()
    session().flush()
    event = events.ANSWERED if stage is RequestStage.ANSWERED else events.REFUSED
    record(event, actor, subject=_subject(row), request=row.id)
    queue_mail(
        row.email,
        "Antwoord op uw verzoek over uw gegevens",
        "privacy_answer",
        name=row.name,
        received_on=row.received_on,
        answer=row.answer,
        refused=stage is RequestStage.REFUSED,
    )


# ------------------------------------------------------------------------------------------- erasing


def ask_erasure(row: SubjectRequest, actor: Actor) -> Approval:
    """Put erasing before a colleague, with what goes and what stays. Nothing changes until one agrees."""
    _identified(row)
    if row.kind is not RequestKind.ERASURE:
        raise Refused("Dit is geen verzoek om te wissen.")
    if row.erased_at is not None:
        raise Refused("Er is al gewist.")
    if queries.waits_for_colleague(row):
        raise Refused("Het wissen ligt al bij een collega.")
    _check_not_needed(row, actor)
    found = {holding.label: len(rows) for holding, rows in collected(row.email) if rows}
    erasable = {holding.label for holding in HOLDINGS if holding.erase is not None}
    kept = {holding.label: holding.kept for holding in HOLDINGS}
    approval = approvals.request_approval(
        APPROVAL,
        actor,
        f"wissen wat wij hebben over de aanvrager van verzoek {row.id}",
        {"request": row.id},
        before=found,
        after={
            label: f"gewist. {kept[label]}".strip() if label in erasable else f"blijft. {kept[label]}"
            for label in found
        },
    )
    record(events.ERASURE_ASKED, actor, subject=_subject(row), request=row.id)
    return approval


def _check_not_needed(row: SubjectRequest, actor: Actor) -> None:
    account = account_by_email(row.email)
    if account is not None and account.kind is AccountKind.STAFF and account.disabled_at is None:
        why = "Dit is een account van een medewerker dat nog werkt. Laat het eerst uitschakelen."
        entry = Entry(events.ERASURE_REFUSED, actor, {"request": row.id, "why": why}, subject=_subject(row))
        raise Refused(why, entry=entry)


def _carry_out(approval: Approval, actor: Actor) -> None:
    row = queries.request_by_id(approval.payload["request"])
    _identified(row)
    _check_not_needed(row, actor)
    counts = {label: count for label, count in holdings.erase(row.email).items() if count}
    row = queries.request_by_id(approval.payload["request"])
    row.erased_at = clock.now()
    session().flush()
    told = ", ".join(f"{label.lower()} {count}" for label, count in counts.items()) or "er stond niets"
    record(events.ERASED, actor, subject=_subject(row), request=row.id, counts=told)


APPROVAL = approvals.register(
    approvals.Kind(queries.KIND, "Gegevens van een persoon wissen", "person:erase", _carry_out)
)
