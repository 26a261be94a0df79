"""Reads of the register of processing activities."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from core.db import session
from core.errors import NotFound
from governance.privacy.models import ProcessingActivity


def activities_on(day: date) -> list[ProcessingActivity]:
    """What is processed on a day: of each entry the version in force, those that stopped left out."""
    query = (
        select(ProcessingActivity)
        .ext(distinct_on(ProcessingActivity.code))
        .where(ProcessingActivity.starts_on <= day)
        .order_by(ProcessingActivity.code, ProcessingActivity.starts_on.desc())
    )
    found = [row for row in session().execute(query).scalars() if not row.stopped]
    return sorted(found, key=lambda row: (row.role.value, row.name.casefold()))


def versions(code: str) -> list[ProcessingActivity]:
    """All versions of one entry, latest first. Raises NotFound when there is none."""
    query = select(ProcessingActivity).where(ProcessingActivity.code == code)
    found = list(session().execute(query.order_by(ProcessingActivity.starts_on.desc())).scalars())
    if not found:
        raise NotFound("Deze verwerking staat niet in het register.")
    return found


def all_versions() -> list[ProcessingActivity]:
    """The whole register with its history, by entry and then by day."""
    query = select(ProcessingActivity).order_by(ProcessingActivity.code, ProcessingActivity.starts_on)
    return list(session().execute(query).scalars())
