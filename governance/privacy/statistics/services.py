"""Record what a statistic is for. Nothing here commits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select

from core import clock
from core.audit import Actor, record
from core.db import advisory_lock, session
from core.errors import Refused, UserError
from core.filters import day
from governance.privacy.models import StatisticPurpose
from governance.privacy.statistics import events
from governance.privacy.statistics.queries import history

START = date(2020, 1, 1)
COLUMNS = {"code", "naam", "doel", "grondslag", "aan", "bron"}


def set_purpose(
    code: str, actor: Actor, *, purpose: str, legal_basis: str, allowed: bool, starts_on: date, source: str
) -> StatisticPurpose:
    """Record purpose and legal basis from a day on, and whether the statistic is on.

    Raises Refused when it would be on without both, or does not start after the latest and from today on.
    """
    advisory_lock("governance-statistics")
    latest = history(code)[0]
    if allowed and not (purpose.strip() and legal_basis.strip()):
        raise Refused("Een statistiek gaat alleen aan met een doel en een grondslag.", field="allowed")
    if starts_on <= latest.starts_on or starts_on < clock.today():
        raise Refused("Kies een dag vanaf vandaag, na de vorige vastlegging.", field="starts_on")
    row = StatisticPurpose(
        code=code,
        label=latest.label,
        starts_on=starts_on,
        purpose=purpose.strip(),
        legal_basis=legal_basis.strip(),
        allowed=allowed,
        source=source,
        to_confirm=False,
        recorded_by=actor.person,
        recorded_at=clock.now(),
    )
    session().add(row)
    session().flush()
    record(
        events.SET,
        actor,
        subject=f"statistic:{code}",
        label=row.label,
        standing="aan" if allowed else "uit",
        starts_on=day(starts_on),
        reason=source,
    )
    return row


def import_purposes(rows: Iterable[Mapping[str, str]], actor: Actor) -> int:
    """Record the statistics of a file like data/statistieken.csv that are not known yet. Returns how many were new.

    Raises UserError when a column is missing, or a statistic would be on without purpose, legal basis or source.
    """
    advisory_lock("governance-statistics")
    known = set(session().execute(select(StatisticPurpose.code)).scalars())
    count = 0
    for row in rows:
        if missing := COLUMNS - row.keys():
            raise UserError(f"Het bestand mist de kolommen: {', '.join(sorted(missing))}.")
        if row["code"] in known:
            continue
        allowed = row["aan"] == "ja"
        if allowed and not all(row[column].strip() for column in ("doel", "grondslag", "bron")):
            raise UserError(f"{row['code']} staat aan zonder doel, grondslag of bron.")
        session().add(
            StatisticPurpose(
                code=row["code"],
                label=row["naam"],
                starts_on=START,
                purpose=row["doel"].strip(),
                legal_basis=row["grondslag"].strip(),
                allowed=allowed,
                source=row["bron"],
                to_confirm=True,
                recorded_by=actor.person,
                recorded_at=clock.now(),
            )
        )
        count += 1
    session().flush()
    if count:
        record(events.IMPORTED, actor, subject="statistics", count=count)
    return count
