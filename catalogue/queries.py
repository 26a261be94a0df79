"""Reads about modules, named after what they return."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from catalogue.models import Module, ModuleActivation, ModuleAudience, ModuleChoice
from core import clock
from core.db import session
from participants.kinds import CLOSED, Stage
from participants.models import Participant, Role
from participants.queries import in_force as within


@dataclass(frozen=True)
class ModuleOffer:
    """A module that fits a role today."""

    code: str
    name: str
    purpose: str
    condition: str | None
    """A Dutch sentence, for instance that a document must be sent along; None when there is none."""

    @property
    def condition_sentence(self) -> str:
        """The condition, said to be one; empty when there is none."""
        return f"Voorwaarde: {self.condition[:1].lower()}{self.condition[1:]}" if self.condition else ""


@dataclass(frozen=True)
class ActiveModule:
    """A module that is switched on."""

    code: str
    name: str
    since: date
    """First day; a change of version is no interruption."""
    version: str
    """As people read it: "2.0", or "te bevestigen"."""
    version_id: int


def modules_for_role(role_code: str) -> list[ModuleOffer]:
    """Available modules that fit a role, in the order of the catalogue; empty for an unknown role."""
    query = (
        select(Module.code, Module.name, Module.purpose, ModuleAudience.condition)
        .join(ModuleAudience, ModuleAudience.module_code == Module.code)
        .where(ModuleAudience.role_code == role_code, Module.available)
        .order_by(Module.position)
    )
    return [ModuleOffer(*row) for row in session().execute(query)]


def chosen_modules(participant_id: int) -> list[Module]:
    """What a participant asked for, whether switched on or not, in the order of the catalogue."""
    query = (
        select(Module)
        .join(ModuleChoice, ModuleChoice.module_code == Module.code)
        .where(ModuleChoice.participant_id == participant_id)
        .order_by(Module.position)
    )
    return list(session().execute(query).scalars())


def in_force(on: date) -> ColumnElement[bool]:
    """Condition on activations: switched on at a day."""
    condition: ColumnElement[bool] = within(ModuleActivation.starts_on, ModuleActivation.ends_before, on)
    return condition


def active_modules(participant_id: int, on: date) -> list[ActiveModule]:
    """What is switched on for a participant on a day, in the order of the catalogue."""
    query = (
        select(ModuleActivation)
        .join(ModuleActivation.module)
        .options(joinedload(ModuleActivation.module), joinedload(ModuleActivation.version))
        .where(ModuleActivation.participant_id == participant_id, ModuleActivation.starts_on <= on)
        .order_by(Module.position, ModuleActivation.starts_on, ModuleActivation.id)
    )
    rows = list(session().execute(query).scalars())
    return [
        ActiveModule(
            row.module_code,
            row.module.name,
            since(row, rows),
            row.version.shown_version,
            row.module_version_id,
        )
        for row in rows
        if row.ends_before is None or row.ends_before > on
    ]


def since(row: ModuleActivation, others: Sequence[ModuleActivation]) -> date:
    """Since when a module is on without interruption: going on with another version is none. `others` are the periods
    of the same participant, oldest first."""
    first = row
    for other in reversed(others):
        follows = other.module_code == first.module_code and other.ends_before == first.starts_on
        if follows and other.module_version_id != first.module_version_id:
            first = other
    return first.starts_on


@dataclass(frozen=True)
class ModuleState:
    """How a module stands for a participant."""

    offer: ModuleOffer
    fits: bool
    """False for one that was switched on before the matrix changed."""
    chosen: bool
    activation: ModuleActivation | None
    """The period that holds today or is still to come."""

    def is_on(self, on: date) -> bool:
        return self.activation is not None and self.activation.starts_on <= on

    @property
    def asked(self) -> bool:
        """Chosen, and not switched on yet."""
        return self.chosen and self.activation is None


def module_states(participant: Participant, on: date) -> list[ModuleState]:
    """Every module that fits the role of a participant or is on for it, in the order of the catalogue."""
    offers = {offer.code: offer for offer in modules_for_role(participant.role_code)}
    chosen = {module.code for module in chosen_modules(participant.id)}
    running: dict[str, ModuleActivation] = {}
    for row in activations(participant.id):  # newest first: of several the earliest that has not ended remains
        if row.ends_before is None or row.ends_before > max(on, row.starts_on):
            running[row.module_code] = row
    return [
        ModuleState(
            offers.get(module.code, ModuleOffer(module.code, module.name, module.purpose, None)),
            module.code in offers,
            module.code in chosen,
            running.get(module.code),
        )
        for module in all_modules()
        if module.code in offers or module.code in running
    ]


@dataclass(frozen=True)
class AskedModule:
    """A module that a live participant asked for and that is not on yet."""

    participant_id: int
    participant_name: str
    module_name: str
    asked_at: datetime


def asked_modules(on: date) -> list[AskedModule]:
    """What live participants wait for, oldest first."""
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
        select(Participant, Module.name, ModuleChoice.chosen_at)
        .join(ModuleChoice, ModuleChoice.participant_id == Participant.id)
        .join(Module, Module.code == ModuleChoice.module_code)
        .options(joinedload(Participant.organisation))
        .where(Participant.stage == Stage.LIVE, ~running)
        .order_by(ModuleChoice.chosen_at, ModuleChoice.id)
    )
    return [AskedModule(who.id, who.name, module, asked_at) for who, module, asked_at in session().execute(query)]


def summary(participant_id: int) -> str:
    """One sentence for the overview of a participant."""
    stage = session().scalar(select(Participant.stage).where(Participant.id == participant_id))
    if stage in CLOSED:
        return "Er staat niets meer aan."
    active = active_modules(participant_id, clock.today())
    if active:
        now = "Tijdelijk niet te gebruiken" if stage is Stage.SUSPENDED else "Aan"
        return f"{now}: {', '.join(module.name for module in active)}."
    chosen = chosen_modules(participant_id)
    if chosen:
        return f"Gekozen, nog niet aan: {', '.join(module.name for module in chosen)}."
    return "Er zijn nog geen modules gekozen."


def activations(participant_id: int) -> list[ModuleActivation]:
    """All periods in which a module was, is or will be on, newest first."""
    query = (
        select(ModuleActivation)
        .options(joinedload(ModuleActivation.module), joinedload(ModuleActivation.version))
        .where(ModuleActivation.participant_id == participant_id)
        .order_by(ModuleActivation.starts_on.desc(), ModuleActivation.id.desc())
    )
    return list(session().execute(query).scalars())


def all_modules() -> list[Module]:
    """Every module, those of the roadmap included, in the order of the catalogue."""
    return list(session().execute(select(Module).order_by(Module.position)).scalars())


@dataclass(frozen=True)
class MatrixCell:
    """Whether a role may use a module, and on which condition."""

    fits: bool
    condition: str | None


@dataclass(frozen=True)
class MatrixRow:
    """A module against all roles."""

    module: Module
    cells: Sequence[MatrixCell]
    """One per role, in the order of `Matrix.roles`."""
    active: int
    """Live participants that have it switched on."""


@dataclass(frozen=True)
class Matrix:
    """Which module fits which role."""

    roles: Sequence[Role]
    rows: Sequence[MatrixRow]


def module_matrix(on: date) -> Matrix:
    """Modules against the roles that any module is meant for, with how many live participants use each on a day."""
    audiences = {
        (row.module_code, row.role_code): row.condition for row in session().execute(select(ModuleAudience)).scalars()
    }
    with_modules = {role for _, role in audiences}
    roles = [
        role for role in session().execute(select(Role).order_by(Role.position)).scalars() if role.code in with_modules
    ]
    counted = (
        select(ModuleActivation.module_code, func.count())
        .join(Participant, Participant.id == ModuleActivation.participant_id)
        .where(Participant.stage == Stage.LIVE, in_force(on))
        .group_by(ModuleActivation.module_code)
    )
    counts: dict[str, int] = dict(session().execute(counted).all())
    rows = [
        MatrixRow(
            module,
            [
                MatrixCell((module.code, role.code) in audiences, audiences.get((module.code, role.code)))
                for role in roles
            ],
            counts.get(module.code, 0),
        )
        for module in all_modules()
    ]
    return Matrix(roles, rows)
