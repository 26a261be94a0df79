"""The road of a version to its release. Every verb leaves one sentence; nothing here commits."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from catalogue.models import Module, ModuleAudience, ModuleVersion
from catalogue.versions import events, queries
from catalogue.versions.kinds import BY_ASSESSMENT, AgreementAudience, Gate
from catalogue.versions.models import GateRecord, ProcessAgreement
from catalogue.versions.rules import shut_gates, why_not_released
from core import clock
from core.approvals import Approval, Kind, Outcome, register, request_approval
from core.audit import Actor, Entry, Event, record
from core.db import lock, session
from core.errors import NotFound, Refused
from core.filters import day
from governance.models import Decision
from participants.queries import roles

RELEASE_PERMISSION = "module:release"
FIELDS = {
    "quarter": "kwartaal",
    "planned_on": "eerste dag van het kwartaal",
    "purpose": "doel",
    "changes": "wat er verandert",
    "source": "bron",
    "source_date": "datum van de bron",
    "needs_addendum": "of een addendum nodig is",
}
"""How the audit trail calls what can be changed."""


def subject(row: ModuleVersion) -> str:
    """How the audit trail knows a version."""
    return f"version:{row.id}"


# ------------------------------------------------------------------------------------------- the version itself


def add_version(actor: Actor, module_code: str, version: str, **values: Any) -> ModuleVersion:
    """Plan a version of a module. Raises NotFound for an unknown module, Refused for a version that exists."""
    module = session().get(Module, module_code)
    if module is None:
        raise NotFound("Deze module bestaat niet.")
    if any(row.version == version for row in queries.versions(module_code)):
        raise Refused(f"{module.name} {version} bestaat al. Kies een ander nummer.", field="version")
    row = ModuleVersion(module_code=module_code, version=version, to_confirm=False, **values)
    session().add(row)
    session().flush()
    row.module = module
    record(events.ADDED, actor, subject=subject(row), name=row.name)
    return row


def change_version(actor: Actor, row: ModuleVersion, values: Mapping[str, Any]) -> list[str]:
    """Change what is planned or said of a version. Returns the names of the fields that changed; none, no sentence."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if row.released_on is not None and "needs_addendum" in changed:
        raise Refused("Of een addendum nodig is, ligt vast zodra een versie is vrijgegeven.", field="needs_addendum")
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        session().flush()
        record(
            events.CHANGED,
            actor,
            subject=subject(row),
            name=row.name,
            fields=", ".join(map(FIELDS.__getitem__, changed)),
        )
    return changed


def set_audience(actor: Actor, module: Module, conditions: Mapping[str, str | None]) -> None:
    """Say for which roles a module is, each with its condition or None. Of modules whose audience was published that
    page decides; those are refused."""
    if is_published(module):
        raise Refused("Voor wie deze module is, staat in de gepubliceerde matrix. Wijzig die eerst.", field="roles")
    if not conditions:
        raise Refused("Kies ten minste één rol.", field="roles")
    session().execute(delete(ModuleAudience).where(ModuleAudience.module_code == module.code))
    for code, condition in conditions.items():
        session().add(ModuleAudience(module_code=module.code, role_code=code, condition=condition or None))
    session().flush()
    record(
        events.AUDIENCE_SET,
        actor,
        subject=f"module:{module.code}",
        module=module.name,
        roles=", ".join(role.label for role in roles() if role.code in conditions),
    )


def is_published(module: Module) -> bool:
    """Whether the source has the module in its matrix of modules and types of participants."""
    return not module.source.startswith("schuldenknooppunt.nl, roadmap")


def add_process_agreement(
    actor: Actor,
    row: ModuleVersion,
    *,
    title: str,
    version: str,
    agreed_on: date | None,
    audience: AgreementAudience,
    source: str,
) -> ProcessAgreement:
    """Add agreements on process to a version. Raises Refused when they are there already."""
    if any((known.title, known.version) == (title, version) for known in queries.process_agreements(row.id)):
        raise Refused("Deze procesafspraken staan er al. Kies een andere titel of versie.", field="title")
    made = ProcessAgreement(
        module_version_id=row.id, title=title, version=version, agreed_on=agreed_on, audience=audience, source=source
    )
    session().add(made)
    session().flush()
    record(events.AGREEMENT_ADDED, actor, subject=subject(row), name=row.name, title=f"{title} {version}")
    return made


