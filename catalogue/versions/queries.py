"""Reads about versions: which there are, how far each is, and who uses it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from catalogue.messages.models import MessageType
from catalogue.models import Module, ModuleActivation, ModuleVersion
from catalogue.queries import in_force
from catalogue.versions.kinds import BY_ASSESSMENT, Gate, VersionState
from catalogue.versions.models import GateRecord, ProcessAgreement
from catalogue.versions.rules import Days, GateFacts, shut_gates, state_of
from core.db import session
from core.errors import NotFound
from governance.assessments.kinds import AssessmentKind, Verdict
from governance.assessments.models import Assessment
from governance.assessments.queries import accepted_assessments
from governance.kinds import Body, DecisionKind
from governance.models import Decision
from participants.models import Participant

LETS_GO_ON = frozenset({Verdict.ACCEPTED, Verdict.CONDITIONS})
KIND_OF_GATE = {Gate.DPIA: AssessmentKind.DPIA, Gate.SECURITY: AssessmentKind.SECURITY}


def version(version_id: int) -> ModuleVersion:
    """One version. Raises NotFound."""
    query = select(ModuleVersion).options(joinedload(ModuleVersion.module)).where(ModuleVersion.id == version_id)
    found = session().execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound("Deze versie bestaat niet. Bekijk de lijst met versies bij Modules.")
    return found


def versions(module_code: str | None = None) -> list[ModuleVersion]:
    """All versions, or those of one module: in the order of the catalogue, oldest release first, what is not released
    last."""
    query = (
        select(ModuleVersion)
        .join(ModuleVersion.module)
        .options(joinedload(ModuleVersion.module))
        .order_by(Module.position, ModuleVersion.released_on.asc().nulls_last(), ModuleVersion.id)
    )
    if module_code is not None:
        query = query.where(ModuleVersion.module_code == module_code)
    return list(session().execute(query).scalars())


def released_versions(module_code: str) -> list[ModuleVersion]:
    """The versions of a module that were or will be released, oldest first."""
    return [row for row in versions(module_code) if row.released_on is not None]


def version_to_activate(module_code: str, on: date) -> ModuleVersion | None:
    """What somebody gets who asks for no version in particular: the newest that is released on the day and does not
    end; else the newest of all, so that a refusal can say why. None for a module without versions."""
    found = versions(module_code)
    usable = [row for row in found if row.released_on is not None and row.released_on <= on and row.retires_on is None]
    released = [row for row in found if row.released_on is not None]
    best = usable or released or found
    return best[-1] if best else None


def fits(module_codes: Sequence[str], channel: str, on: date) -> list[str]:
    """Of these modules, those of which the version of the day works over a channel."""
    return [
        code for code in module_codes if (row := version_to_activate(code, on)) is not None and channel in row.channels
    ]


# ------------------------------------------------------------------------------------------- gates


def records(version_id: int) -> dict[Gate, GateRecord]:
    """What was recorded and not withdrawn, by gate."""
    query = (
        select(GateRecord)
        .options(joinedload(GateRecord.decision), joinedload(GateRecord.assessment))
        .where(GateRecord.module_version_id == version_id, GateRecord.withdrawn_at.is_(None))
    )
    return {row.gate: row for row in session().execute(query).scalars()}


def withdrawn_records(version_id: int) -> list[GateRecord]:
    """What was recorded and withdrawn later, latest first."""
    query = select(GateRecord).where(GateRecord.module_version_id == version_id, GateRecord.withdrawn_at.is_not(None))
    return list(session().execute(query.order_by(GateRecord.withdrawn_at.desc())).scalars())


def message_types(version_id: int) -> list[MessageType]:
    """The message set of a version, in its order."""
    query = select(MessageType).where(MessageType.module_version_id == version_id)
    return list(session().execute(query.order_by(MessageType.position, MessageType.id)).scalars())


def process_agreements(version_id: int) -> list[ProcessAgreement]:
    query = select(ProcessAgreement).where(ProcessAgreement.module_version_id == version_id)
    return list(session().execute(query.order_by(ProcessAgreement.id)).scalars())


def gate_facts(version_id: int) -> GateFacts:
    """What is known about the road of a version to its release."""
    found = records(version_id)

    def day_of(gate: Gate) -> date | None:
        row = found.get(gate)
        return row.happened_on if row else None

    def closed_on(gate: Gate) -> date | None:
        row = found.get(gate)
        assessment = row.assessment if row else None
        return assessment.closed_on if assessment is not None and assessment.verdict in LETS_GO_ON else None

    decision = found[Gate.DECISION].decision if Gate.DECISION in found else None
    counted = select(func.count())
    return GateFacts(
        messages_agreed_on=day_of(Gate.MESSAGES),
        message_types=session().scalar(
            counted.select_from(MessageType).where(MessageType.module_version_id == version_id)
        )
        or 0,
        agreements_agreed_on=day_of(Gate.AGREEMENTS),
        process_agreements=session().scalar(
            counted.select_from(ProcessAgreement).where(ProcessAgreement.module_version_id == version_id)
        )
        or 0,
        built_on=day_of(Gate.BUILT),
        tested_on=day_of(Gate.TESTED),
        dpia_closed_on=closed_on(Gate.DPIA),
        security_closed_on=closed_on(Gate.SECURITY),
        decided_on=decision.decided_on if decision is not None else None,
    )


def shut(version_id: int) -> list[Gate]:
    """What must still become true before the release."""
    return shut_gates(gate_facts(version_id))


def assessments_for(gate: Gate) -> list[Assessment]:
    """What can open one of the two gates that ask for an assessment."""
    return accepted_assessments(KIND_OF_GATE[gate]) if gate in BY_ASSESSMENT else []


def release_decisions() -> list[Decision]:
    """Decisions of the board about releases, after advice, latest first."""
    return _decisions(Body.BOARD)


def release_advices() -> list[Decision]:
    """Advices of the advisory board about releases, latest first."""
    return _decisions(Body.ADVISORY_BOARD)


def _decisions(body: Body) -> list[Decision]:
    query = select(Decision).where(Decision.body == body, Decision.kind == DecisionKind.MODULE_RELEASE)
    return list(session().execute(query.order_by(Decision.decided_on.desc(), Decision.id.desc())).scalars())


# ------------------------------------------------------------------------------------------- how far, and who


@dataclass(frozen=True)
class VersionRow:
    """A version with how far it is and how many use it."""

    version: ModuleVersion
    state: VersionState
    users: int
    """Participants that have it switched on."""
    successor: ModuleVersion | None
    """The next version of the module that was released."""


def version_rows(on: date) -> list[VersionRow]:
    """Every version as it stands on a day, in the order of `versions`."""
    counts: dict[int, int] = dict(
        session()
        .execute(
            select(ModuleActivation.module_version_id, func.count())
            .where(in_force(on))
            .group_by(ModuleActivation.module_version_id)
        )
        .all()
    )
    found = versions()
    rows = []
    for row in found:
        later = successor(row, found)
        rows.append(VersionRow(row, state(row, later, on), counts.get(row.id, 0), later))
    return rows


def successor(row: ModuleVersion, among: Sequence[ModuleVersion]) -> ModuleVersion | None:
    """The next version of the same module by day of release; None for the newest, and for one not released."""
    if row.released_on is None:
        return None
    later = [
        other
        for other in among
        if other.module_code == row.module_code
        and other.released_on is not None
        and other.released_on > row.released_on
    ]
    return min(later, key=lambda other: other.released_on or date.max, default=None)


def state(row: ModuleVersion, later: ModuleVersion | None, on: date) -> VersionState:
    return state_of(
        Days(
            row.started_on,
            row.released_on,
            row.retirement_announced_on,
            row.retires_on,
            later.released_on if later else None,
        ),
        on,
    )


def users(version_id: int, on: date) -> list[Participant]:
    """Who has a version switched on, on a day or later, by name."""
    query = (
        select(Participant)
        .join(ModuleActivation, ModuleActivation.participant_id == Participant.id)
        .options(joinedload(Participant.organisation), joinedload(Participant.role))
        .where(ModuleActivation.module_version_id == version_id)
        .where((ModuleActivation.ends_before.is_(None)) | (ModuleActivation.ends_before > on))
        .where((ModuleActivation.ends_before.is_(None)) | (ModuleActivation.ends_before > ModuleActivation.starts_on))
        .distinct()
    )
    return sorted(session().execute(query).unique().scalars(), key=lambda row: (row.name.casefold(), row.id))
