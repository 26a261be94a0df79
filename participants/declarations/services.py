"""Record what a participant declares. Callers hold scope staff or JOB and a transaction.

A first number is recorded at once. Once a subscription runs, another number may mean another tariff category: then it
is put before a colleague of finance, and nothing changes until one agrees.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from core import approvals, clock
from core.approvals import Approval
from core.audit import Actor
from core.db import session
from core.errors import Refused
from core.filters import number, short_day
from participants import queries
from participants.kinds import CLOSED, Basis, MeasurementKind
from participants.models import Measurement, Participant
from participants.services import record_measurement, write_note

SOURCE = "eigen opgave"
EARLIEST = date(2015, 1, 1)
"""The hub did not exist before; an earlier day is a typing error."""
NAME = "declaration"


@dataclass(frozen=True)
class Effect:
    """What another number means, as rows of the table that the colleague decides on."""

    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Consequence:
    """What an upper package makes of a declaration: `explain` tells the colleague before the decision, `follow` acts
    after the number was recorded, in the same transaction. Both get the participant and the number."""

    explain: Callable[[Participant, int], Effect]
    follow: Callable[[Participant, Approval, Actor], None]


CONSEQUENCES: list[Consequence] = []


def register_consequence(consequence: Consequence) -> Consequence:
    CONSEQUENCES.append(consequence)
    return consequence


def why_not_declared(participant: Participant) -> str | None:
    """What keeps a number from being recorded, as a sentence; None when it can be."""
    if participant.role.basis is not Basis.FILES:
        return "Voor deze rol telt het aantal schulddossiers niet mee. Het tarief gaat naar iets anders."
    if participant.stage in CLOSED:
        return "Deze aansluiting is gesloten. Er is niets meer vast te leggen."
    return None


def needs_colleague(participant: Participant, value: int | None = None) -> bool:
    """Whether another number has to be agreed on: there is one, and a subscription runs or ran. The same `value` once
    more needs nobody."""
    latest = queries.latest_measurement(MeasurementKind.FILES, participant_id=participant.id)
    return latest is not None and latest.value != value and bool(queries.connection_periods(participant.id))


def declare(participant: Participant, value: int, measured_on: date, actor: Actor, *, reason: str) -> Approval | None:
    """Record the number of files per year that a participant declares; `reason` says where that is to be seen.

    Returns the request when a colleague has to agree first, None when it was recorded. Raises Refused for a role that
    is not counted so, a day that cannot be, or when a request waits already.
    """
    why = why_not_declared(participant)
    if why:
        raise Refused(why)
    if measured_on > clock.today():
        raise Refused("Deze dag ligt in de toekomst. Vul de dag van de opgave in.", field="measured_on")
    if measured_on < EARLIEST:
        raise Refused("Deze dag ligt te ver in het verleden. Controleer het jaar.", field="measured_on")
    if not needs_colleague(participant, value):
        _record(participant, value, measured_on, actor)
        if actor.kind == "staff":  # what a participant declares itself needs no source beside it
            write_note(actor, participant.id, f"Opgave van {number(value)} schulddossiers per jaar: {reason}")
        return None
    if open_request(participant.id) is not None:
        raise Refused("Er ligt al een opgave bij een collega. Wacht op het besluit daarover.")
    return _ask(participant, value, measured_on, actor, reason)


def open_request(participant_id: int) -> Approval | None:
    """The declaration of a participant on which nobody decided yet."""
    waiting = (row for row in approvals.waiting() if row.kind == NAME)
    return next((row for row in waiting if row.payload["participant"] == participant_id), None)


def _ask(participant: Participant, value: int, measured_on: date, actor: Actor, reason: str) -> Approval:
    label = MeasurementKind.FILES.label
    latest = queries.latest_measurement(MeasurementKind.FILES, participant_id=participant.id)
    assert latest is not None  # noqa: S101  needs_colleague said so
    effects = [consequence.explain(participant, value) for consequence in CONSEQUENCES]
    before = {name: text for effect in effects for name, text in effect.before.items()}
    after = {name: text for effect in effects for name, text in effect.after.items()}
    return approvals.request_approval(
        DECLARATION,
        actor,
        f"opgave van {number(value)} schulddossiers per jaar vastleggen",
        {"participant": participant.id, "value": value, "measured_on": measured_on.isoformat()},
        before={"Deelnemer": participant.name, label: _shown(latest.value, latest.measured_on)} | before,
        after={"Deelnemer": participant.name, label: _shown(value, measured_on)}
        | after
        | {"Waaruit dat blijkt": reason},
    )


def _shown(value: int, on: date) -> str:
    return f"{number(value)} (opgave van {short_day(on)})"


def _record(participant: Participant, value: int, measured_on: date, actor: Actor) -> Measurement:
    return record_measurement(
        actor,
        MeasurementKind.FILES,
        value,
        measured_on=measured_on,
        source=SOURCE,
        participant_id=participant.id,
    )


def _carry_out(approval: Approval, actor: Actor) -> None:
    participant = queries.locked_participant(approval.payload["participant"])
    why = why_not_declared(participant)
    if why:
        raise Refused(why)
    measured_on = date.fromisoformat(approval.payload["measured_on"])
    _record(participant, approval.payload["value"], measured_on, actor)
    session().flush()
    for consequence in CONSEQUENCES:
        consequence.follow(participant, approval, actor)


DECLARATION = approvals.register(
    approvals.Kind(NAME, "Nieuwe opgave van een deelnemer", "declaration:approve", _carry_out)
)
