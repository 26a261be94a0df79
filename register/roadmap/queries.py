"""The roadmap as everybody may read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text

from catalogue.models import Module, ModuleVersion
from catalogue.queries import all_modules
from catalogue.versions.kinds import VersionState
from catalogue.versions.queries import version_rows
from core.db import session

TABLES = ("modules", "module_versions")
"""Everything that the page is made of."""

_FINGERPRINT = "(SELECT concat(count(*), ':', bit_xor(hashtextextended(concat(xmin, ctid), 0))) FROM {})"
_FINGERPRINTS = text("SELECT " + ", ".join(_FINGERPRINT.format(table) for table in TABLES))


def change_marker(on: date) -> str:
    """A text that differs as soon as the page could."""
    return "/".join(("roadmap", on.isoformat(), *session().execute(_FINGERPRINTS).one()))


@dataclass(frozen=True)
class RoadmapVersion:
    """One version as everybody may read it."""

    version: ModuleVersion
    state: VersionState
    successor: str | None

    @property
    def when(self) -> str:
        """The quarter, as the source names it."""
        return self.version.quarter or "nog niet gepland"

    @property
    def is_past(self) -> bool:
        """Succeeded or ended: history."""
        return self.state in {VersionState.SUCCEEDED, VersionState.RETIRED}


@dataclass(frozen=True)
class RoadmapModule:
    """A module with its versions, newest first."""

    module: Module
    versions: Sequence[RoadmapVersion]

    @property
    def is_coming(self) -> bool:
        """Nothing of it can be used yet."""
        coming = {VersionState.DEVELOPMENT, VersionState.PLANNED}
        return all(one.state in coming for one in self.versions)


def roadmap(on: date) -> list[RoadmapModule]:
    """Every module with its versions as they stand on a day, in the order of the catalogue."""
    rows = version_rows(on)
    found = []
    for module in all_modules():
        versions = [
            RoadmapVersion(row.version, row.state, row.successor.name if row.successor else None)
            for row in reversed(rows)
            if row.version.module_code == module.code
        ]
        found.append(RoadmapModule(module, versions))
    return found
