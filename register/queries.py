"""What everybody may read: the list, the municipalities, and a marker that changes whenever either does."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import func, select

from catalogue.models import Module, ModuleActivation
from catalogue.queries import in_force
from core import db as database
from core.clock import AMSTERDAM
from core.db import scoped, session
from governance.kinds import SettingName
from governance.models import Operator
from governance.privacy.retention import queries as retention
from governance.privacy.retention.rules import RULES
from governance.queries import operators, setting_on
from onboarding.going_live import queries as going_live
from onboarding.going_live.rules import Badge
from participants.kinds import OrganisationKind, Sector, Stage
from participants.models import LivePeriod, Organisation, Participant, Role, ServedMunicipality
from participants.queries import in_force as within
from participants.queries import is_example, municipalities
from register.models import PublicChange
from register.rules import ActiveModule, Choices, Listing, Municipality, Named, ProvinceCount, by_province

NAMED = (Participant.list_publicly, Participant.name_withdrawn_at.is_(None))
"""Who may be named in public; the row policies say it too, but not to who reads past the scope."""

_CHANGES = select(func.count(), func.coalesce(func.sum(PublicChange.id), 0))


def change_marker(on: date) -> str:
    """A text that differs as soon as anything on the public pages could: another day, or a statement on a table that
    they are made of. Triggers note those in the transaction itself, so a note appears exactly with its change."""
    count, total = session().execute(_CHANGES).one()
    return f"{on.isoformat()}/{count}/{total}"


@dataclass(frozen=True)
class PublicList:
    """All that the public pages show, read at one moment."""

    listings: tuple[Listing, ...]
    municipalities: tuple[Municipality, ...]
    choices: Choices
    updated_on: date | None
    """Last day on which somebody came, went, or had a module switched on or off; None when nobody ever came."""

    @cached_property
    def by_id(self) -> Mapping[str, Listing]:
        """The participants by the id of their page."""
        return {row.directory_id: row for row in self.listings}

    def others_of(self, listing: Listing) -> list[Listing]:
        """Further units and roles of the same organisation, by name."""
        found = [
            row for row in self.listings if row.organisation_key == listing.organisation_key and row is not listing
        ]
        return sorted(found, key=lambda row: (row.unit, row.role.name))

    @property
    def connected(self) -> int:
        """Municipalities whose debt counselling is connected."""
        return sum(row.connected for row in self.municipalities)

    @property
    def provinces(self) -> list[ProvinceCount]:
        return by_province(self.municipalities)


def public_list(on: date) -> PublicList:
    """The list on a day. The row policies of the caller's scope decide who is on it: for the public, who is live and
    did not object (a sole trader: consented)."""
    existing = municipalities(on)
    connected = _connected_municipalities(on)
    return PublicList(
        listings=_listings(on),
        municipalities=tuple(
            Municipality(
                row.municipality_code or "",
                row.short_name,
                row.province or "Onbekend",
                row.municipality_code in connected,
            )
            for row in existing
        ),
        choices=Choices(
            roles=[Named(*row) for row in session().execute(select(Role.code, Role.label).order_by(Role.position))],
            modules=[
                Named(*row)
                for row in session().execute(
                    select(Module.code, Module.name).where(Module.available).order_by(Module.position)
                )
            ],
            sectors=[Named(str(sector.value), sector.label) for sector in Sector],
            provinces=[Named(name, name) for name in sorted({row.province for row in existing if row.province})],
        ),
        updated_on=_updated_on(on),
    )


def _listings(on: date) -> tuple[Listing, ...]:
    modules: dict[int, list[ActiveModule]] = {}
    switched_on = (
        select(ModuleActivation.participant_id, Module.code, Module.name, ModuleActivation.starts_on)
        .join(Module, Module.code == ModuleActivation.module_code)
        .where(in_force(on))
        .order_by(Module.position)
    )
    for participant_id, code, name, since in session().execute(switched_on):
        modules.setdefault(participant_id, []).append(ActiveModule(code, name, since))
    served = _served_names(on)
    channel_is_public = is_channel_public(on)
    query = (
        select(Participant, Organisation, Role, LivePeriod.starts_on)
        .join(Participant.organisation)
        .join(Participant.role)
        .outerjoin(
            LivePeriod,
            (LivePeriod.participant_id == Participant.id) & within(LivePeriod.starts_on, LivePeriod.ends_before, on),
        )
        .where(Participant.stage == Stage.LIVE, *NAMED)
    )
    return tuple(
        Listing(
            directory_id=str(participant.directory_id),
            name=organisation.name,
            short_name=organisation.short_name,
            unit=participant.unit_name,
            role=Named(role.code, role.label),
            sector=Named(str(organisation.sector.value), organisation.sector.label),
            modules=tuple(
                replace(module, since=None) if is_example(organisation) else module
                for module in modules.get(participant.id, ())
            ),
            since=None if is_example(organisation) else since,
            is_example=is_example(organisation),
            province=organisation.province or "",
            place="" if organisation.kind is OrganisationKind.SOLE_TRADER else organisation.place or "",
            organisation_key=organisation.id,
            municipalities=served.get(participant.id, ()),
            channel=participant.channel.label if channel_is_public else "",
        )
        for participant, organisation, role, since in session().execute(query)
    )


def is_channel_public(on: date) -> bool:
    """Whether a dated setting says that everybody may see how a participant is connected; not as long as none says."""
    found = setting_on(SettingName.CHANNEL_IS_PUBLIC, on)
    return found is not None and found.value == "yes"


def _served_names(on: date) -> dict[int, tuple[str, ...]]:
    """The municipalities for which debt counsellors work on a day, by participant."""
    query = (
        select(ServedMunicipality.participant_id, Organisation.short_name)
        .join(ServedMunicipality.organisation)
        .where(within(ServedMunicipality.starts_on, ServedMunicipality.ends_before, on))
        .order_by(Organisation.search_text)
    )
    found: dict[int, list[str]] = {}
    for participant_id, name in session().execute(query):
        found.setdefault(participant_id, []).append(name)
    return {key: tuple(names) for key, names in found.items()}


def _connected_municipalities(on: date) -> set[str]:
    """CBS codes of municipalities whose debt counselling is live: their own, or of somebody who works for them."""
    counsellors = (
        select(Participant.id, Participant.organisation_id)
        .join(Participant.role)
        .where(Role.audience == "shv", Participant.stage == Stage.LIVE, *NAMED)
        .subquery()
    )
    own = select(Organisation.municipality_code).join(counsellors, counsellors.c.organisation_id == Organisation.id)
    served = (
        select(Organisation.municipality_code)
        .join(ServedMunicipality, ServedMunicipality.organisation_id == Organisation.id)
        .join(counsellors, counsellors.c.id == ServedMunicipality.participant_id)
        .where(within(ServedMunicipality.starts_on, ServedMunicipality.ends_before, on))
    )
    return {str(code) for code in session().execute(own.union(served)).scalars() if code}


def _updated_on(on: date) -> date | None:
    """Read past the scope, because who left is part of it; only a day comes out."""
    with scoped(database.JOB):
        moved = session().scalar(
            select(func.max(Participant.stage_since)).where(
                Participant.stage.in_((Stage.LIVE, Stage.SUSPENDED, Stage.ENDED)), *NAMED
            )
        )
        days = [
            session().scalar(select(func.max(column)).where(column <= on))
            for column in (ModuleActivation.starts_on, ModuleActivation.ends_before)
        ]
    known = [day for day in (_dutch_day(moved), *days) if day is not None]
    return max(known, default=None)


def _dutch_day(moment: datetime | None) -> date | None:
    return moment.astimezone(AMSTERDAM).date() if moment else None


def operator_now(on: date) -> Operator | None:
    """Who operates the hub on a day; None while nobody was recorded."""
    started = [row for row in operators() if row.starts_on <= on]
    return started[-1] if started else None


def kept_months(on: date) -> dict[str, int]:
    """The term in months of each rule of the retention schedule; read past the scope, it names nobody."""
    with scoped(database.JOB):
        terms = retention.terms_on(on)
    return {name: terms[name].months if name in terms else rule.months for name, rule in RULES.items()}


# ------------------------------------------------------------------------------------------- badge


def badge(directory_id: str, on: date) -> Badge | None:
    """The badge behind an id as it is printed; another spelling is not ours: None, as for any unknown id."""
    try:
        key = uuid.UUID(directory_id)
    except ValueError:
        return None
    return going_live.badge(key, on) if str(key) == directory_id else None
