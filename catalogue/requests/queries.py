"""Modules that live participants asked for and that are not on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from catalogue.models import Module, ModuleActivation, ModuleChoice
from catalogue.services import why_not_activated
from catalogue.versions.queries import version_to_activate
from core.db import session
from participants.kinds import Stage
from participants.models import Participant


@dataclass(frozen=True)
class Request:
    """One module that one participant asked for."""

    choice: ModuleChoice
    participant: Participant
    module: Module

    @property
    def key(self) -> str:
        """In forms."""
        return str(self.choice.id)


def requests(on: date, keys: Collection[str] | None = None) -> list[Request]:
    """What live participants wait for, oldest first; with `keys` only these."""
    running = (
        select(ModuleActivation.id)
        .where(
            ModuleActivation.participant_id == ModuleChoice.participant_id,
            ModuleActivation.module_code == ModuleChoice.module_code,
            or_(ModuleActivation.ends_before.is_(None), ModuleActivation.ends_before > on),
        )
        .exists()
    )
    query = (
        select(ModuleChoice, Participant, Module)
        .join(Participant, Participant.id == ModuleChoice.participant_id)
        .join(Module, Module.code == ModuleChoice.module_code)
        .options(joinedload(Participant.organisation), joinedload(Participant.role), joinedload(Participant.supplier))
        .where(Participant.stage == Stage.LIVE, ~running)
        .order_by(ModuleChoice.chosen_at, ModuleChoice.id)
    )
    found = [Request(*row) for row in session().execute(query)]
    return found if keys is None else [row for row in found if row.key in keys]


@dataclass(frozen=True)
class Judged:
    """A request, and why it cannot be granted from a day."""

    request: Request
    version: str
    why: str | None


def judged(found: Collection[Request], on: date) -> list[Judged]:
    """Each request with the version that it would get, and the reason why not and who can change that."""
    rows = []
    for one in found:
        version = version_to_activate(one.module.code, on)
        why = why_not_activated(one.participant, one.module, version, on)
        if version is None:
            why = why or "Van deze module is nog geen versie."
        rows.append(Judged(one, version.name if version else one.module.name, why))
    return rows
