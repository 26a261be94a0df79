"""Record decisions, operators and settings. Callers hold scope staff or JOB and a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select

from core import filters, identifiers
from core.audit import Actor, record
from core.db import advisory_lock, session
from core.errors import Refused, UserError
from core.identifiers import InvalidIdentifier
from governance.events import DECISION_RECORDED, OPERATOR_COMPLETED, OPERATOR_RECORDED, SETTINGS_LOADED
from governance.kinds import Body, DecisionKind
from governance.models import Decision, Operator, Setting
from governance.rules import DEFAULTS, START, why_decision_is_refused

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
) -> Decision:
    """Record a decision (or, for the advisory board, an advice) for good. Without `number` it gets the next of its
    year, such as 2026-03.

    Raises Refused when the board decides on tariffs without earlier advice; not with `from_source`: a past decision
    that is taken over from a publication, of which the order of events is not ours to judge.
    """
    asked = (advice.body, advice.decided_on) if advice else None
    why = why_decision_is_refused(body, kind, decided_on, asked)
    if why and not (from_source and advice is None):
        raise Refused(why, field="advice")
    row = Decision(
        number=number or _next_number(decided_on.year),
        body=body,
        kind=kind,
        decided_on=decided_on,
        title=title,
        text=text,
        source=source,
        advice_id=advice.id if advice else None,
    )
    session().add(row)
    session().flush()
    record(
        DECISION_RECORDED,
        actor,
        subject=f"decision:{row.id}",
        number=row.number,
        title=title,
        body=body.label.lower(),
        decided_on=filters.day(decided_on),
    )
    return row


def _next_number(year: int) -> str:
    advisory_lock("governance-decision-numbers")
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
        raise ValueError(f"bekende gegevens wijken af en liggen vast ({', '.join(differing)}).")
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
            fields=", ".join(filled),
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
                starts_on=START,
                source=default.source,
                to_confirm=True,
                decision_id=decision.id if decision else None,
            )
        )
    session().flush()
    if missing:
        record(SETTINGS_LOADED, actor, subject="settings", count=len(missing))
    return len(missing)
