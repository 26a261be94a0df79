"""What can be done with organisations and suppliers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from core import db as database
from core import identifiers
from core.audit import Actor, record
from core.db import scoped, session
from core.errors import Refused, UserError
from core.filters import day
from core.identifiers import InvalidIdentifier
from participants import events, queries, rules
from participants.kinds import OrganisationKind, Sector
from participants.models import Organisation, Supplier

CHECKS: dict[str, tuple[str, Callable[[str], str] | None]] = {
    "name": ("naam", identifiers.clean_text),
    "short_name": ("korte naam", identifiers.clean_text),
    "kind": ("soort", None),
    "sector": ("sector", None),
    "kvk": ("KvK-nummer", identifiers.kvk),
    "rsin": ("RSIN", identifiers.rsin),
    "oin": ("OIN", identifiers.oin),
    "municipality_code": ("gemeentecode", identifiers.clean_text),
    "register_id": ("nummer in het register", identifiers.clean_text),
    "tooi": ("TOOI-adres", identifiers.clean_text),
    "province": ("provincie", identifiers.clean_text),
    "place": ("plaats", identifiers.clean_text),
    "website": ("website", identifiers.clean_text),
    "visiting_address": ("bezoekadres", identifiers.clean_text),
    "postal_address": ("postadres", identifiers.clean_text),
    "changed_on": ("dag van wijziging in de bron", None),
    "ends_before": ("einddatum", None),
    "source": ("bron", identifiers.clean_text),
}
"""Label and check of everything that can change about an organisation."""

SILENT = frozenset({"changed_on", "source"})
"""Change along with the rest, but are not worth a sentence."""


def checked(check: Callable[[str], str], value: str | None, field: str) -> str | None:
    """The value as it is stored, empty as None. Raises UserError with what is wrong, for the form field."""
    if value is None or not value.strip():
        return None
    try:
        found = check(value)
    except InvalidIdentifier as error:
        raise UserError(str(error), field=field) from error
    if field in {"name", "short_name", "unit_name"} and len(found) > identifiers.MAX_NAME:
        raise UserError(f"De naam mag hoogstens {identifiers.MAX_NAME} tekens hebben.", field=field)
    return found


def create_organisation(
    actor: Actor,
    *,
    name: str,
    short_name: str | None = None,
    kind: OrganisationKind,
    sector: Sector,
    source: str = "eigen opgave",
    fictional: bool = False,
    **facts: Any,
) -> Organisation:
    """Add a legal entity. `facts` are optional: kvk, rsin, oin, municipality_code, register_id, tooi, province, place,
    website, visiting_address, postal_address, changed_on, ends_before. Works in every scope: the caller has checked
    that the actor may. Raises Refused when the KvK number is taken (see `queries.organisation_by_kvk`)."""
    values = {"name": name, "short_name": short_name or name, **facts}
    stored = {field: _stored(field, value) for field, value in values.items()}
    if not stored["name"]:
        raise UserError("Vul de naam van de organisatie in.", field="name")
    with scoped(database.JOB):
        _refuse_double_kvk(stored.get("kvk"), None)
        row = Organisation(kind=kind, sector=sector, source=source, fictional=fictional, **stored)
        update_search_text(row)
        session().add(row)
        session().flush()
        record(events.ORGANISATION_ADDED, actor, subject=f"organisation:{row.id}", name=row.name, source=source)
    return row


def _stored(field: str, value: Any) -> Any:
    check = CHECKS[field][1]
    return value if check is None else checked(check, value, field)


def _refuse_double_kvk(kvk: str | None, own_id: int | None) -> None:
    known = queries.organisation_by_kvk(kvk) if kvk else None
    if known is not None and known.id != own_id:
        raise Refused(
            "Er is al een organisatie met dit KvK-nummer bekend. Zoek op het KvK-nummer en kies die organisatie.",
            field="kvk",
        )


def update_search_text(organisation: Organisation) -> None:
    """Make it findable by its present names, place and numbers."""
    organisation.search_text = rules.search_text(
        organisation.name,
        organisation.short_name,
        organisation.place,
        organisation.kvk,
        organisation.rsin,
        organisation.oin,
        organisation.municipality_code,
    )


def change_organisation(
    actor: Actor, organisation: Organisation, *, source: str = "eigen opgave", **values: Any
) -> list[str]:
    """Change facts of an organisation (the keys of CHECKS). Returns what changed, in Dutch; nothing changed leaves no
    sentence. An OIN that differs from KvK or RSIN is fine; see `core.identifiers.oin_warning`."""
    before = organisation.name
    changed: list[str] = []
    for field, value in values.items():
        new = _stored(field, value)
        if field in {"name", "short_name"} and not new:
            raise UserError("Vul de naam van de organisatie in.", field=field)
        if getattr(organisation, field) == new:
            continue
        if field == "kvk":
            _refuse_double_kvk(new, organisation.id)
        setattr(organisation, field, new)
        if field not in SILENT:
            changed.append(CHECKS[field][0])
    if not changed:
        session().flush()
        return changed
    organisation.source = source
    update_search_text(organisation)
    session().flush()
    subject = f"organisation:{organisation.id}"
    if before != organisation.name:
        record(
            events.ORGANISATION_RENAMED, actor, subject=subject, before=before, name=organisation.name, source=source
        )
    rest = [label for label in changed if label != "naam"]
    if rest:
        record(
            events.ORGANISATION_CHANGED,
            actor,
            subject=subject,
            what=", ".join(rest),
            name=organisation.name,
            source=source,
        )
    return changed


def end_organisation(actor: Actor, organisation: Organisation, ends_before: date, *, source: str) -> None:
    """Record from which day on an organisation no longer exists. What that means for its participants is decided
    elsewhere."""
    if organisation.ends_before == ends_before:
        return
    organisation.ends_before = ends_before
    session().flush()
    record(
        events.ORGANISATION_ENDED,
        actor,
        subject=f"organisation:{organisation.id}",
        name=organisation.name,
        last_day=day(ends_before - timedelta(days=1)),
        source=source,
    )


def add_supplier(actor: Actor, name: str, *, fictional: bool = False) -> Supplier:
    """A supplier of software by name; the one that exists already when capitals alone differ. Works in every scope."""
    stored = checked(identifiers.clean_text, name, "name")
    if not stored:
        raise UserError("Vul de naam van de leverancier in.", field="name")
    with scoped(database.JOB):
        query = select(Supplier).where(func.lower(Supplier.name) == stored.lower())
        row = session().execute(query).scalar_one_or_none()
        if row is None:
            row = Supplier(name=stored, fictional=fictional)
            session().add(row)
            session().flush()
            record(events.SUPPLIER_ADDED, actor, subject=f"supplier:{row.id}", name=stored)
    return row
