"""Guarded changes of state: the only way in which an object with a `stage` gets another one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import inspect

from core.audit import Actor, Entry, Event, record
from core.db import session
from core.errors import Refused

S = TypeVar("S", bound=Enum)

REFUSED = Event("core:transition:refused", "{actor} wilde {action} bij {name}; dat kon niet: {why}", refusal=True)


class Staged(Protocol):
    """Anything with a state."""

    stage: Any


@dataclass(frozen=True)
class Transition(Generic[S]):
    """From which states to which one, and the sentence it leaves."""

    action: str
    """The verb in Dutch, as in "aanmelding accepteren"."""
    sources: frozenset[S]
    target: S
    event: Event
    needs_reason: bool = False


def may(transition: Transition[Any], stage: Enum) -> bool:
    """Whether the transition starts from this state."""
    return stage in transition.sources


def _why_not(stage: Enum, transition: Transition[Any], reason: str | None) -> str | None:
    if not may(transition, stage):
        return f"de stand is nu '{getattr(stage, 'label', str(stage)).lower()}'."
    if transition.needs_reason and not (reason and reason.strip()):
        return "er is geen reden gegeven."
    return None


def move(
    thing: Staged,
    transition: Transition[Any],
    actor: Actor,
    *,
    name: str,
    participant_id: int | None = None,
    subject: str | None = None,
    reason: str | None = None,
    **facts: str | int,
) -> None:
    """Lock the row, check the state again, change it and leave the sentence, all in the running transaction.

    Raises Refused (audited) when a colleague was first, or when a reason is demanded and missing.
    """
    session().flush()
    if inspect(thing).persistent:
        session().refresh(thing, with_for_update={"of": type(thing)})
    why = _why_not(thing.stage, transition, reason)
    if why:
        entry = Entry(REFUSED, actor, {"action": transition.action, "name": name, "why": why}, participant_id, subject)
        if may(transition, thing.stage):
            raise Refused("Schrijf in één of twee zinnen waarom.", entry=entry, field="reason")
        raise Refused(f"Dit kan niet: {why} Ververs de pagina om de laatste stand te zien.", entry=entry)
    thing.stage = transition.target
    if "reason" in transition.event.blanks:
        facts["reason"] = (reason or "").strip()
    if "name" in transition.event.blanks:
        facts["name"] = name
    record(transition.event, actor, participant_id=participant_id, subject=subject, **facts)
    session().flush()
