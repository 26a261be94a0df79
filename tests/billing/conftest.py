"""A world in which invoices can be issued: the example operators, the settings and the real tariff tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from billing.tariffs.services import import_tariffs
from core import clock, csv_files
from core.audit import SYSTEM
from governance.services import import_operators, load_default_settings
from participants.kinds import Channel, MeasurementKind, OrganisationKind, Sector, Stage
from participants.models import (
    ConnectionPeriod,
    InvoiceDetails,
    Measurement,
    Organisation,
    Participant,
    ServedMunicipality,
)

DATA = Path(__file__).parent.parent.parent / "data"
_numbers = count(1)

Connect = Callable[..., Participant]


def load_tariffs() -> None:
    """Operators, settings and tariffs of the example, in the running transaction."""
    import_operators(csv_files.read(DATA / "beheerders.csv"), SYSTEM, example=True)
    load_default_settings(SYSTEM)
    import_tariffs(csv_files.read(DATA / "tarieven.csv"), SYSTEM, example=True)


class World:
    """Makes the smallest participant that can get an invoice."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def organisation(
        self, name: str = "Gemeente Voorbeeldveld", kind: OrganisationKind = OrganisationKind.MUNICIPALITY
    ) -> Organisation:
        number = next(_numbers)
        organisation = Organisation(
            name=name,
            short_name=name.removeprefix("Gemeente "),
            kind=kind,
            sector=Sector.MUNICIPALITY if kind is OrganisationKind.MUNICIPALITY else Sector.OTHER,
            kvk=f"99{number:06}",
            oin=f"00000099{number:09}000",
            municipality_code=f"GM{number:04}" if kind is OrganisationKind.MUNICIPALITY else None,
            source="eigen opgave",
            fictional=True,
            search_text=f"{name.lower()} 99{number:06}",
        )
        self.session.add(organisation)
        self.session.flush()
        return organisation

    def inhabitants(self, organisation: Organisation, value: int, measured_on: date = date(2026, 5, 6)) -> None:
        self.session.add(
            Measurement(
                kind=MeasurementKind.INHABITANTS,
                organisation_id=organisation.id,
                value=value,
                measured_on=measured_on,
                source="organisaties.overheid.nl",
                recorded_at=clock.now(),
            )
        )
        self.session.flush()

    def files(
        self,
        participant: Participant,
        value: int,
        measured_on: date = date(2022, 11, 1),
        kind: MeasurementKind = MeasurementKind.FILES,
    ) -> None:
        self.session.add(
            Measurement(
                kind=kind,
                participant_id=participant.id,
                value=value,
                measured_on=measured_on,
                source="eigen opgave",
                recorded_at=clock.now(),
            )
        )
        self.session.flush()

    def participant(
        self,
        organisation: Organisation,
        role: str = "shv_phase_2",
        *,
        unit: str = "",
        details: bool = True,
        connected_on: date | None = None,
    ) -> Participant:
        participant = Participant(
            organisation_id=organisation.id,
            role_code=role,
            unit_name=unit,
            channel=Channel.PORTAL,
            stage=Stage.COUNTERSIGNED,
            stage_since=clock.now(),
        )
        self.session.add(participant)
        self.session.flush()
        if details:
            self.session.add(
                InvoiceDetails(
                    participant_id=participant.id,
                    attention="Crediteurenadministratie",
                    street="Postbus 12",
                    postal_code="9999 XX",
                    city="Voorbeeldveld",
                    email="facturen@voorbeeldveld.invalid",
                    purchase_order_number="PO-2026-0815",
                    buyer_reference="SHV / 4711",
                )
            )
        if connected_on:
            self.session.add(ConnectionPeriod(participant_id=participant.id, starts_on=connected_on))
        self.session.commit()
        self.session.refresh(participant)
        return participant

    def municipality(
        self,
        inhabitants: int | None = 70_361,
        *,
        name: str = "Gemeente Voorbeeldveld",
        connected_on: date | None = None,
    ) -> Participant:
        """A municipality that is its own debt counsellor."""
        organisation = self.organisation(name)
        if inhabitants is not None:
            self.inhabitants(organisation, inhabitants)
        return self.participant(organisation, connected_on=connected_on)

    def creditor(
        self,
        files: int | None = 640,
        *,
        role: str = "creditor",
        name: str = "Voorbeeld Incasso B.V.",
        connected_on: date | None = None,
    ) -> Participant:
        participant = self.participant(
            self.organisation(name, OrganisationKind.COMPANY), role, connected_on=connected_on
        )
        if files is not None:
            self.files(participant, files)
            self.session.commit()
        return participant

    def serves(self, participant: Participant, *municipalities: Organisation) -> None:
        for municipality in municipalities:
            self.session.add(
                ServedMunicipality(
                    participant_id=participant.id, organisation_id=municipality.id, starts_on=date(2020, 1, 1)
                )
            )
        self.session.commit()


@pytest.fixture
def world(session: Session) -> World:
    load_tariffs()
    session.commit()
    return World(session)
