"""Modules, versions, messages and agreements on process from the data files. Callers hold scope staff or JOB."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from catalogue.events import IMPORTED
from catalogue.messages.kinds import MessageKind
from catalogue.messages.models import MessageType
from catalogue.messages.rules import PARTY_OF_NAME
from catalogue.models import Module, ModuleAudience, ModuleVersion
from catalogue.rules import ROLE_OF_TYPE, Audience, audiences_of_cell
from catalogue.versions.kinds import AgreementAudience
from catalogue.versions.models import ProcessAgreement
from core.audit import Actor, record
from core.db import session

DATA = Path(__file__).parent.parent.parent / "data"


@dataclass
class Count:
    """How many rows were new, and how many were changed."""

    added: int = 0
    changed: int = 0


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a data file."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


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
    lines = rows("modules.csv")
    released = set(
        session().execute(select(ModuleVersion.module_code).where(ModuleVersion.released_on.is_not(None))).scalars()
    )
    for position, row in enumerate(lines):
        values = {
            "name": row["naam"],
            "purpose": row["doel"],
            "position": position,
            "available": row["beschikbaar"] == "ja" or row["code"] in released,
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
    more, other, removed = _import_audiences({row["naam_in_matrix"]: row["code"] for row in lines})
    count = Count(added + more, changed + other)
    import_versions(count)
    report = ImportReport(count.added, count.changed, removed)
    if not report.is_empty:
        record(IMPORTED, actor, added=report.added, changed=report.changed, removed=report.removed)
    return report


def published_audiences(code_of_name: dict[str, str]) -> set[Audience]:
    """The matrix of the data file; `code_of_name` translates its column headings."""
    return {
        audience
        for row in rows("modules_per_deelnemertype.csv")
        for heading, cell in row.items()
        if heading != "deelnemertype"
        for audience in audiences_of_cell(code_of_name[heading], ROLE_OF_TYPE[row["deelnemertype"]], cell)
    }


def _import_audiences(code_of_name: dict[str, str]) -> tuple[int, int, int]:
    wanted = {(audience.module_code, audience.role_code): audience for audience in published_audiences(code_of_name)}
    published = {code for name, code in code_of_name.items() if name}  # of the others staff say for whom they are
    found = {
        (row.module_code, row.role_code): row
        for row in session().execute(select(ModuleAudience).where(ModuleAudience.module_code.in_(published))).scalars()
    }
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


# ------------------------------------------------------------------------------------------- versions


def import_versions(count: Count) -> None:
    """Bring versions, message types and agreements in line with the files. Versions that the sources date count as
    released on the first day of their quarter: that happened before this administration, so without gates. What was
    recorded here since (a release, a retirement) stays."""
    known = {(row.module_code, row.version): row for row in session().execute(select(ModuleVersion)).scalars()}
    for line in rows("module_versies.csv"):
        values = _version_values(line)
        row = known.get((line["module"], line["versie"]))
        if row is None:
            row = ModuleVersion(
                module_code=line["module"],
                version=line["versie"],
                released_on=_day(line["vrijgegeven_op"]),
                started_on=None,
                **values,
            )
            session().add(row)
            known[(row.module_code, row.version)] = row
            count.added += 1
        else:
            _change(row, values, count)
    session().flush()
    _import_messages(known, count)
    _import_agreements(known, count)


def _change(row: Any, values: dict[str, Any], count: Count) -> None:
    if any(getattr(row, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(row, name, value)
        count.changed += 1


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _version_values(line: dict[str, str]) -> dict[str, Any]:
    return {
        "to_confirm": line["versie_bekend"] != "ja",
        "quarter": line["kwartaal"] or None,
        "planned_on": _day(line["gepland_op"]),
        "purpose": line["doel"],
        "changes": line["wijzigingen"],
        "channels": line["kanalen"].split(),
        "source": line["bron"],
        "source_date": line["bron_datum"],
    }


def _import_messages(known: dict[tuple[str, str], ModuleVersion], count: Count) -> None:
    names = dict(session().execute(select(Module.name, Module.code)).all())
    found = {(row.module_version_id, row.code): row for row in session().execute(select(MessageType)).scalars()}
    for position, line in enumerate(rows("berichttypen.csv")):
        version = known[(names[line["module"]], line["versie"])]
        values: dict[str, Any] = {
            "name": line["naam"],
            "kind": MessageKind(line["soort"]),
            "senders": _parties(line["afzender"]),
            "receivers": _parties(line["ontvanger"]),
            "answers": line["antwoord_op"].split("|") if line["antwoord_op"] else [],
            "answer_working_days": int(line["antwoordnorm_werkdagen"]) if line["antwoordnorm_werkdagen"] else None,
            "is_optional": line["facultatief"] == "ja",
            "former_name": line["eerdere_naam"] or None,
            "source": line["bron"],
            "position": position,
        }
        row = found.get((version.id, line["code"]))
        if row is None:
            session().add(MessageType(module_version_id=version.id, code=line["code"], **values))
            count.added += 1
        else:
            _change(row, values, count)
    session().flush()


def _parties(text: str) -> list[str]:
    return [str(PARTY_OF_NAME[name].value) for name in text.split("|")]


def _import_agreements(known: dict[tuple[str, str], ModuleVersion], count: Count) -> None:
    found = {
        (row.module_version_id, row.title, row.version): row
        for row in session().execute(select(ProcessAgreement)).scalars()
    }
    for line in rows("procesafspraken.csv"):
        version = known[(line["module"], line["versie"])]
        values: dict[str, Any] = {
            "agreed_on": _day(line["vastgesteld_op"]),
            "audience": AgreementAudience(line["voor_wie"]),
            "source": line["bron"],
        }
        row = found.get((version.id, line["titel"], line["versie_afspraken"]))
        if row is None:
            session().add(
                ProcessAgreement(
                    module_version_id=version.id, title=line["titel"], version=line["versie_afspraken"], **values
                )
            )
            count.added += 1
        else:
            _change(row, values, count)
    session().flush()