# ------------------------------------------------------------------------------------------- gates


@dataclass(frozen=True)
class Fact:
    """What opens a gate. Of an assessment or decision the day, who and where follow from it."""

    happened_on: date | None = None
    done_by: str = ""
    reference: str = ""
    assessment_id: int | None = None
    decision_id: int | None = None


def record_gate(actor: Actor, row: ModuleVersion, gate: Gate, fact: Fact) -> GateRecord:
    """Record the fact that opens a gate. Raises Refused (audited) when it is recorded already, lies in the future, or
    does not rest on what it has to rest on."""
    lock(row)
    values, why = _fact_values(row, gate, fact)
    if values is None:
        entry = Entry(
            events.GATE_REFUSED, actor, {"name": row.name, "gate": gate.in_a_sentence, "why": why}, subject=subject(row)
        )
        raise Refused(why, entry=entry, field=_field_of(gate))
    made = GateRecord(module_version_id=row.id, gate=gate, recorded_by=actor.person, recorded_at=clock.now(), **values)
    session().add(made)
    row.started_on = min(row.started_on or made.happened_on, made.happened_on)
    session().flush()
    record(
        events.GATE_RECORDED,
        actor,
        subject=subject(row),
        name=row.name,
        gate=gate.in_a_sentence,
        day=day(made.happened_on),
        done_by=made.done_by,
        reference=made.reference,
    )
    return made


def _field_of(gate: Gate) -> str:
    return "happened_on" if gate not in {*BY_ASSESSMENT, Gate.DECISION} else "chosen"


def _fact_values(row: ModuleVersion, gate: Gate, fact: Fact) -> tuple[dict[str, Any] | None, str]:
    """What to store, or why not."""
    if gate in queries.records(row.id):
        return None, "Dit is al vastgelegd. Trek het eerst in als het niet klopt."
    if gate in BY_ASSESSMENT:
        return _of_assessment(gate, fact)
    if gate is Gate.DECISION:
        return _of_decision(fact)
    why = _why_too_early(row, gate, fact.happened_on)
    if why:
        return None, why
    return {"happened_on": fact.happened_on, "done_by": fact.done_by, "reference": fact.reference}, ""


def _why_too_early(row: ModuleVersion, gate: Gate, on: date | None) -> str | None:
    if gate is Gate.MESSAGES and not queries.message_types(row.id):
        return "De set heeft nog geen berichten. Voeg ze eerst toe."
    if gate is Gate.AGREEMENTS and not queries.process_agreements(row.id):
        return "Er zijn nog geen procesafspraken. Voeg ze eerst toe."
    if on is None or on > clock.today():
        return "Deze dag ligt in de toekomst. Leg het vast als het is gebeurd."
    return None


def _of_assessment(gate: Gate, fact: Fact) -> tuple[dict[str, Any] | None, str]:
    found = next((row for row in queries.assessments_for(gate) if row.id == fact.assessment_id), None)
    if found is None or found.closed_on is None:
        return None, "Kies een afgeronde toets met het oordeel akkoord. Privacy legt die vast bij Toetsen."
    return {
        "happened_on": found.closed_on,
        "done_by": found.assessor,
        "reference": f"{found.release}, rapport {found.report_version}",
        "assessment_id": found.id,
    }, ""


def _of_decision(fact: Fact) -> tuple[dict[str, Any] | None, str]:
    found = next((row for row in queries.release_decisions() if row.id == fact.decision_id), None)
    if found is None:
        return None, "Kies een besluit van het bestuur over een vrijgave. Het wordt vastgelegd bij Besluiten."
    if found.advice_id is None:
        return None, f"Bij besluit {found.number} ligt geen advies van de raad van advies. Leg dat eerst vast."
    return {
        "happened_on": found.decided_on,
        "done_by": found.body.label,
        "reference": f"besluit {found.number}",
        "decision_id": found.id,
    }, ""


def withdraw_gate(actor: Actor, row: ModuleVersion, gate: Gate, reason: str) -> None:
    """Take back what opens a gate, with a reason; only before the release."""
    lock(row)
    if row.released_on is not None:
        raise Refused(f"{row.name} is vrijgegeven. Wat daartoe leidde, ligt vast.")
    found = queries.records(row.id).get(gate)
    if found is None:
        raise Refused("Dit is niet vastgelegd. Ververs de pagina om de laatste stand te zien.")
    if not reason.strip():
        raise Refused("Schrijf in één of twee zinnen waarom.", field="reason")
    found.withdrawn_at, found.withdrawal_reason = clock.now(), reason.strip()
    session().flush()
    record(
        events.GATE_WITHDRAWN,
        actor,
        subject=subject(row),
        name=row.name,
        gate=gate.in_a_sentence,
        reason=reason.strip(),
    )


