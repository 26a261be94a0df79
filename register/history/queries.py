"""Everybody who ever took part and may be named today, read past the scope of the public: who left is part of it."""

from __future__ import annotations

from sqlalchemy import select

from catalogue.models import Module, ModuleActivation
from core import db as database
from core.db import scoped, session
from core.periods import Period
from participants.kinds import Stage
from participants.models import LivePeriod, Organisation, Participant, Role
from participants.queries import is_example
from register.history.rules import Past
from register.queries import NAMED
from register.rules import Named


def pasts() -> tuple[Past, ...]:
    """All of them, in no order. In the demonstration without organisations that exist: their days are invented."""
    with scoped(database.JOB):
        live: dict[int, list[Period]] = {}
        for key, starts_on, ends_before in session().execute(
            select(LivePeriod.participant_id, LivePeriod.starts_on, LivePeriod.ends_before).order_by(
                LivePeriod.starts_on
            )
        ):
            live.setdefault(key, []).append(Period(starts_on, ends_before))
        modules: dict[int, list[tuple[Named, Period]]] = {}
        activations = (
            select(
                ModuleActivation.participant_id,
                Module.code,
                Module.name,
                ModuleActivation.starts_on,
                ModuleActivation.ends_before,
            )
            .join(ModuleActivation.module)
            .order_by(Module.position, ModuleActivation.starts_on)
        )
        for key, code, name, starts_on, ends_before in session().execute(activations):
            modules.setdefault(key, []).append((Named(code, name), Period(starts_on, ends_before)))
        query = (
            select(Participant, Organisation, Role)
            .join(Participant.organisation)
            .join(Participant.role)
            .where(*NAMED, Participant.id.in_(select(LivePeriod.participant_id)))
        )
        return tuple(
            Past(
                str(row.directory_id),
                organisation.name,
                row.unit_name,
                Named(role.code, role.label),
                tuple(live[row.id]),
                tuple(modules.get(row.id, ())),
                row.stage is Stage.LIVE,
            )
            for row, organisation, role in session().execute(query)
            if not is_example(organisation)
        )
