"""Storing what the files of public registers say. One row that cannot be stored does not stop the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError

from core import identifiers
from core.audit import Actor
from core.db import advisory_lock, savepoint, session
from core.errors import UserError
from participants import services
from participants.imports import rules
from participants.imports.rules import Layout, RawRow, RegisterRow, Table, UnreadableRow
from participants.kinds import MeasurementKind
from participants.models import Measurement, Organisation


@dataclass(frozen=True)
class Remark:
    """Something about one row."""

    line: int
    name: str
    text: str


@dataclass
class Outcome:
    """What came of one file."""

    layout: Layout
    added: list[str] = field(default_factory=list)
    changed: list[Remark] = field(default_factory=list)
    unchanged: int = 0
    refused: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)


class Importer:
    """Stores the rows of one file. Runs in scope JOB, in the transaction of the caller."""

    def __init__(self, actor: Actor, table: Table, *, source: str = rules.REGISTER) -> None:
        advisory_lock("import-organisations")
        self.actor = actor
        self.table = table
        self.source = source
        self.outcome = Outcome(table.layout)
        self._doubles = rules.doubles(table)
        self._known = self._load()

    def _load(self) -> dict[str, Organisation]:
        column = Organisation.register_id if self._by_register_id else Organisation.municipality_code
        rows = session().execute(select(Organisation).where(column.is_not(None))).scalars()
        return {str(row.register_id if self._by_register_id else row.municipality_code): row for row in rows}

    @property
    def _by_register_id(self) -> bool:
        return self.table.layout.key == "roo_id"

    def store_all(self, rows: Iterable[RawRow] | None = None) -> Outcome:
        """Store every row, or those of an iterable (a progress bar) over them."""
        for row in self.table.rows if rows is None else rows:
            self._store(row)
        return self.outcome

    def _store(self, row: RawRow) -> None:
        name = row.cells.get("naam", "")[:60]
        double = self._doubles.get(row.line)
        if double is not None:
            self.outcome.refused.append(Remark(row.line, name, double))
            return
        try:
            meaning = rules.meaning(self.table.layout, row)
            with savepoint():
                self._apply(row, meaning)
        except UnreadableRow as error:
            self.outcome.refused.append(Remark(row.line, name, str(error)))
        except UserError as error:
            self.outcome.refused.append(Remark(row.line, name, error.message))
        except (IntegrityError, DataError):
            text = "deze gegevens botsen met een andere organisatie, of de database kan ze niet bewaren."
            self.outcome.refused.append(Remark(row.line, name, text))

    def _apply(self, row: RawRow, meaning: RegisterRow) -> None:
        key = row.cells[self.table.layout.key]
        organisation = self._known.get(key)
        changes: list[str] = []
        is_new = organisation is None
        if organisation is None:
            facts = {"changed_on": None, **meaning.facts, "ends_before": meaning.ends_before}
            organisation = services.create_organisation(self.actor, source=self.source, **facts)
        else:
            changes = services.change_organisation(self.actor, organisation, source=self.source, **meaning.facts)
            if meaning.ends_before and organisation.ends_before != meaning.ends_before:
                services.end_organisation(self.actor, organisation, meaning.ends_before, source=self.source)
                changes.append("einddatum")
        if self._measure(organisation, meaning):
            changes.append("inwoners")
        self._count(row.line, organisation, changes, is_new=is_new)
        self._known[key] = organisation

    def _measure(self, organisation: Organisation, meaning: RegisterRow) -> bool:
        """A changed count is a new measurement; the same count is not measured again."""
        if meaning.inhabitants is None or meaning.measured_on is None:
            return False
        latest = (
            select(Measurement.value)
            .where(Measurement.organisation_id == organisation.id, Measurement.kind == MeasurementKind.INHABITANTS)
            .where(Measurement.source == self.source)
            .order_by(Measurement.measured_on.desc(), Measurement.id.desc())
        )
        if session().scalar(latest.limit(1)) == meaning.inhabitants:
            return False
        services.record_measurement(
            self.actor,
            MeasurementKind.INHABITANTS,
            meaning.inhabitants,
            measured_on=meaning.measured_on,
            source=self.source,
            organisation_id=organisation.id,
        )
        return True

    def _count(self, line: int, organisation: Organisation, changes: list[str], *, is_new: bool) -> None:
        if is_new:
            self.outcome.added.append(organisation.name)
        elif changes:
            self.outcome.changed.append(Remark(line, organisation.name, ", ".join(changes)))
        else:
            self.outcome.unchanged += 1
        warning = organisation.oin and identifiers.oin_warning(
            organisation.oin, kvk_number=organisation.kvk, rsin_number=organisation.rsin
        )
        if warning:
            self.outcome.warnings.append(Remark(line, organisation.name, warning))
