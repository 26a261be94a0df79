"""Record decisions, operators and settings. Callers hold scope staff or JOB and a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select

from core import clock, filters, identifiers
from core.audit import Actor, record
from core.db import advisory_lock, session
from core.errors import Refused, UserError
from core.identifiers import InvalidIdentifier
from governance.events import DECISION_RECORDED, OPERATOR_COMPLETED, OPERATOR_RECORDED, SETTINGS_LOADED
from governance.kinds import Body, DecisionKind
from governance.meetings.models import Meeting
from governance.models import Decision, DecisionDocument, Operator, Setting
from governance.queries import active_bodies_on
from governance.rules import (
    DEFAULTS,
    Draft,
    Paper,
    why_body_is_refused,
    why_decision_is_refused,
    why_not_on,
    why_not_superseded,
)

EXAMPLE_MARK = "verzonnen"
EXAMPLE_SUFFIX = " (in de demo)"
OPERATOR_COLUMNS = {
    "kvk": "kvk",
    "oin": "oin",
    "btw_nummer": "vat_id",
    "iban": "iban",
    "straat": "street",
    "postcode": "postal_code",
    "plaats": "city",
    "email": "email",
}
"""Column of beheerders.csv → field of Operator."""
OPERATOR_LABELS = {
    "kvk": "KvK-nummer",
    "oin": "OIN",
    "vat_id": "btw-nummer",
    "iban": "IBAN",
    "street": "straat",
    "postal_code": "postcode",
    "city": "plaats",
    "email": "e-mailadres",
    "logo_sha256": "logo",
}
"""What can be filled in of an operator, and how it is called on screen."""


# --------------------------------------------------------------------------------------------------- decisions


def record_decision(  # noqa: PLR0913  all of it is part of a decision, and all by name
    *,
    body: Body,
    kind: DecisionKind,
    decided_on: date,
    title: str,
    text: str,
    source: str,
    actor: Actor,
    advice: Decision | None = None,
    from_source: bool = False,
    number: str | None = None,
    reasons: str | None = None,
    starts_on: date | None = None,
    ends_before: date | None = None,
    supersedes: Decision | None = None,
) -> Decision:
    """Record a decision (or, for the advisory board, an advice) for good, in force from `starts_on` or else the day on
    which it was taken. Without `number` it gets the next of its year, such as 2026-03.

    Raises Refused when a rule forbids it, such as the board deciding on tariffs or a module release without earlier
    advice; that not with `from_source`: a past decision that is taken over from a publication, of which the order of
    events is not ours to judge.
    """
    draft = Draft(
        body,
        kind,
        decided_on,
        title,
        text,
        source,
        reasons=reasons,
        starts_on=starts_on,
        ends_before=ends_before,
        advice_id=advice.id if advice else None,
        supersedes_id=supersedes.id if supersedes else None,
    )
    return enter_decision(draft, actor, from_source=from_source, number=number)


def enter_decision(
    draft: Draft,
    actor: Actor,
    papers: Iterable[Paper] = (),
    *,
    from_source: bool = False,
    number: str | None = None,
) -> Decision:
    """The same from a draft, with the documents that belong to it. Raises Refused as `demand_allowed` does."""
    advisory_lock("governance-decision-numbers")
    demand_allowed(draft, from_source=from_source)
    row = Decision(
        number=number or _next_number(draft.decided_on.year),
        body=draft.body,
        kind=draft.kind,
        decided_on=draft.decided_on,
        title=draft.title,
        text=draft.text,
        source=draft.source,
        reasons=draft.reasons,
        starts_on=draft.starts_on or draft.decided_on,
        ends_before=draft.ends_before,
        advice_id=draft.advice_id,
        supersedes_id=draft.supersedes_id,
        meeting_id=draft.meeting_id,
    )
    session().add(row)
    session().flush()
    for paper in papers:
        session().add(
            DecisionDocument(
                decision_id=row.id,
                name=paper.name,
                sha256=paper.sha256,
                media_type=paper.media_type,
                attached_at=clock.now(),
            )
        )
    session().flush()
    record(
        DECISION_RECORDED,
        actor,
        subject=f"decision:{row.id}",
        number=row.number,
        title=row.title,
        body=row.body.label.lower(),
        decided_on=filters.day(row.decided_on),
    )
    return row


def demand_allowed(draft: Draft, *, from_source: bool = False) -> None:
    """Raises Refused, on the field that is wrong, when a rule forbids to record this decision."""
    active = active_bodies_on(draft.decided_on)
    _refuse(why_body_is_refused(draft.body, active), "body")
    advice = _known(draft.advice_id, "advice")
    asked = (advice.body, advice.decided_on) if advice else None
    why = why_decision_is_refused(draft.body, draft.kind, draft.decided_on, asked, advice.kind if advice else None)
    if not (from_source and advice is None):
        _refuse(why, "advice")
    if draft.ends_before is not None and draft.ends_before <= (draft.starts_on or draft.decided_on):
        raise Refused("De laatste dag ligt voor de eerste dag. Controleer de datums.", field="ends_on")
    earlier = _known(draft.supersedes_id, "supersedes")
    if earlier is not None:
        taken_by = session().scalar(select(Decision.number).where(Decision.supersedes_id == earlier.id))
        _refuse(why_not_superseded(draft, _draft_of(earlier), taken_by), "supersedes")
    _demand_meeting(draft)


def _refuse(why: str | None, field: str) -> None:
    if why is not None:
        raise Refused(why, field=field)


def _known(decision_id: int | None, field: str) -> Decision | None:
    if decision_id is None:
        return None
    found = session().get(Decision, decision_id)
    if found is None:
        raise Refused("Dit besluit bestaat niet. Kies uit de lijst.", field=field)
    return found


def _draft_of(row: Decision) -> Draft:
    return Draft(row.body, row.kind, row.decided_on, row.title, row.text, row.source, starts_on=row.starts_on)


def _demand_meeting(draft: Draft) -> None:
    if draft.meeting_id is None:
        return
    meeting = session().get(Meeting, draft.meeting_id)
    if meeting is None or meeting.body is not draft.body:
        raise Refused("Dit is geen vergadering van dit orgaan. Kies een andere vergadering.", field="meeting")
    if meeting.held_on != draft.decided_on:
        raise Refused(
            f"Die vergadering was op {filters.day(meeting.held_on)}. Kies die dag als datum van het besluit, of een"
            " andere vergadering.",
            field="meeting",
        )


def demand_decision(decision: Decision, wanted: DecisionKind) -> None:
    """For what hangs from a decision: raises Refused when it is not one of the board about just that."""
    _refuse(why_not_on(decision.body, decision.kind, wanted), "decision")


def _next_number(year: int) -> str:
    taken = session().scalar(select(func.count()).select_from(Decision).where(Decision.number.like(f"{year}-%"))) or 0
    return f"{year}-{taken + 1:02}"


# --------------------------------------------------------------------------------------------------- operators


@dataclass
class OperatorImport:
    """What an import of operators did, row by row."""

    added: list[str] = field(default_factory=list)
    completed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """Name and reason."""


def import_operators(rows: Iterable[Mapping[str, str]], actor: Actor, *, example: bool) -> OperatorImport:
    """Record the operators of beheerders.csv: with `example` only the invented ones, otherwise only the real ones.

    Idempotent. What the file leaves empty stays unknown; a later file may fill it in, never change it. A row that is
    wrong is refused with a reason and does not stop the others. Raises UserError when a column is missing.
    """
    outcome = OperatorImport()
    for row in rows:
        missing = {"naam", "van", "echt", *OPERATOR_COLUMNS} - {"email"} - row.keys()
        if missing:
            raise UserError(f"Het bestand mist de kolommen: {', '.join(sorted(missing))}.")
        if (row["echt"].strip() == EXAMPLE_MARK) != example:
            continue
        name = row["naam"].strip().removesuffix(EXAMPLE_SUFFIX)
        try:
            _import_operator(name, row, actor, outcome, example=example)
        except ValueError as error:
            outcome.refused.append(f"{name}: {error}")
    return outcome


def _import_operator(
    name: str, row: Mapping[str, str], actor: Actor, outcome: OperatorImport, *, example: bool
) -> None:
    if not name:
        raise ValueError("de naam ontbreekt.")
    try:
        starts_on = date.fromisoformat(row["van"].strip())
    except ValueError as error:
        raise ValueError(f"'{row['van']}' is geen datum; schrijf jaar-maand-dag, bijvoorbeeld 2026-01-01.") from error
    values = _checked_values(row)
    found = session().execute(select(Operator).where(Operator.starts_on == starts_on)).scalar_one_or_none()
    if found is None:
        operator = Operator(name=name, starts_on=starts_on, fictional=example, **values)
        session().add(operator)
        session().flush()
        record(
            OPERATOR_RECORDED,
            actor,
            subject=f"operator:{operator.id}",
            name=name,
            starts_on=filters.day(starts_on),
        )
        outcome.added.append(name)
    elif found.name != name or found.fictional != example:
        raise ValueError(f"vanaf {filters.day(starts_on)} is {found.name} al vastgelegd als stelselbeheerder.")
    else:
        filled = complete_operator(found, values, actor)
        (outcome.completed if filled else outcome.unchanged).append(name)


def _checked_values(row: Mapping[str, str]) -> dict[str, str | None]:
    values = {target: (row.get(column) or "").strip() or None for column, target in OPERATOR_COLUMNS.items()}
    checks = {"kvk": identifiers.kvk, "oin": identifiers.oin, "iban": identifiers.iban}
    for name, check in checks.items():
        given = values[name]
        if given:
            try:
                values[name] = check(given)
            except InvalidIdentifier as error:
                raise ValueError(str(error)) from error
    return values


def complete_operator(operator: Operator, values: Mapping[str, str | None], actor: Actor) -> list[str]:
    """Fill in what was unknown of an operator; returns the names of the fields. What is known stays.

    Raises ValueError when a known field would get another value.
    """
    differing = [name for name, value in values.items() if value and (getattr(operator, name) or value) != value]
    if differing:
        raise ValueError(
            f"bekende gegevens wijken af en liggen vast ({', '.join(OPERATOR_LABELS[name] for name in differing)})."
        )
    filled = [name for name, value in values.items() if value and getattr(operator, name) is None]
    for name in filled:
        setattr(operator, name, values[name])
    if filled:
        session().flush()
        record(
            OPERATOR_COMPLETED,
            actor,
            subject=f"operator:{operator.id}",
            name=operator.name,
            fields=", ".join(OPERATOR_LABELS[name] for name in filled),
        )
    return filled


# --------------------------------------------------------------------------------------------------- settings


def load_default_settings(actor: Actor, *, decision: Decision | None = None) -> int:
    """Record the defaults that hold until the client confirms them, each marked `to_confirm`. Returns how many were
    missing. A name that has any value already is left alone. `decision`: the decision they rest on, if any."""
    advisory_lock("governance-settings")
    known = set(session().execute(select(Setting.name)).scalars())
    missing = [default for default in DEFAULTS if default.name.value not in known]
    for default in missing:
        session().add(
            Setting(
                name=str(default.name.value),
                value=default.value,
                starts_on=default.starts_on,
                source=default.source,
                to_confirm=default.to_confirm,
                decision_id=decision.id if decision else None,
            )
        )
    session().flush()
    if missing:
        record(SETTINGS_LOADED, actor, subject="settings", count=len(missing))
    return len(missing)
