"""Reads about being live, and what the public may know of it."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import select

from catalogue.queries import ModuleOffer, active_modules, all_modules, chosen_modules, modules_for_role
from catalogue.services import why_not_activated
from catalogue.versions.queries import version_to_activate
from core import db as database
from core.db import scoped, session
from core.filters import day
from onboarding.going_live.rules import NOT_PUBLIC, UNNAMED, Badge
from onboarding.kinds import CheckKind
from onboarding.tasks.queries import check_of
from onboarding.tasks.rules import listed
from participants.kinds import Stage
from participants.models import ConnectionPeriod, LivePeriod, Participant
from participants.queries import connection_periods, in_force, is_example

MAY_END = (Stage.COUNTERSIGNED, Stage.LIVE, Stage.SUSPENDED)


def badge(directory_id: uuid.UUID, on: date) -> Badge | None:
    """The badge of a participant on a day. None for who does not exist, or never had a countersigned agreement.

    Reads past the scope, because also who is not on the public list may show a badge.
    """
    with scoped(database.JOB):
        row = (
            session().execute(select(Participant).where(Participant.directory_id == directory_id)).scalar_one_or_none()
        )
        if row is None or row.stage not in {*MAY_END, Stage.ENDED}:
            return None
        withdrawn = row.name_withdrawn_at is not None
        return Badge(
            directory_id=str(directory_id),
            name=row.name if row.is_public else UNNAMED,
            role="" if withdrawn else row.role.label,
            stage=row.stage,
            standing=NOT_PUBLIC if withdrawn else standing_of(row, on),
            is_named=row.is_public,
            is_withdrawn=withdrawn,
            is_example=is_example(row.organisation),
        )


def standing_of(row: Participant, on: date) -> str:
    """How a participant stands on a day, as a Dutch sentence part; from countersigning on."""
    if row.stage is Stage.SUSPENDED:
        return "tijdelijk geschorst"
    if row.stage is Stage.ENDED:
        return f"beëindigd op {day(connection_end(row.id) or row.stage_since.date())}"
    since = live_since(row.id, on)
    if row.stage is not Stage.LIVE or since is None:
        return "overeenkomst getekend, nog niet actief"
    modules = [module.name for module in active_modules(row.id, on)]
    standing = "aangesloten (voorbeeld)" if is_example(row.organisation) else f"actief sinds {day(since)}"
    return standing + (f" met modules {listed(modules)}" if modules else "")


def live_since(participant_id: int, on: date) -> date | None:
    """First day of the live period that holds on a day."""
    query = select(LivePeriod.starts_on).where(
        LivePeriod.participant_id == participant_id, in_force(LivePeriod.starts_on, LivePeriod.ends_before, on)
    )
    return session().execute(query).scalar_one_or_none()


def is_live_period_open(participant_id: int) -> bool:
    """Whether a live period runs without an end."""
    query = select(LivePeriod.id).where(LivePeriod.participant_id == participant_id, LivePeriod.ends_before.is_(None))
    return session().execute(query).first() is not None


def connection_end(participant_id: int) -> date | None:
    """The first day without subscription, when an end is planned or past; None while it simply runs."""
    periods = connection_periods(participant_id)
    return periods[-1].ends_before if periods else None


def modules_to_activate(participant: Participant) -> list[ModuleOffer]:
    """What was chosen and fits the role today, in the order of the catalogue."""
    chosen = {module.code for module in chosen_modules(participant.id)}
    return [offer for offer in modules_for_role(participant.role_code) if offer.code in chosen]


def modules_that_fit(participant: Participant, on: date) -> tuple[list[ModuleOffer], list[tuple[ModuleOffer, str]]]:
    """What goes on at the activation, and what does not yet, each with the reason and who can change that."""
    modules = {module.code: module for module in all_modules()}
    proven = check_of(participant.id, CheckKind.ACCEPTANCE_TEST_PASSED) is not None
    now, later = [], []
    for offer in modules_to_activate(participant):
        row = version_to_activate(offer.code, on)
        why = why_not_activated(participant, modules[offer.code], row, on, proven=proven)
        if why is None:
            now.append(offer)
        else:
            later.append((offer, why))
    return now, later


def ending_due(on: date) -> list[int]:
    """Participants whose subscription is over and who are not closed yet."""
    query = (
        select(Participant.id)
        .join(ConnectionPeriod, ConnectionPeriod.participant_id == Participant.id)
        .where(Participant.stage.in_(MAY_END), ConnectionPeriod.ends_before <= on)
        .order_by(Participant.id)
    )
    return [key for key in dict.fromkeys(session().execute(query).scalars()) if (connection_end(key) or on) <= on]
