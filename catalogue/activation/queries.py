"""Reads about what must hold before a version is switched on for one participant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from catalogue.activation.models import AddendumAcceptance, Covenant, ProductSupport
from catalogue.activation.rules import Applicant, Objection, Offered, objection
from catalogue.models import ModuleVersion
from catalogue.versions.queries import shut
from core.db import session
from participants.kinds import Channel
from participants.models import Participant


def acceptance(participant_id: int, version_id: int) -> AddendumAcceptance | None:
    """That the participant accepted the addendum of a version."""
    query = select(AddendumAcceptance).where(
        AddendumAcceptance.participant_id == participant_id, AddendumAcceptance.module_version_id == version_id
    )
    return session().execute(query).scalar_one_or_none()


def acceptances(participant_id: int) -> dict[int, AddendumAcceptance]:
    """What the participant accepted, by version."""
    query = select(AddendumAcceptance).where(AddendumAcceptance.participant_id == participant_id)
    return {row.module_version_id: row for row in session().execute(query).scalars()}


def supports(version_id: int) -> list[ProductSupport]:
    """The software that speaks the messages of a version, by supplier."""
    query = (
        select(ProductSupport)
        .options(joinedload(ProductSupport.supplier))
        .where(ProductSupport.module_version_id == version_id)
    )
    return sorted(
        session().execute(query).scalars(), key=lambda row: (row.supplier.name.casefold(), row.product.casefold())
    )


def is_supported(participant: Participant, version_id: int, on: date) -> bool:
    """Whether it was recorded that the software of a participant speaks the messages of a version by a day."""
    if participant.supplier_id is None or not participant.product:
        return False
    query = select(ProductSupport.id).where(
        ProductSupport.supplier_id == participant.supplier_id,
        func.lower(ProductSupport.product) == participant.product.lower(),
        ProductSupport.module_version_id == version_id,
        ProductSupport.since <= on,
    )
    return session().execute(query).first() is not None


def product_of(participant: Participant) -> str | None:
    """The software of a participant in words; None when supplier or product is not known."""
    if participant.supplier is None or not participant.product:
        return None
    return f"{participant.product} van {participant.supplier.name}"


def objection_of(participant: Participant, row: ModuleVersion, on: date, *, proven: bool = False) -> Objection | None:
    """The first reason why a version cannot be switched on for a participant from a day; None when it can. `proven`:
    it passed the acceptance test itself."""
    offered = Offered(
        row.name,
        row.released_on,
        tuple(shut(row.id)) if row.released_on is None else (),
        row.retirement_announced_on,
        row.retires_on,
        frozenset(Channel(value) for value in row.channels),
        row.needs_addendum,
    )
    applicant = Applicant(
        participant.channel,
        row.needs_addendum and acceptance(participant.id, row.id) is not None,
        product_of(participant),
        participant.channel is Channel.SYSTEM and is_supported(participant, row.id, on),
        proven,
    )
    return objection(offered, applicant, on)


def covenants(participant_id: int) -> list[Covenant]:
    """Covenants with a creditor, latest first."""
    query = select(Covenant).where(Covenant.participant_id == participant_id)
    return list(session().execute(query.order_by(Covenant.starts_on.desc(), Covenant.id.desc())).scalars())


@dataclass(frozen=True)
class Product:
    """Software that participants named, of one supplier."""

    supplier_id: int
    supplier: str
    product: str


def known_products() -> Sequence[Product]:
    """What participants say they are connected with."""
    query = (
        select(Participant)
        .options(joinedload(Participant.supplier))
        .where(Participant.supplier_id.is_not(None), Participant.product.is_not(None))
    )
    found = {
        (row.supplier_id, (row.product or "").casefold()): Product(row.supplier_id, row.supplier.name, row.product)
        for row in session().execute(query).scalars()
        if row.supplier_id is not None and row.supplier is not None and row.product
    }
    return sorted(found.values(), key=lambda one: (one.supplier.casefold(), one.product.casefold()))
