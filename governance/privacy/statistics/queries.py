"""Reads about purposes of statistics."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from core.db import session
from core.errors import NotFound
from governance.privacy.models import StatisticPurpose


def purpose_on(code: str, on: date) -> StatisticPurpose | None:
    """What was recorded about a statistic and is in force on a day."""
    query = select(StatisticPurpose).where(StatisticPurpose.code == code, StatisticPurpose.starts_on <= on)
    return session().execute(query.order_by(StatisticPurpose.starts_on.desc()).limit(1)).scalar_one_or_none()


def purposes_on(on: date) -> list[StatisticPurpose]:
    """Of each statistic what is in force on a day, by label."""
    query = (
        select(StatisticPurpose)
        .ext(distinct_on(StatisticPurpose.code))
        .where(StatisticPurpose.starts_on <= on)
        .order_by(StatisticPurpose.code, StatisticPurpose.starts_on.desc())
    )
    return sorted(session().execute(query).scalars(), key=lambda row: row.label.casefold())


def history(code: str) -> list[StatisticPurpose]:
    """All that was recorded about one statistic, latest first. Raises NotFound when there is nothing."""
    query = select(StatisticPurpose).where(StatisticPurpose.code == code)
    found = list(session().execute(query.order_by(StatisticPurpose.starts_on.desc())).scalars())
    if not found:
        raise NotFound("Deze statistiek bestaat niet.")
    return found


def all_purposes() -> list[StatisticPurpose]:
    """Everything that was ever recorded, by code and day."""
    query = select(StatisticPurpose).order_by(StatisticPurpose.code, StatisticPurpose.starts_on)
    return list(session().execute(query).scalars())
