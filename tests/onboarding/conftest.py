"""A participant at every point of the road from application to live, made through the same services as in daily use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from billing.tariffs.services import import_tariffs
from catalogue.queries import modules_for_role
from catalogue.services import choose_modules, import_modules
from core import audit, clock, csv_files
from core.audit import SYSTEM, Actor
from core.mail import OutboxMessage
from governance.kinds import Body, DecisionKind
from governance.queries import operator_on
from governance.services import import_operators, load_default_settings, record_decision
from identity.kinds import ParticipantRole, StaffRole
from identity.models import Account
from identity.queries import account_by_email
from onboarding.agreements.services import countersign, import_text, sign
from onboarding.applications.services import accept
from onboarding.going_live.services import activate, declare_ready
from onboarding.kinds import ApplicationStage, AuthorityBasis, CheckKind
from onboarding.models import Application
from onboarding.tasks.services import record_authority, record_check
from participants import services as participants
from participants.kinds import Basis, Channel, ContactRole, MeasurementKind, OrganisationKind, Sector, Stage
from participants.models import Participant
from participants.queries import participant as find
from tests.people import People

DATA = Path(__file__).parent.parent.parent / "data"
TODAY = date(2026, 3, 2)
SHORT_TEXT = """# Deel 1

## Partijen

{stelselbeheerder}, {stelselbeheerder_gegevens}, en {deelnemer}, {deelnemer_gegevens}, {onderdeel}, als {rol}, via
{kanaal}.

## Artikel 16. Opdracht

