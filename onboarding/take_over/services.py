"""Take over a participant that was connected before this administration existed.

Nothing is invented: no signature and no first invoice. Connection date, modules and where the signed agreement is kept
come from the old administration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from catalogue.services import choose_modules, take_over_module
from core import clock
from core.audit import Actor, record
from core.db import savepoint, session
from core.errors import Refused, UserError
from core.filters import day
from onboarding.take_over.events import TAKEN_OVER
from participants import queries
from participants import services as participants
from participants.kinds import Basis, Channel, OrganisationKind, Stage
from participants.models import Organisation, Participant

COLUMNS = ("gemeentecode", "kvk", "rol", "onderdeel", "aangesloten_op", "kanaal", "modules", "dossier")
"""Of the file: municipality code or KvK number says who; modules are codes with spaces between, if
need be with the version at which the participant stayed ("debt_settlement:1.1")."""


@dataclass(frozen=True)
class Existing:
    """One connection of the old administration."""

    organisation_id: int
    role_code: str
    connected_on: date
    channel: Channel
    modules: tuple[str, ...]
    """Codes; with a version behind it ("debt_settlement:1.1") the participant did not go further than that one."""
    reference: str
    """Where the signed agreement is kept, for instance "dossier 2021-114"."""
    unit_name: str = ""


def take_over(actor: Actor, existing: Existing) -> Participant:
    """Register the participant as connected since its date; a municipality that helps debtors serves itself.

    Raises Refused for a date in the future, a duplicate, or a module that does not fit the role.
    """
    if existing.connected_on > clock.today():
        raise Refused("De datum van aansluiten ligt in de toekomst. Zo'n organisatie meldt zich gewoon aan.")
    if not existing.reference.strip():
        raise Refused("Vul in waar de getekende overeenkomst ligt.")
    participant = participants.register_participant(
        actor,
        existing.organisation_id,
        existing.role_code,
        existing.unit_name,
        existing.channel,
        stage=Stage.LIVE,
    )
    key, since = participant.id, existing.connected_on
    is_municipality = participant.organisation.kind is OrganisationKind.MUNICIPALITY
    if participant.role.basis is Basis.INHABITANTS and is_municipality:
        participants.serve_municipality(actor, key, existing.organisation_id, since)
    participants.open_connection(actor, key, since)
    participants.open_live_period(actor, key, since)
    if existing.modules:
        choose_modules(participant, [code.partition(":")[0] for code in existing.modules], actor)
    for code in existing.modules:
        take_over_module(key, code, since, actor)
    record(
        TAKEN_OVER,
        actor,
        participant_id=key,
        subject=f"participant:{key}",
        name=participant.name,
        day=day(since),
        reference=existing.reference.strip(),
    )
    return participant


@dataclass
class Report:
    """What reading a file did."""

    taken_over: int = 0
    known: int = 0
    """Rows whose participant exists already; they are left alone."""
    refused: list[str] = field(default_factory=list)
    """Line number and reason."""


def take_over_rows(actor: Actor, rows: Iterable[Mapping[str, str]]) -> Report:
    """Take over the connections of a file, each row by itself: a wrong one is refused and stops nothing.

    Raises UserError when a column is missing.
    """
    report = Report()
    for line, row in enumerate(rows, start=2):
        missing = [name for name in COLUMNS if name not in row]
        if missing:
            raise UserError(f"Het bestand mist de kolommen: {', '.join(missing)}.")
        try:
            existing = _parse(row)
            if queries.open_participant(existing.organisation_id, existing.role_code, existing.unit_name):
                report.known += 1
                continue
            with savepoint():
                take_over(actor, existing)
            report.taken_over += 1
        except UserError as error:
            report.refused.append(f"regel {line}: {error.message}")
    return report


def _parse(row: Mapping[str, str]) -> Existing:
    code, kvk = row["gemeentecode"].strip(), row["kvk"].strip()
    who = Organisation.municipality_code == code if code else Organisation.kvk == kvk
    found = session().execute(select(Organisation).where(who).limit(2)).scalars().all() if code or kvk else []
    if len(found) != 1:
        raise UserError(f"Er is niet precies één organisatie met gemeentecode '{code}' of KvK-nummer '{kvk}'.")
    try:
        connected_on = date.fromisoformat(row["aangesloten_op"].strip())
        channel = Channel(row["kanaal"].strip())
    except ValueError as error:
        raise UserError(
            "Datum of kanaal klopt niet. Schrijf de datum als 2021-03-01 en het kanaal als portal, csv of system."
        ) from error
    return Existing(
        found[0].id,
        row["rol"].strip(),
        connected_on,
        channel,
        tuple(row["modules"].split()),
        row["dossier"].strip(),
        row["onderdeel"].strip(),
    )
