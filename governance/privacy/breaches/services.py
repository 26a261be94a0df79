"""Record a data breach, tell who has to know, and close it. Nothing here commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from core import clock
from core.audit import Actor, Entry, record
from core.db import advisory_lock, lock, session
from core.errors import Refused
from core.mail import queue_mail
from governance.privacy.breaches import events, queries
from governance.privacy.breaches.rules import AUTHORITY_TERM, still_to_do
from governance.privacy.kinds import DataRole, Risk
from governance.privacy.models import Breach, BreachParticipant
from participants.models import Participant

LABELS = {
    "title": "korte omschrijving",
    "facts": "feiten",
    "effects": "gevolgen",
    "measures": "maatregelen",
    "people_affected": "om wie het gaat",
    "risk": "risico",
    "not_told_reason": "waarom niet of later gemeld",
    "people_not_told_reason": "waarom mensen niet zijn ingelicht",
}


def _subject(row: Breach) -> str:
    return f"breach:{row.id}"


def _check_past(moment: datetime, field: str) -> None:
    if moment > clock.now():
        raise Refused("Dit moment moet nog komen.", field=field)


def record_breach(  # noqa: PLR0913  all of it is asked by art. 33(5)
    actor: Actor,
    *,
    role: DataRole,
    title: str,
    facts: str,
    effects: str,
    measures: str,
    people_affected: str,
    discovered_at: datetime,
    risk: Risk,
) -> Breach:
    """Record a breach; from the moment of discovery the clock runs. Raises Refused for a moment to come."""
    _check_past(discovered_at, "discovered_time")
    advisory_lock("governance-breach-numbers")
    year = clock.today().year
    taken = session().scalar(select(func.count()).select_from(Breach).where(Breach.number.like(f"DL-{year}-%"))) or 0
    row = Breach(
        number=f"DL-{year}-{taken + 1:02}",
        role=role,
        title=title,
        facts=facts,
        effects=effects,
        measures=measures,
        people_affected=people_affected,
        discovered_at=discovered_at,
        risk=risk,
    )
    session().add(row)
    session().flush()
    record(events.RECORDED, actor, subject=_subject(row), number=row.number, role=role.label.lower(), title=row.title)
    return row


def locked_open(row: Breach) -> Breach:
    """The same row, kept to ourselves. Raises Refused when it is closed."""
    lock(row)
    if row.closed_on is not None:
        raise Refused("Dit datalek is afgesloten en ligt vast.")
    return row


def change_breach(row: Breach, values: Mapping[str, Any], actor: Actor) -> None:
    """Add what became known. `values`: fields of `LABELS`."""
    locked_open(row)
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        session().flush()
        fields = ", ".join(LABELS[name] for name in changed)
        record(events.CHANGED, actor, subject=_subject(row), number=row.number, fields=fields)


def tell_authority(row: Breach, told_at: datetime, reference: str, actor: Actor) -> None:
    """Record that the authority was told, with its reference. Later than 72 hours a reason is asked (art. 33(1))."""
    locked_open(row)
    _check_past(told_at, "told_time")
    if row.role is DataRole.PROCESSOR:
        raise Refused("Als verwerker melden wij aan de deelnemers; zij melden bij de Autoriteit Persoonsgegevens.")
    if told_at < row.discovered_at:
        raise Refused("De melding is na de ontdekking. Controleer dag en tijd.", field="told_on")
    row.authority_told_at, row.authority_reference = told_at, reference
    session().flush()
    record(events.AUTHORITY_TOLD, actor, subject=_subject(row), number=row.number, reference=reference)


def tell_people(row: Breach, told_at: datetime, actor: Actor) -> None:
    """Record that the people whom it is about were told (art. 34)."""
    locked_open(row)
    _check_past(told_at, "told_time")
    if told_at < row.discovered_at:
        raise Refused("Dit is na de ontdekking. Controleer dag en tijd.", field="told_on")
    row.people_told_at = told_at
    session().flush()
    record(events.PEOPLE_TOLD, actor, subject=_subject(row), number=row.number)


def set_affected(row: Breach, participant_ids: Sequence[int], actor: Actor) -> None:
    """Name the participants that it affects. Who was told already stays named."""
    locked_open(row)
    wanted = set(participant_ids)
    known = {one.participant_id: one for one in row.affected}
    found = set(session().execute(select(Participant.id).where(Participant.id.in_(wanted))).scalars())
    if wanted - found:
        raise Refused("Een van deze deelnemers bestaat niet. Kies uit de lijst.", field="participants")
    for key, one in known.items():
        if key not in wanted and one.told_at is None:
            session().delete(one)
    for key in sorted(wanted - known.keys()):
        session().add(BreachParticipant(breach_id=row.id, participant_id=key))
    session().flush()
    session().expire(row, ["affected"])
    record(events.AFFECTED, actor, subject=_subject(row), number=row.number, count=len(row.affected))


def notify_controllers(row: Breach, affected_ids: Sequence[int], actor: Actor) -> int:
    """Mail the named participants that were not told yet. `affected_ids`: those that the confirming page showed.

    Raises Refused when the list has changed since, or when for one of them no address is known.
    """
    locked_open(row)
    if row.role is not DataRole.PROCESSOR:
        raise Refused("Dit datalek gaat over onze eigen gegevens. Meld het bij de Autoriteit Persoonsgegevens.")
    untold = [one for one in queries.recipients(row) if one.affected.told_at is None]
    if {one.affected.id for one in untold} != set(affected_ids):
        raise Refused("De lijst is intussen anders. Bekijk haar opnieuw en bevestig dan.")
    if not untold:
        raise Refused("Alle deelnemers die dit raakt, weten het al.")
    missing = [one.participant.name for one in untold if one.contact is None]
    if missing:
        raise Refused(
            f"Van deze deelnemers is geen contactpersoon bekend: {', '.join(missing)}. Bel hen, en vul hem in."
        )
    now = clock.now()
    for one in untold:
        if one.contact is None:
            continue
        queue_mail(
            one.contact.email,
            f"Datalek {row.number} in het Schuldenknooppunt",
            "privacy_breach",
            participant_id=one.participant.id,
            contact=one.contact.name,
            participant=one.participant.name,
            number=row.number,
            discovered_at=row.discovered_at,
            facts=row.facts,
            effects=row.effects,
            measures=row.measures,
            people_affected=row.people_affected,
        )
        one.affected.told_at, one.affected.told_to = now, one.contact.email
        record(
            events.NOTIFIED,
            actor,
            participant_id=one.participant.id,
            subject=_subject(row),
            number=row.number,
            participant=one.participant.name,
        )
    row.controllers_told_at = now
    session().flush()
    return len(untold)


def close_breach(row: Breach, actor: Actor) -> None:
    """Close it for good. Raises Refused (audited) while something is still to be done."""
    locked_open(row)
    facts = queries.facts_of(row)
    todo = list(still_to_do(facts))
    late = row.authority_told_at is not None and row.authority_told_at > row.discovered_at + AUTHORITY_TERM
    if late and not row.not_told_reason:
        todo.append("Leg vast waarom de melding later was dan 72 uur (art. 33 lid 1 AVG).")
    if todo:
        why = " ".join(todo)
        entry = Entry(events.NOT_CLOSED, actor, {"number": row.number, "why": why}, subject=_subject(row))
        raise Refused(why, entry=entry)
    row.closed_on = clock.today()
    session().flush()
    record(events.CLOSED, actor, subject=_subject(row), number=row.number)
