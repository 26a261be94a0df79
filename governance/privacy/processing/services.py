"""Record versions of processing activities. Nothing here commits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select

from core import clock, filters
from core.audit import Actor, record
from core.db import advisory_lock, session
from core.errors import Refused, UserError
from governance.privacy.kinds import DataRole
from governance.privacy.models import ProcessingActivity
from governance.privacy.processing import events
from governance.privacy.processing.queries import versions
from governance.privacy.processing.rules import FIELDS, NAMES

START = date(2020, 1, 1)
"""Entries that no source dates hold from the beginning of the hub."""


def code_of(name: str) -> str:
    """Part of an address: "Facturen en btw" becomes facturen-en-btw."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    code = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:60]
    return f"verwerking-{code}" if code in {"", "nieuw"} else code


def record_activity(
    actor: Actor, role: DataRole, values: Mapping[str, str], *, starts_on: date, source: str, to_confirm: bool
) -> ProcessingActivity:
    """A new entry of the register. `values`: what `rules.NAMES` names. Raises Refused when the name is taken."""
    code = code_of(values["name"])
    advisory_lock("governance-processing")
    if session().scalar(select(ProcessingActivity.id).where(ProcessingActivity.code == code).limit(1)):
        raise Refused("Er is al een verwerking met deze naam. Leg daarvan een nieuwe versie vast.", field="name")
    return _add(actor, code, role, values, starts_on=starts_on, source=source, to_confirm=to_confirm)


def record_version(
    actor: Actor,
    code: str,
    role: DataRole,
    values: Mapping[str, str],
    *,
    starts_on: date,
    source: str,
    to_confirm: bool,
    stopped: bool = False,
) -> ProcessingActivity:
    """A later version of an entry; the earlier ones stay. Raises Refused when it does not start later."""
    advisory_lock("governance-processing")
    latest = versions(code)[0]
    if starts_on <= latest.starts_on:
        since = filters.day(latest.starts_on)
        raise Refused(f"De vorige versie geldt vanaf {since}. Kies een latere dag.", field="starts_on")
    return _add(actor, code, role, values, starts_on=starts_on, source=source, to_confirm=to_confirm, stopped=stopped)


def _add(
    actor: Actor,
    code: str,
    role: DataRole,
    values: Mapping[str, str],
    *,
    starts_on: date,
    source: str,
    to_confirm: bool,
    stopped: bool = False,
) -> ProcessingActivity:
    row = ProcessingActivity(
        code=code,
        role=role,
        starts_on=starts_on,
        source=source,
        to_confirm=to_confirm,
        stopped=stopped,
        recorded_by=actor.person,
        recorded_at=clock.now(),
        **{name: values[name] or "" for name in NAMES},
    )
    session().add(row)
    session().flush()
    event = events.STOPPED if stopped else events.RECORDED
    record(event, actor, subject=f"processing:{code}", name=row.name, starts_on=filters.day(starts_on))
    return row


def import_activities(rows: Iterable[Mapping[str, str]], actor: Actor) -> int:
    """Record what is missing of a file like data/verwerkingen.csv, marked "te bevestigen". Returns how many were new.

    Raises UserError when a column is missing or a role is unknown.
    """
    advisory_lock("governance-processing")
    known = set(session().execute(select(ProcessingActivity.code)).scalars())
    roles = {"verantwoordelijke": DataRole.CONTROLLER, "verwerker": DataRole.PROCESSOR}
    count = 0
    for row in rows:
        missing = {"code", "rol", "bron", *(field.column for field in FIELDS)} - row.keys()
        if missing:
            raise UserError(f"Het bestand mist de kolommen: {', '.join(sorted(missing))}.")
        if row["rol"] not in roles:
            raise UserError(f"{row['code']}: '{row['rol']}' is geen rol; schrijf verantwoordelijke of verwerker.")
        if row["code"] in known:
            continue
        session().add(
            ProcessingActivity(
                code=row["code"],
                role=roles[row["rol"]],
                starts_on=START,
                source=row["bron"],
                to_confirm=True,
                stopped=False,
                recorded_by=actor.person,
                recorded_at=clock.now(),
                **{field.name: row[field.column].strip() for field in FIELDS},
            )
        )
        count += 1
    session().flush()
    if count:
        record(events.IMPORTED, actor, subject="processing", count=count)
    return count
