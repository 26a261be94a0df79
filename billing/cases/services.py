"""Read tariff tables from a file in the form of tarieven.csv and classify a number with them. Touches no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from billing.cases.rules import why_not_a_table
from billing.kinds import OpenTop
from billing.tariffs import rules
from billing.tariffs.rules import UNITS, Category, Classification, Count, NoCategory, Policy
from billing.tariffs.services import COLUMNS, TABLES, ZERO, audience_of, read_category
from core import filters
from core.errors import UserError
from core.validators import parse_day
from governance.kinds import SettingName
from governance.rules import DEFAULTS

AUDIENCES = {"shv": "schuldhulpverleners", "creditor": "schuldeisers en overige schuldhulpverleners"}
START_COLUMN = "geldt_vanaf"
"""A table may tell its own first day in this extra column."""
NO_DECISION = 0
"""A file rests on no decision that is recorded here."""


@dataclass(frozen=True)
class FileTable:
    """One tariff table of a file, with its rows as they stand there."""

    name: str
    starts_on: date | None
    """None when nothing says so: usable only when it is the one table of the file."""
    rows: Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Case:
    """The outcome for one number."""

    on: date
    table: FileTable
    audience: str
    found: Classification


def classify_case(
    rows: Sequence[Mapping[str, str]], basis: str, number: int, audience: str, on: date, open_top: OpenTop | None = None
) -> Case:
    """What a number falls under by the table of a file that is in force on a day. The zero tariff goes by the day of
    connecting and is left aside.

    Raises UserError, in Dutch, for a file that cannot be read, a day without a table, an audience or basis that the
    table does not have, and a number that no category holds.
    """
    if number < 0:
        raise UserError("Het aantal kan niet kleiner zijn dan nul.")
    if audience not in AUDIENCES:
        raise UserError(f"De doelgroep '{audience}' is onbekend. Kies uit: {', '.join(AUDIENCES)}.")
    if basis not in UNITS:
        raise UserError(f"De grondslag '{basis}' is onbekend. Kies uit: {', '.join(UNITS)}.")
    table = table_on(tables_in(rows), on)
    categories = _categories(table, audience, basis)
    policy = Policy(table.name, NO_DECISION, {audience: categories}, open_top=open_top or _default_open_top())
    unit = UNITS[basis][0 if number == 1 else 1]
    try:
        found = rules.classification(policy, categories, [Count("", number, "")], "")
    except NoCategory as error:
        raise UserError(f"De tabel '{table.name}' kent {error} voor {AUDIENCES[audience]}.") from error
    sentence = f"{rules.thousands(number)} {unit}: categorie {found.category} in de tabel {table.name}"
    return Case(on, table, audience, _with_sentence(found, sentence))


def _with_sentence(found: Classification, sentence: str) -> Classification:
    return Classification(
        category=found.category,
        basis=found.basis,
        number=found.number,
        connection_fee=found.connection_fee,
        annual_fee=found.annual_fee,
        sentence=sentence,
        decision_id=found.decision_id,
    )


def policy_of(rows: Sequence[Mapping[str, str]], on: date, open_top: OpenTop | None = None) -> Policy:
    """The whole table of a file that is in force on a day, for classifying many. Raises UserError."""
    table = table_on(tables_in(rows), on)
    audiences = [audience for audience in AUDIENCES if _amounts(table, audience)]
    return Policy(
        table.name,
        NO_DECISION,
        {audience: _checked(table, audience) for audience in audiences},
        open_top=open_top or _default_open_top(),
    )


# ------------------------------------------------------------------------------------------------- the tables


def tables_in(rows: Sequence[Mapping[str, str]]) -> list[FileTable]:
    """The tariff tables of a file, in its order; the row of the zero tariff is none."""
    if not rows:
        raise UserError("Het bestand is leeg. Geef een bestand in de vorm van data/tarieven.csv.")
    if missing := COLUMNS - rows[0].keys():
        raise UserError(f"Het bestand mist de kolommen: {', '.join(sorted(missing))}.")
    names = dict.fromkeys(row["tabel"].strip() for row in rows if not row["tabel"].startswith(ZERO))
    return [_table(name, [row for row in rows if row["tabel"].strip() == name]) for name in names]


def _table(name: str, rows: Sequence[Mapping[str, str]]) -> FileTable:
    written = next((row[START_COLUMN].strip() for row in rows if row.get(START_COLUMN, "").strip()), None)
    if written is not None:
        try:
            return FileTable(name, parse_day(written), rows)
        except ValueError as error:
            raise UserError(f"{name}: '{written}' is geen datum in de kolom {START_COLUMN}.") from error
    known = next((table.starts_on for table in TABLES if name.startswith(table.begins_with)), None)
    return FileTable(name, _default_day(known) if known else None, rows)


def table_on(tables: Sequence[FileTable], on: date) -> FileTable:
    """The table in force on a day: the latest that has started. The one table of a file without a start always is."""
    if len(tables) == 1 and tables[0].starts_on is None:
        return tables[0]
    unknown = [table.name for table in tables if table.starts_on is None]
    if unknown:
        raise UserError(
            f"Van de tabel '{unknown[0]}' is niet bekend vanaf wanneer zij geldt. Zet de eerste dag in de kolom"
            f" {START_COLUMN}."
        )
    started = [table for table in tables if table.starts_on is not None and table.starts_on <= on]
    if not started:
        raise UserError(f"Op {filters.day(on)} gold nog geen tabel van dit bestand.")
    return max(started, key=lambda table: table.starts_on or date.min)


def _amounts(table: FileTable, audience: str) -> list[Mapping[str, str]]:
    return [row for row in table.rows if row["ondergrens_incl"].strip() and audience_of(row) == audience]


def _checked(table: FileTable, audience: str) -> list[Category]:
    found = [read_category(row) for row in _amounts(table, audience)]
    problem = why_not_a_table(found)
    if problem:
        raise UserError(f"{table.name}, {AUDIENCES[audience]}: {problem}")
    return sorted(found, key=lambda category: category.lower)


def _categories(table: FileTable, audience: str, basis: str) -> list[Category]:
    categories = _checked(table, audience)
    if not categories:
        why = next((row["bijzonder"].strip() for row in table.rows if audience_of(row) == audience), "")
        raise UserError(
            f"De tabel '{table.name}' heeft geen bedragen voor {AUDIENCES[audience]}{f' ({why})' if why else ''}."
        )
    counted = categories[0].basis
    if counted != basis:
        other = next((name for name in AUDIENCES if name != audience and _counts(table, name, basis)), None)
        hint = f" Voor {UNITS[basis][1]} kiest u --audience {other}." if other else ""
        raise UserError(
            f"De tabel '{table.name}' telt voor {AUDIENCES[audience]} het aantal {UNITS[counted][1]}"
            f" (--basis {counted}), niet het aantal {UNITS[basis][1]}.{hint}"
        )
    return categories


def _counts(table: FileTable, audience: str, basis: str) -> bool:
    rows = _amounts(table, audience)
    return bool(rows) and read_category(rows[0]).basis == basis


def _default(name: SettingName) -> str:
    return next(default.value for default in DEFAULTS if default.name is name)


def _default_day(name: SettingName) -> date:
    return date.fromisoformat(_default(name))


def _default_open_top() -> OpenTop:
    return OpenTop(_default(SettingName.OPEN_TOP))
