"""The same organisation in the same role for the same unit takes part once."""

from __future__ import annotations

from core import clock
from core.audit import Actor, Entry
from core.errors import Refused
from core.filters import day
from onboarding.applications import events, queries, rules
from onboarding.applications.queries import Progress
from participants import queries as participants


class AlreadyApplied(Refused):
    """This organisation takes part, or asked to, in the same role for the same unit. `number` when the caller may see
    that application."""

    def __init__(self, message: str, number: str | None, entry: Entry) -> None:
        super().__init__(message, entry=entry)
        self.number = number


def refuse_duplicate(state: Progress, organisation_id: int, actor: Actor) -> None:
    """Raises AlreadyApplied when the organisation is there already in this role for this unit."""
    role_code = state.facts.role_code
    if role_code is None:
        return
    unit = state.answers.unit
    existing = participants.open_participant(organisation_id, role_code, (unit.name if unit else None) or "")
    if existing is None:
        return
    row = state.application
    earlier = queries.submitted_earlier(existing)
    own = row.account_id is not None and (
        existing.id in participants.permissions_of(row.account_id, clock.today())
        or (earlier is not None and earlier.account_id == row.account_id)
    )
    noun, when = rules.role_noun(role_code), day(existing.registered_on)
    message = (
        f"U bent al aangemeld als {noun} (ingediend op {when}). Bekijk die aanmelding."
        if own
        else f"Uw organisatie is al aangemeld als {noun} (ingediend op {when})."
        " Vraag uw collega om toegang, of neem contact met ons op."
    )
    facts = {"name": existing.name, "role": noun, "number": row.number}
    entry = Entry(events.DUPLICATE, actor, facts, subject=f"application:{row.id}")
    raise AlreadyApplied(message, earlier.number if own and earlier else None, entry)
