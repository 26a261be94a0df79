"""Importing the catalogue, choosing modules, and switching them on and off."""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import delete, select

from catalogue import queries
from catalogue.events import ACTIVATED, ACTIVATION_REFUSED, CHOSEN, DEACTIVATED, IMPORTED
from catalogue.models import Module, ModuleActivation, ModuleAudience, ModuleChoice
from catalogue.rules import ROLE_OF_TYPE, Audience, audiences_of_cell
from core import clock
from core.audit import Actor, Entry, record
from core.db import next_id, session
from core.errors import NotFound, Refused
from core.filters import day
from participants.kinds import CLOSED, Stage
from participants.models import Participant

DATA = Path(__file__).parent.parent / "data"
MAY_ACTIVATE = frozenset({Stage.COUNTERSIGNED, Stage.LIVE})
"""Countersigned as well: modules are switched on in the same act that makes a participant live."""


# ------------------------------------------------------------------------------------------- the catalogue


@dataclass(frozen=True)
class ImportReport:
    """What importing changed."""

    added: int
    changed: int
    removed: int
    """Combinations of module and role that no longer hold."""

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.removed)


def import_modules(actor: Actor) -> ImportReport:
    """Bring modules and their audiences in line with the data files. Idempotent: nothing new leaves no sentence.

    A module that disappears from the file stays: participants may have used it. Raises ValueError for a broken file.
    """
    added = changed = 0
    rows = _rows("modules.csv")
    for position, row in enumerate(rows):
        values = {
            "name": row["naam"],
            "purpose": row["doel"],
            "position": position,
            "available": row["beschikbaar"] == "ja",
            "source": row["bron"],
        }
        module = session().get(Module, row["code"])
        if module is None:
            session().add(Module(code=row["code"], **values))
            added += 1
        elif any(getattr(module, key) != value for key, value in values.items()):
            for key, value in values.items():
                setattr(module, key, value)
            changed += 1
    session().flush()
    more, other, removed = _import_audiences({row["naam_in_matrix"]: row["code"] for row in rows})
    report = ImportReport(added + more, changed + other, removed)
    if not report.is_empty:
        record(IMPORTED, actor, added=report.added, changed=report.changed, removed=report.removed)
    return report


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def published_audiences(code_of_name: dict[str, str]) -> set[Audience]:
    """The matrix of the data file; `code_of_name` translates its column headings."""
    return {
        audience
        for row in _rows("modules_per_deelnemertype.csv")
        for heading, cell in row.items()
        if heading != "deelnemertype"
        for audience in audiences_of_cell(code_of_name[heading], ROLE_OF_TYPE[row["deelnemertype"]], cell)
    }


def _import_audiences(code_of_name: dict[str, str]) -> tuple[int, int, int]:
    wanted = {(audience.module_code, audience.role_code): audience for audience in published_audiences(code_of_name)}
    found = {(row.module_code, row.role_code): row for row in session().execute(select(ModuleAudience)).scalars()}
    added = changed = removed = 0
    for key, audience in sorted(wanted.items()):
        row = found.get(key)
        if row is None:
            session().add(
                ModuleAudience(
                    module_code=audience.module_code, role_code=audience.role_code, condition=audience.condition
                )
            )
            added += 1
        elif row.condition != audience.condition:
            row.condition = audience.condition
            changed += 1
    for key in found.keys() - wanted.keys():
        session().delete(found[key])
        removed += 1
    session().flush()
    return added, changed, removed


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


def activate(participant_id: int, module_code: str, on: date, actor: Actor) -> ModuleActivation:
    """Switch a module on from a day. Raises Refused (audited) when it does not fit the role, overlaps with a period
    in which it is on already, or when the agreement has not been countersigned."""
    participant = _lock(participant_id)
    module = next((known for known in queries.all_modules() if known.code == module_code), None)
    if module is None:
        raise NotFound("Deze module bestaat niet.")
    why = _objection(participant, module, on)
    if why is not None:
        facts = {"module": module.name, "name": participant.name, "why": why}
        raise Refused(why, entry=Entry(ACTIVATION_REFUSED, actor, facts, participant_id), field="day")
    activation = ModuleActivation(participant_id=participant_id, module_code=module_code, starts_on=on)
    session().add(activation)
    session().flush()
    record(ACTIVATED, actor, participant_id=participant_id, module=module.name, name=participant.name, day=day(on))
    return activation


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
        if row.module_code == module.code and (row.ends_before is None or row.ends_before > on):
            if row.starts_on > on:
                return f"De module {module.name} gaat al aan op {day(row.starts_on)}. Kies een andere dag."
            if row.ends_before is not None:
                return f"De module {module.name} staat nog aan tot {day(row.ends_before)}. Kies die dag of een latere."
            return f"De module {module.name} staat al aan sinds {day(row.starts_on)}."
    return None


def switch_on(participant_id: int, module_code: str, on: date, actor: Actor) -> ModuleActivation:
    """Switch a module on for somebody who is live, as staff do; not for the past. What was not asked for counts as
    asked for from now on."""
    participant = _lock(participant_id)
    if participant.stage is not Stage.LIVE:
        raise Refused(
            f"De deelnemer staat op '{participant.stage.label.lower()}'. De gekozen modules gaan aan bij de activering."
        )
    if on < clock.today():
        raise Refused("Een module kan niet met terugwerkende kracht aan. Kies vandaag of een latere dag.", field="day")
    activation = activate(participant_id, module_code, on, actor)
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
