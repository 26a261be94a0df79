"""Choose which creditors to approach through the hub. Nothing here commits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from catalogue.reach import queries
from catalogue.reach.events import CHOSEN
from catalogue.reach.models import CreditorSelection, SelectedCreditor
from core import clock
from core.audit import Actor, record
from core.db import session
from core.errors import Refused
from core.filters import day
from participants.kinds import CLOSED
from participants.models import Participant


def choose_creditors(
    actor: Actor, participant: Participant, creditor_ids: Collection[int] | None, starts_on: date
) -> CreditorSelection | None:
    """Set which creditors a debt counsellor approaches from a day; None means all. The same choice again changes
    nothing. Raises Refused for who is no debt counsellor, a day in the past, none, or somebody who cannot be chosen."""
    if not queries.chooses_creditors(participant) or participant.stage in CLOSED:
        raise Refused("Alleen een schuldhulpverlener die is aangesloten, kiest schuldeisers.")
    if starts_on < clock.today():
        raise Refused("Dit kan niet met terugwerkende kracht. Kies vandaag of een latere dag.", field="starts_on")
    names: dict[int, str] = {}
    if creditor_ids is not None:
        names = {row.id: row.name for row in queries.creditors_to_choose() if row.id in creditor_ids}
        if not names:
            raise Refused("Kies ten minste één schuldeiser, of kies voor alle schuldeisers.", field="creditors")
        if len(names) < len(set(creditor_ids)):
            raise Refused("Een van deze schuldeisers is er niet meer. Ververs de pagina.", field="creditors")
    current = queries.selection_on(participant.id, starts_on)
    wanted = None if creditor_ids is None else frozenset(names)
    later = any(row.starts_on > starts_on for row in queries.selections(participant.id))
    if queries.selected_ids(current) == wanted and not later:
        return None
    made = CreditorSelection(
        participant_id=participant.id,
        starts_on=starts_on,
        chosen_at=clock.now(),
        is_everybody=creditor_ids is None,
    )
    session().add(made)
    session().flush()
    for key in names:
        session().add(SelectedCreditor(selection_id=made.id, creditor_id=key))
    session().flush()
    record(
        CHOSEN,
        actor,
        participant_id=participant.id,
        name=participant.name,
        day=day(starts_on),
        creditors="alle" if creditor_ids is None else ", ".join(names.values()),
    )
    return made