def link_advice(actor: Actor, row: ModuleVersion, advice: Decision) -> None:
    """Say which advice of the advisory board is about the release of this version."""
    if advice.id not in {known.id for known in queries.release_advices()}:
        raise Refused("Kies een advies van de raad van advies over een vrijgave.", field="chosen")
    row.advice_id = advice.id
    session().flush()
    record(events.ADVICE_LINKED, actor, subject=subject(row), number=advice.number, name=row.name)


# ------------------------------------------------------------------------------------------- release


def _refuse_release(actor: Actor, row: ModuleVersion, why: str) -> Refused:
    entry: Event = events.RELEASE_REFUSED
    return Refused(why, entry=Entry(entry, actor, {"name": row.name, "why": why}, subject=subject(row)), field="day")


def _check_release(actor: Actor, row: ModuleVersion) -> None:
    if row.released_on is not None:
        raise _refuse_release(actor, row, f"{row.name} is al vrijgegeven, vanaf {day(row.released_on)}.")
    still_shut = shut_gates(queries.gate_facts(row.id))
    if still_shut:
        raise _refuse_release(actor, row, why_not_released(row.name, still_shut))


def request_release(actor: Actor, row: ModuleVersion, on: date) -> Approval:
    """Ask a colleague to release a version from a day. Raises Refused (audited), naming every gate that is shut and who
    can lift it."""
    lock(row)
    _check_release(actor, row)
    if on < clock.today():
        raise _refuse_release(actor, row, "Vrijgeven kan niet met terugwerkende kracht. Kies vandaag of later.")
    if open_request(row) is not None:
        raise _refuse_release(actor, row, "Een collega is hier al om gevraagd. Wacht op het besluit.")
    facts = queries.gate_facts(row.id)
    after = {gate.label: day(facts.day_of(gate)) for gate in Gate}
    made = request_approval(
        RELEASE,
        actor,
        f"{row.name} vrijgeven vanaf {day(on)}",
        {"version": row.id, "day": on.isoformat()},
        before={"Versie": row.name, "Stand": "Nog niet vrijgegeven"},
        after={"Versie": row.name, "Stand": f"Vrijgegeven vanaf {day(on)}", **after},
    )
    record(events.RELEASE_REQUESTED, actor, subject=subject(row), name=row.name, day=day(on))
    return made


def open_request(row: ModuleVersion) -> Approval | None:
    """The request to release this version that a colleague has not decided on yet."""
    query = select(Approval).where(Approval.kind == "catalogue:release", Approval.outcome == Outcome.WAITING)
    return next((one for one in session().execute(query).scalars() if one.payload.get("version") == row.id), None)


def _release(approval: Approval, actor: Actor) -> None:
    """Carry out an approved release; what was withdrawn in the meantime stops it."""
    row = queries.version(int(approval.payload["version"]))
    lock(row)
    _check_release(actor, row)
    release(actor, row, max(date.fromisoformat(approval.payload["day"]), clock.today()))


def release(actor: Actor, row: ModuleVersion, on: date) -> None:
    """Release a version whose gates are all open. Four eyes come before this: callers go through `request_release`.
    Raises Refused (audited) while a gate is shut."""
    _check_release(actor, row)
    decision = queries.records(row.id)[Gate.DECISION].decision
    row.released_on = on
    row.module.available = True
    session().flush()
    record(
        events.RELEASED,
        actor,
        subject=subject(row),
        name=row.name,
        day=day(on),
        number=decision.number if decision else "",
    )


RELEASE = register(Kind("catalogue:release", "Versie van een module vrijgeven", RELEASE_PERMISSION, _release))


def conditions_kept(module: Module, codes: Collection[str]) -> dict[str, str | None]:
    """The chosen roles with the condition that each has now."""
    query = select(ModuleAudience).where(ModuleAudience.module_code == module.code)
    known = {row.role_code: row.condition for row in session().execute(query).scalars()}
    return {code: known.get(code) for code in codes}
