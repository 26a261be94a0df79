"""Choosing modules, and switching them on and off."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import delete, select

from catalogue import queries
from catalogue.activation.queries import objection_of
from catalogue.events import (
    ACTIVATED,
    ACTIVATION_REFUSED,
    CHOSEN,
    DEACTIVATED,
    TAKEN_OVER,
    VERSION_SWITCHED,
)
from catalogue.imports import services as imports
from catalogue.models import Module, ModuleActivation, ModuleChoice, ModuleVersion
from catalogue.rules import chain_of_versions
from catalogue.versions.queries import released_versions, version_to_activate
from core import clock
from core.audit import Actor, Entry, record
from core.db import next_id, session
from core.errors import NotFound, Refused
from core.filters import day
from participants.kinds import CLOSED, Stage
from participants.models import Participant

MAY_ACTIVATE = frozenset({Stage.COUNTERSIGNED, Stage.LIVE})
"""Countersigned as well: modules are switched on in the same act that makes a participant live."""


# ------------------------------------------------------------------------------------------- the catalogue


import_modules = imports.import_modules
"""Kept under this name for who fills an installation."""


# ------------------------------------------------------------------------------------------- choosing


def choose_modules(participant: Participant, codes: Collection[str], actor: Actor) -> None:
    """Set which modules a participant asks for; the same choice again changes nothing and leaves no sentence.

    Raises Refused when none is chosen, when one does not fit the role, when one that is on would fall out of the
    choice, or when the participation has ended.
    """
    _lock(participant.id)
    if participant.stage in CLOSED:
        raise Refused("Deze aansluiting is gesloten. U kunt geen modules meer kiezen.")
    offers = {offer.code: offer for offer in queries.modules_for_role(participant.role_code)}
    wanted = set(codes)
    if not wanted:
        raise Refused("Kies ten minste één module.", field="modules")
    for code in sorted(wanted - offers.keys()):
        raise Refused(_does_not_fit(code, participant.role.label, [o.name for o in offers.values()]), field="modules")
    running = select(ModuleActivation.module_code).where(
        ModuleActivation.participant_id == participant.id, ModuleActivation.ends_before.is_(None)
    )
    for code in sorted(set(session().execute(running).scalars()) - wanted):
        name = offers[code].name if code in offers else code
        raise Refused(
            f"De module {name} staat aan en blijft dus gekozen. Vraag het Schuldenknooppunt om hem uit te zetten.",
            field="modules",
        )
    before = {module.code for module in queries.chosen_modules(participant.id)}
    if wanted == before:
        return
    session().execute(
        delete(ModuleChoice).where(
            ModuleChoice.participant_id == participant.id, ModuleChoice.module_code.in_(before - wanted)
        )
    )
    for code in sorted(wanted - before):
        session().add(
            ModuleChoice(
                id=next_id(ModuleChoice), participant_id=participant.id, module_code=code, chosen_at=clock.now()
            )
        )
    session().flush()
    names = ", ".join(offer.name for code, offer in offers.items() if code in wanted)
    record(CHOSEN, actor, participant_id=participant.id, name=participant.name, modules=names)


def _does_not_fit(code: str, role: str, names: list[str]) -> str:
    module = next((known for known in queries.all_modules() if known.code == code), None)
    if module is None:
        return "Deze module bestaat niet. Maak een keuze uit de lijst."
    if not module.available:
        return f"De module {module.name} is er nog niet. Kies uit: {', '.join(names)}."
    choice = f" Kies uit: {', '.join(names)}." if names else ""
    return f"De module {module.name} past niet bij de rol {role.lower()}.{choice}"


# ------------------------------------------------------------------------------------------- switching on and off


def _lock(participant_id: int) -> Participant:
    """The participant, locked so that two colleagues take turns."""
    query = select(Participant).where(Participant.id == participant_id).with_for_update()
    found = session().execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound("Deze deelnemer bestaat niet.")
    return found


def activate(
    participant_id: int,
    module_code: str,
    on: date,
    actor: Actor,
    *,
    version: ModuleVersion | None = None,
    proven: bool = False,
) -> ModuleActivation:
    """Switch a module on from a day, in `version` or else in the newest that is released then. `proven`: the
    participant passed the acceptance test with it.

    Raises Refused (audited) when it does not fit the role, overlaps with a period in which it is on already, when the
    agreement has not been countersigned, or when the version is not for this participant; the sentence says who can
    change that.
    """
    participant = _lock(participant_id)
    module = _module(module_code)
    chosen = version or version_to_activate(module_code, on)
    why = why_not_activated(participant, module, chosen, on, proven=proven)
    if why is not None or chosen is None:
        raise _refusal(participant, module, why or "Van deze module is nog geen versie.", actor)
    activation = _add_activation(participant_id, chosen, on)
    record(
        ACTIVATED,
        actor,
        participant_id=participant_id,
        module=chosen.name,
        name=participant.name,
        day=day(on),
    )
    return activation


def _module(code: str) -> Module:
    module = next((known for known in queries.all_modules() if known.code == code), None)
    if module is None:
        raise NotFound("Deze module bestaat niet.")
    return module


def _refusal(participant: Participant, module: Module, why: str, actor: Actor) -> Refused:
    facts = {"module": module.name, "name": participant.name, "why": why}
    return Refused(why, entry=Entry(ACTIVATION_REFUSED, actor, facts, participant.id), field="day")


def _add_activation(
    participant_id: int, version: ModuleVersion, starts_on: date, ends_before: date | None = None
) -> ModuleActivation:
    made = ModuleActivation(
        participant_id=participant_id,
        module_code=version.module_code,
        module_version_id=version.id,
        starts_on=starts_on,
        ends_before=ends_before,
    )
    session().add(made)
    session().flush()
    return made


def why_not_activated(
    participant: Participant, module: Module, version: ModuleVersion | None, on: date, *, proven: bool = False
) -> str | None:
    """Why a version cannot be switched on for a participant from a day, and who can change that; None when it can."""
    why = _objection(participant, module, on)
    if why is not None or version is None:
        return why
    found = objection_of(participant, version, on, proven=proven)
    return found.sentence if found else None


def _objection(participant: Participant, module: Module, on: date) -> str | None:
    offers = queries.modules_for_role(participant.role_code)
    if module.code not in {offer.code for offer in offers}:
        return _does_not_fit(module.code, participant.role.label, [offer.name for offer in offers])
    if participant.stage not in MAY_ACTIVATE:
        return (
            f"De deelnemer staat op '{participant.stage.label.lower()}'."
            " Een module kan pas aan als de overeenkomst is medeondertekend."
        )
    for row in queries.activations(participant.id):
        if row.module_code == module.code and (row.ends_before is None or row.ends_before > max(on, row.starts_on)):
            if row.starts_on > on:
                return f"De module {module.name} gaat al aan op {day(row.starts_on)}. Kies een andere dag."
            if row.ends_before is not None:
                return f"De module {module.name} staat nog aan tot {day(row.ends_before)}. Kies die dag of een latere."
            return f"De module {module.name} staat al aan sinds {day(row.starts_on)}."
    return None


def take_over_module(participant_id: int, module_code: str, since: date, actor: Actor) -> list[ModuleActivation]:
    """Record that a module was on since a day before this administration: in each version while that was the newest,
    and never before the first was released. `module_code` may name the version at which the participant stayed, as in
    "debt_settlement:1.1". That it works was seen there, so channel and software are not asked about.

    Raises Refused (audited) when it does not fit the role, NotFound for a version that does not exist.
    """
    participant = _lock(participant_id)
    code, _, number = module_code.partition(":")
    module = _module(code)
    why = _objection(participant, module, since)
    if why is not None:
        raise _refusal(participant, module, why, actor)
    released = released_versions(code)
    if number:
        last = next((n for n, row in enumerate(released) if row.version == number), None)
        if last is None:
            raise NotFound(f"Van {module.name} bestaat geen vrijgegeven versie {number}.")
        released = released[: last + 1]
    days = [row.released_on for row in released if row.released_on is not None]
    made = [
        _add_activation(participant_id, released[n], starts_on, ends_before)
        for n, starts_on, ends_before in chain_of_versions(days, since)
    ]
    if not made:
        raise _refusal(participant, module, f"De module {module.name} is er nog niet.", actor)
    record(
        TAKEN_OVER,
        actor,
        participant_id=participant_id,
        module=module.name,
        name=participant.name,
        day=day(made[0].starts_on),
        version=released[-1].shown_version,
    )
    return made


def switch_version(participant_id: int, version: ModuleVersion, on: date, actor: Actor) -> ModuleActivation:
    """Go on with another version of a module from a day. The module stays on.

    Raises Refused (audited) when the module is not on then, the version is the same, or is not for this participant.
    """
    participant = _lock(participant_id)
    module = _module(version.module_code)
    running = next(
        (
            row
            for row in queries.activations(participant_id)
            if row.module_code == module.code and row.starts_on <= on and row.ends_before is None
        ),
        None,
    )
    if on < clock.today():
        why: str | None = "Overstappen kan niet met terugwerkende kracht. Kies vandaag of een latere dag."
    elif running is None:
        why = f"De module {module.name} staat op {day(on)} niet aan, of gaat dan al uit. Kies een andere dag."
    elif running.module_version_id == version.id:
        why = f"De deelnemer gebruikt {version.name} al."
    else:
        found = objection_of(participant, version, on)
        why = found.sentence if found else None
    if why is not None or running is None:
        raise _refusal(participant, module, why or "", actor)
    before, running.ends_before = running.version.name, on
    session().flush()
    made = _add_activation(participant_id, version, on)
    record(
        VERSION_SWITCHED,
        actor,
        participant_id=participant_id,
        name=participant.name,
        before=before,
        after=version.name,
        day=day(on),
    )
    return made


def switch_on(
    participant_id: int, module_code: str, on: date, actor: Actor, *, version: ModuleVersion | None = None
) -> ModuleActivation:
    """Switch a module on for somebody who is live, as staff do; not for the past. What was not asked for counts as
    asked for from now on."""
    participant = _lock(participant_id)
    if participant.stage is not Stage.LIVE:
        raise Refused(
            f"De deelnemer staat op '{participant.stage.label.lower()}'. De gekozen modules gaan aan bij de activering."
        )
    if on < clock.today():
        raise Refused("Een module kan niet met terugwerkende kracht aan. Kies vandaag of een latere dag.", field="day")
    activation = activate(participant_id, module_code, on, actor, version=version)
    if module_code not in {module.code for module in queries.chosen_modules(participant_id)}:
        session().add(ModuleChoice(participant_id=participant_id, module_code=module_code, chosen_at=clock.now()))
        session().flush()
    return activation


def switch_off(participant_id: int, module_code: str, ends_before: date, actor: Actor) -> ModuleActivation:
    """Switch a module off, as staff do; not for the past. It is no longer asked for."""
    if ends_before < clock.today():
        raise Refused("Een module kan niet met terugwerkende kracht uit. Kies vandaag of een latere dag.", field="day")
    activation = deactivate(participant_id, module_code, ends_before, actor)
    session().execute(
        delete(ModuleChoice).where(
            ModuleChoice.participant_id == participant_id, ModuleChoice.module_code == module_code
        )
    )
    return activation


def deactivate(participant_id: int, module_code: str, ends_before: date, actor: Actor) -> ModuleActivation:
    """Switch a module off; `ends_before` is the first day on which it is off. Raises Refused when it is not on then."""
    participant = _lock(participant_id)
    for row in queries.activations(participant_id):
        if row.module_code != module_code or row.starts_on > ends_before:
            continue
        if row.ends_before is None or row.ends_before > ends_before:
            row.ends_before = ends_before
            session().flush()
            record(
                DEACTIVATED,
                actor,
                participant_id=participant_id,
                module=row.module.name,
                name=participant.name,
                day=day(ends_before),
            )
            return row
    why = f"Deze module staat op {day(ends_before)} niet aan. Ververs de pagina om de laatste stand te zien."
    raise Refused(why, field="day")
