"""Record what must hold before a version is switched on for one participant. Nothing here commits."""

from __future__ import annotations

from datetime import date

from catalogue.activation import events, queries
from catalogue.activation.models import AddendumAcceptance, Covenant, ProductSupport
from catalogue.models import ModuleVersion
from core import clock
from core.audit import Actor, record
from core.db import lock, session
from core.errors import Refused
from core.filters import day
from participants.models import Participant, Supplier


def accept_addendum(
    actor: Actor, participant: Participant, row: ModuleVersion, accepted_on: date, reference: str
) -> AddendumAcceptance:
    """Record that a participant accepted the addendum of a version. Raises Refused when there is none, when it was
    recorded before, or for a day to come."""
    lock(participant)
    if not row.needs_addendum:
        raise Refused(f"Voor {row.name} is geen addendum nodig.")
    if queries.acceptance(participant.id, row.id) is not None:
        raise Refused("Dit is al vastgelegd. Ververs de pagina om de laatste stand te zien.")
    if accepted_on > clock.today():
        raise Refused("Deze dag ligt in de toekomst. Leg het vast als het is gebeurd.", field="accepted_on")
    made = AddendumAcceptance(
        participant_id=participant.id,
        module_version_id=row.id,
        accepted_on=accepted_on,
        reference=reference,
        recorded_by=actor.person,
        recorded_at=clock.now(),
    )
    session().add(made)
    session().flush()
    record(
        events.ADDENDUM_ACCEPTED,
        actor,
        participant_id=participant.id,
        name=participant.name,
        version=row.name,
        day=day(accepted_on),
        reference=reference,
    )
    return made


def record_support(
    actor: Actor, supplier: Supplier, product: str, row: ModuleVersion, since: date, source: str
) -> ProductSupport | None:
    """Record that software speaks the messages of a version. None when that was known already."""
    known = [
        one
        for one in queries.supports(row.id)
        if one.supplier_id == supplier.id and one.product.casefold() == product.casefold()
    ]
    if known:
        return None
    made = ProductSupport(
        supplier_id=supplier.id, product=product, module_version_id=row.id, since=since, source=source
    )
    session().add(made)
    session().flush()
    record(
        events.PRODUCT_SUPPORTS,
        actor,
        subject=f"version:{row.id}",
        product=f"{product} van {supplier.name}",
        version=row.name,
        source=source,
    )
    return made


def add_covenant(actor: Actor, participant: Participant, reference: str, starts_on: date) -> Covenant:
    """Record a covenant with a creditor. Raises Refused for anybody else, and for one that runs already."""
    if participant.role_code != "creditor":
        raise Refused("Een convenant is er alleen met een schuldeiser.")
    if any(one.reference == reference and one.ends_before is None for one in queries.covenants(participant.id)):
        raise Refused(
            "Dit convenant staat er al. Beëindig het eerst, of kies een andere verwijzing.", field="reference"
        )
    made = Covenant(participant_id=participant.id, reference=reference, starts_on=starts_on)
    session().add(made)
    session().flush()
    record(
        events.COVENANT_ADDED,
        actor,
        participant_id=participant.id,
        name=participant.name,
        reference=reference,
        day=day(starts_on),
    )
    return made


def end_covenant(actor: Actor, participant: Participant, covenant: Covenant, ends_before: date) -> None:
    """End a covenant; `ends_before` is the first day without it."""
    lock(covenant)
    if covenant.ends_before is not None:
        raise Refused("Dit convenant is al beëindigd.")
    if ends_before < covenant.starts_on:
        raise Refused("Deze dag ligt voor het begin van het convenant. Kies een latere dag.", field="ends_before")
    covenant.ends_before = ends_before
    session().flush()
    record(
        events.COVENANT_ENDED,
        actor,
        participant_id=participant.id,
        name=participant.name,
        reference=covenant.reference,
        day=day(ends_before),
    )