{tekenbevoegde}, {functie}. {categorie} Zie {tarieftabel}.
"""
"""Our own texts take seven pages; one test makes those."""
_numbers = count(1)


class Journey:
    """Takes participants along the road. `manager` accepts, `colleague` countersigns."""

    def __init__(self, app: Flask, session: Session, people: People) -> None:
        self.app = app
        self.session = session
        self.people = people
        self.manager = people.staff(StaffRole.RELATIONS, name="Mara Manager")
        self.colleague = people.staff(StaffRole.RELATIONS, name="Coen Collega")
        import_operators(csv_files.read(DATA / "beheerders.csv"), SYSTEM, example=True)
        load_default_settings(SYSTEM)
        import_tariffs(csv_files.read(DATA / "tarieven.csv"), SYSTEM, example=True)
        import_modules(SYSTEM)
        decision = record_decision(
            body=Body.BOARD,
            kind=DecisionKind.AGREEMENT_TEXT,
            decided_on=date(2022, 11, 1),
            title="Voorbeeldbesluit tekst",
            text="Het bestuur stelt de tekst vast.",
            source="voorbeeld",
            actor=SYSTEM,
        )
        for version, starts_on in (("2023-1", date(2023, 1, 1)), ("2026-1", date(2026, 1, 1))):
            import_text(version, SHORT_TEXT, starts_on, operator_on(starts_on), decision, SYSTEM)
        session.commit()

    # --------------------------------------------------------------------------------------- states

    def submitted(
        self,
        role_code: str = "creditor",
        channel: Channel = Channel.PORTAL,
        *,
        wants_legal_review: bool = False,
        with_modules: bool = True,
    ) -> Participant:
        number = next(_numbers)
        organisation = participants.create_organisation(
            SYSTEM,
            name=f"Voorbeeldbedrijf {number}",
            kind=OrganisationKind.COMPANY,
            sector=Sector.OTHER,
            kvk=f"99{number:06}",
            visiting_address="Voorbeeldstraat 1, 9999 XX Voorbeeldstad",
            fictional=True,
        )
        row = participants.register_participant(SYSTEM, organisation.id, role_code, "", channel)
        for role in ContactRole:
            name = "Tess Tekent" if role is ContactRole.SIGNATORY else f"Contact {role.value}"
            participants.set_contact(
                SYSTEM,
                row,
                role,
                name=name,
                function="directeur" if role is ContactRole.SIGNATORY else None,
                email=f"{role.value}{number}@deelnemer.invalid",
            )
        participants.set_invoice_details(
            SYSTEM,
            row,
            street="Postbus 1",
            postal_code="9999 XX",
            city="Voorbeeldstad",
            email="facturen@deelnemer.invalid",
        )
        if row.role.basis is Basis.FILES:
            participants.record_measurement(
                SYSTEM,
                MeasurementKind.FILES,
                600,
                measured_on=date(2026, 1, 1),
                source="eigen opgave",
                participant_id=row.id,
            )
        if row.role.basis is Basis.INHABITANTS:
            participants.serve_municipality(SYSTEM, row.id, self.uncounted_municipality(), TODAY)
        offers = modules_for_role(role_code)
        if offers and with_modules:
            choose_modules(row, [offers[0].code], SYSTEM)
        self.session.add(
            Application(
                number=f"A-2026-{number:05}",
                stage=ApplicationStage.SUBMITTED,
                email=f"aanmelder{number}@deelnemer.invalid",
                answers={"applicant": {"name": "Anne Aanmelder"}},
                organisation_name=row.name,
                created_at=clock.now(),
                changed_at=clock.now(),
                submitted_at=clock.now(),
                participant_id=row.id,
                wants_legal_review=wants_legal_review,
            )
        )
        self.session.commit()
        return row

    @staticmethod
    def uncounted_municipality() -> int:
        """A municipality of which no number of inhabitants is known."""
        number = next(_numbers)
        return participants.create_organisation(
            SYSTEM,
            name=f"Gemeente Voorbeeldveld {number}",
            kind=OrganisationKind.MUNICIPALITY,
            sector=Sector.MUNICIPALITY,
            municipality_code=f"GM{number:04}",
            kvk=f"99{number:06}",
            fictional=True,
        ).id

    def accepted(self, role_code: str = "creditor", channel: Channel = Channel.PORTAL, **how: bool) -> Participant:
        row = self.submitted(role_code, channel, **how)
        accept(row.id, self.actor(self.manager))
        self.session.commit()
        return row

    def prepared(self, role_code: str = "creditor", channel: Channel = Channel.PORTAL, **how: bool) -> Participant:
        """Accepted, authority established, agreement made."""
        row = self.accepted(role_code, channel, **how)
        record_authority(
            row,
            AuthorityBasis.KVK_EXTRACT,
            "Zelfstandig bevoegd.",
            self.actor(self.manager),
            reference="Uittreksel van 1 maart 2026",
        )
        self.session.commit()
        return row

    def signed(self, role_code: str = "creditor", channel: Channel = Channel.PORTAL, **how: bool) -> Participant:
        row = self.prepared(role_code, channel, **how)
        sign(row, self.signatory(row))
        self.session.commit()
        return row

    def countersigned(self, role_code: str = "creditor", channel: Channel = Channel.PORTAL, **how: bool) -> Participant:
        row = self.signed(role_code, channel, **how)
        countersign(row, self.colleague)
        self.session.commit()
        return row

    def ready(self, role_code: str = "creditor", channel: Channel = Channel.PORTAL) -> Participant:
        row = self.countersigned(role_code, channel)
        kinds = [CheckKind.E_HERKENNING_TESTED]
        if channel is Channel.SYSTEM:
            kinds = [CheckKind.CERTIFICATE_PUBLISHED, CheckKind.ACCEPTANCE_TEST_PASSED]
        for kind in kinds:
            record_check(row, kind, TODAY, self.actor(self.manager))
        declare_ready(row, self.actor(self.signatory(row)))
        self.session.commit()
        return row

    def live(self, role_code: str = "creditor", channel: Channel = Channel.PORTAL) -> Participant:
        row = self.ready(role_code, channel)
        activate(row, self.actor(self.manager))
        self.session.commit()
        return row

    # --------------------------------------------------------------------------------------- people and traces

    def signatory(self, row: Participant) -> Account:
        """The account of the signatory, made when the application was accepted."""
        email = next(one.email for one in row.contacts if one.role is ContactRole.SIGNATORY)
        account = account_by_email(email)
        assert account is not None
        return account

    def other_representative(self, row: Participant) -> Account:
        return self.people.of(row, ParticipantRole.REPRESENTATIVE, name="Vera Vertegenwoordigt")

    def other_colleague(self) -> Account:
        return self.people.staff(StaffRole.RELATIONS, name="Ada Ambtgenoot")

    @staticmethod
    def actor(account: Account) -> Actor:
        return Actor(str(account.kind.value), account.person_key)

    def fresh(self, row: Participant) -> Participant:
        """The participant as it is stored now."""
        self.session.expire_all()
        return find(row.id)

    @staticmethod
    def stage(row: Participant) -> Stage:
        """Where it stands now."""
        return row.stage

    def timeline(self, row: Participant, *, for_staff: bool = True) -> list[str]:
        """Sentences, newest first."""
        return [one.sentence for one in audit.timeline(participant_id=row.id, for_staff=for_staff)]

    def mail(self, row: Participant, subject: str) -> list[OutboxMessage]:
        """Mails about a participant whose subject begins so."""
        query = select(OutboxMessage).where(OutboxMessage.participant_id == row.id).order_by(OutboxMessage.id)
        return [one for one in self.session.execute(query).scalars() if one.subject.startswith(subject)]


@pytest.fixture
def today() -> Iterator[date]:
    """A fixed day after the change of operator and under the zero tariff."""
    with clock.at(TODAY):
        yield TODAY


@pytest.fixture
def journey(today: date, app: Flask, session: Session, people: People) -> Journey:
    return Journey(app, session, people)
