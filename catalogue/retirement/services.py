"""End a version: announce it, tell who uses it, remind. Nothing here commits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from catalogue.models import ModuleVersion
from catalogue.retirement import events, queries
from catalogue.retirement.models import RetirementNotice
from catalogue.retirement.queries import Standing
from catalogue.services import deactivate
from core import clock
from core.audit import Actor, record
from core.db import lock, next_id, session
from core.errors import Refused
from core.filters import day
from core.mail import queue_mail
from core.web import absolute_url
from governance.models import Decision


def _subject(row: ModuleVersion) -> str:
    return f"version:{row.id}"


def announce(actor: Actor, row: ModuleVersion, retires_on: date, reason: str, decision: Decision | None = None) -> None:
    """Announce the end of a version; `retires_on` is the first day on which nobody can use it any more. From now on it
    is switched on for nobody. Raises Refused for one that is not released, ends already, or a day in the past."""
    lock(row)
    if row.released_on is None:
        raise Refused(f"{row.name} is nog niet vrijgegeven en kan dus niet aflopen.")
    if row.retires_on is not None:
        raise Refused(f"{row.name} loopt al af op {day(row.retires_on)}.")
    if retires_on <= clock.today():
        raise Refused(
            "Kies een dag in de toekomst: deelnemers hebben tijd nodig om over te stappen.", field="retires_on"
        )
    if not reason.strip():
        raise Refused("Schrijf in één of twee zinnen waarom.", field="reason")
    row.retirement_announced_on, row.retires_on = clock.today(), retires_on
    row.retirement_reason = reason.strip()
    row.retirement_decision_id = decision.id if decision else None
    session().flush()
    record(events.ANNOUNCED, actor, subject=_subject(row), name=row.name, day=day(retires_on), reason=reason.strip())


def cancel(actor: Actor, row: ModuleVersion, reason: str) -> None:
    """Take the announcement back, as long as the day has not come."""
    lock(row)
    if row.retires_on is None or row.retires_on <= clock.today():
        raise Refused("Er is geen einde aangekondigd dat nog kan worden ingetrokken.")
    if not reason.strip():
        raise Refused("Schrijf in één of twee zinnen waarom.", field="reason")
    row.retirement_announced_on = row.retires_on = row.retirement_reason = row.retirement_decision_id = None
    session().flush()
    record(events.CANCELLED, actor, subject=_subject(row), name=row.name, reason=reason.strip())


def to_tell(row: ModuleVersion, *, is_reminder: bool) -> list[Standing]:
    """Who gets the mail now: the first time everybody who uses the version and was not told, and as reminder everybody
    who was told and has not arranged to move on. Who has no address is not in it."""
    found = []
    for one in queries.campaign(row, clock.today()):
        if one.has_moved or one.moves_on is not None or not one.addresses:
            continue
        if (one.told_at is not None) == is_reminder:
            found.append(one)
    return found


def tell(actor: Actor, row: ModuleVersion, participant_ids: Collection[int], *, is_reminder: bool) -> list[Standing]:
    """Mail those of `to_tell` that were named on the page before. Returns who was mailed."""
    lock(row)
    if row.retires_on is None:
        raise Refused("Kondig eerst aan wanneer deze versie afloopt.")
    chosen = [one for one in to_tell(row, is_reminder=is_reminder) if one.participant.id in participant_ids]
    for one in chosen:
        for address in one.addresses:
            queue_mail(
                address,
                f"{'Herinnering: ' if is_reminder else ''}{row.name} loopt af op {day(row.retires_on)}",
                "version_retires",
                participant_id=one.participant.id,
                name=one.participant.name,
                version=row.name,
                retires_on=row.retires_on,
                reason=row.retirement_reason,
                is_reminder=is_reminder,
                url=absolute_url("catalogue.choose_modules", participant_id=one.participant.id),
            )
        session().add(
            RetirementNotice(
                id=next_id(RetirementNotice),
                module_version_id=row.id,
                participant_id=one.participant.id,
                sent_at=clock.now(),
                is_reminder=is_reminder,
                mails=len(one.addresses),
            )
        )
        record(
            events.PARTICIPANT_TOLD,
            actor,
            participant_id=one.participant.id,
            participant=one.participant.name,
            name=row.name,
            day=day(row.retires_on),
        )
    session().flush()
    if chosen:
        record(events.TOLD, actor, subject=_subject(row), count=len(chosen), name=row.name, day=day(row.retires_on))
    return chosen


def close_retired(actor: Actor, row: ModuleVersion) -> int:
    """The day has come: switch the version off for everybody who did not move on. The module stays asked for, so that
    staff see who still needs a newer one. Returns for how many."""
    lock(row)
    if row.retires_on is None or row.retires_on > clock.today():
        raise Refused(f"Het einde van {row.name} is nog niet bereikt.")
    left = queries.still_on(row.id, row.retires_on)
    for participant_id in left:
        deactivate(participant_id, row.module_code, row.retires_on, actor)
    return len(left)
