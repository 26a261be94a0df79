"""Whom a participant can reach today, and which creditors it approaches.

Read in the scope of the participant: the row policies show of others only who is live and on the public list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import joinedload

from catalogue.messages.kinds import Party
from catalogue.messages.models import MessageType
from catalogue.models import Module, ModuleActivation, ModuleVersion
from catalogue.queries import ActiveModule, active_modules, in_force
from catalogue.reach.models import CreditorSelection, SelectedCreditor
from catalogue.reach.rules import counterparts
from core.db import session
from participants.kinds import Stage
from participants.models import Organisation, Participant
from participants.queries import looks_like

CREDITOR = "creditor"
CHOOSES_CREDITORS = "shv"
"""Tariff audience of the roles that choose which creditors they approach."""


@dataclass(frozen=True)
class ModuleReach:
    """One of the own modules, and how many others can be reached with it."""

    module: ActiveModule
    roles: frozenset[str]
    """Codes of the roles on the other side."""
    count: int


def modules_with_reach(participant: Participant, on: date) -> list[ModuleReach]:
    """What is on for a participant on a day, with how many others can be reached with each."""
    if participant.stage is not Stage.LIVE:
        return []
    found = []
    for module in active_modules(participant.id, on):
        roles = counterparts(participant.role_code, _messages(module.code))
        query = select(func.count()).select_from(Participant).where(_has(participant, module.code, roles, on))
        found.append(ModuleReach(module, roles, session().scalar(query) or 0))
    return found


def _messages(module_code: str) -> list[tuple[frozenset[Party], frozenset[Party]]]:
    query = (
        select(MessageType.senders, MessageType.receivers)
        .join(ModuleVersion, ModuleVersion.id == MessageType.module_version_id)
        .where(ModuleVersion.module_code == module_code)
    )
    return [
        (frozenset(Party(one) for one in senders), frozenset(Party(one) for one in receivers))
        for senders, receivers in session().execute(query)
    ]


def _has(participant: Participant, code: str, roles: frozenset[str], on: date) -> ColumnElement[bool]:
    """Condition on others: live, on the other side, and with the module on."""
    switched_on = (
        select(ModuleActivation.id)
        .where(ModuleActivation.participant_id == Participant.id, ModuleActivation.module_code == code, in_force(on))
        .exists()
    )
    return and_(
        Participant.id != participant.id,
        Participant.stage == Stage.LIVE,
        Participant.list_publicly,
        Participant.role_code.in_(roles),
        switched_on,
    )


def reachable(
    participant: Participant, modules: Sequence[ModuleReach], on: date, *, text: str = ""
) -> Select[Participant]:
    """Who can be reached with any of these modules, by name."""
    fitting = or_(false(), *(_has(participant, one.module.code, one.roles, on) for one in modules))
    query = (
        select(Participant)
        .join(Participant.organisation)
        .options(joinedload(Participant.organisation), joinedload(Participant.role))
        .where(fitting)
        .order_by(Organisation.search_text, Participant.unit_name, Participant.id)
    )
    if text:
        query = query.where(or_(looks_like(text), Participant.unit_name.icontains(text, autoescape=True)))
    return query


def shared_modules(participant_ids: Sequence[int], modules: Sequence[ModuleReach], on: date) -> Mapping[int, list[str]]:
    """Of the own modules, which are on for these others; names in the order of the catalogue."""
    codes = [one.module.code for one in modules]
    query = (
        select(ModuleActivation.participant_id, Module.name)
        .join(ModuleActivation.module)
        .where(ModuleActivation.participant_id.in_(participant_ids), Module.code.in_(codes), in_force(on))
        .order_by(Module.position)
    )
    found: dict[int, list[str]] = {}
    for key, name in session().execute(query):
        found.setdefault(key, []).append(name)
    return found


# ------------------------------------------------------------------------------------------- the own choice


def chooses_creditors(participant: Participant) -> bool:
    return participant.role.audience == CHOOSES_CREDITORS


def selection_on(participant_id: int, on: date) -> CreditorSelection | None:
    """The choice in force on a day; None while nothing was chosen, which means all creditors."""
    query = (
        select(CreditorSelection)
        .where(CreditorSelection.participant_id == participant_id, CreditorSelection.starts_on <= on)
        .order_by(CreditorSelection.starts_on.desc(), CreditorSelection.id.desc())
        .limit(1)
    )
    return session().execute(query).scalar_one_or_none()


def selections(participant_id: int) -> list[CreditorSelection]:
    """Every choice that was made, latest first."""
    query = select(CreditorSelection).where(CreditorSelection.participant_id == participant_id)
    return list(
        session().execute(query.order_by(CreditorSelection.starts_on.desc(), CreditorSelection.id.desc())).scalars()
    )


def selected_ids(selection: CreditorSelection | None) -> frozenset[int] | None:
    """The chosen creditors; None when all are approached."""
    if selection is None or selection.is_everybody:
        return None
    query = select(SelectedCreditor.creditor_id).where(SelectedCreditor.selection_id == selection.id)
    return frozenset(session().execute(query).scalars())


def is_approached(participant_id: int, creditor_id: int, on: date) -> bool:
    """Whether a debt counsellor approaches a creditor through the hub on a day."""
    chosen = selected_ids(selection_on(participant_id, on))
    return chosen is None or creditor_id in chosen


def creditors_to_choose() -> list[Participant]:
    """Live creditors on the public list, by name."""
    query = (
        select(Participant)
        .join(Participant.organisation)
        .options(joinedload(Participant.organisation))
        .where(Participant.role_code == CREDITOR, Participant.stage == Stage.LIVE, Participant.list_publicly)
        .order_by(Organisation.search_text, Participant.unit_name, Participant.id)
    )
    return list(session().execute(query).scalars())
