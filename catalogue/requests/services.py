"""Grant many requests at once: each by itself, none half."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from catalogue.requests.events import PARKED
from catalogue.requests.queries import Request, requests
from catalogue.services import switch_on
from core import clock
from core.audit import Actor, record
from core.db import savepoint, session
from core.errors import Refused, UserError


@dataclass
class Outcome:
    """What happened to each request."""

    granted: list[Request] = field(default_factory=list)
    parked: list[Request] = field(default_factory=list)
    """Could not be granted; the reason stands with the request."""


def grant(actor: Actor, keys: Collection[str], on: date) -> Outcome:
    """Switch on what was asked for, from a day. One that cannot be is parked with its reason and stops nothing; what
    somebody granted meanwhile is left alone."""
    outcome = Outcome()
    for one in requests(clock.today(), keys):
        try:
            with savepoint():
                switch_on(one.participant.id, one.module.code, on, actor)
        except UserError as error:
            if isinstance(error, Refused) and error.entry is not None:
                error.entry.write()
            _park(actor, one, error.message)
            outcome.parked.append(one)
        else:
            one.choice.parked_at = one.choice.parked_reason = None
            outcome.granted.append(one)
    session().flush()
    return outcome


def _park(actor: Actor, one: Request, reason: str) -> None:
    is_new = one.choice.parked_reason != reason
    one.choice.parked_at, one.choice.parked_reason = clock.now(), reason
    if is_new:
        record(
            PARKED,
            actor,
            participant_id=one.participant.id,
            name=one.participant.name,
            module=one.module.name,
            reason=reason,
        )
