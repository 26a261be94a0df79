"""What happens to each fictional organisation, and when: its journey through the same services as a user's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from catalogue.queries import modules_for_role
from catalogue.versions.queries import fits
from core import clock
from core.audit import SYSTEM, VISITOR, Actor
from core.db import session
from demo.fictional import Fictional
from identity.kinds import ParticipantRole
from identity.models import Account
from identity.queries import account_by_email
from identity.services import actor_of, applicant
from onboarding.agreements import services as agreements
from onboarding.applications import services as applications
from onboarding.applications.kinds import SameAs, Step
from onboarding.going_live import services as going_live
from onboarding.kinds import AuthorityBasis, CheckKind
from onboarding.models import Application
from onboarding.take_over.services import Existing, take_over
from onboarding.tasks import services as tasks
from participants import services as participants
from participants.kinds import Channel, ContactRole, MeasurementKind, OrganisationKind, Sector
from participants.models import Participant
from participants.queries import organisation_by_kvk

DRAFT, SUBMITTED, ACCEPTED, AUTHORITY, SIGNED, COUNTERSIGNED, READY, LIVE = range(8)
"""How far a journey goes."""
ACTED_FOR = ["Webwinkel Verzonnen", "Energie uit de Fantasie"]
"""In whose name a fictional collection agency collects."""
ENDINGS = ("refused", "withdrawn", "suspended", "ended")

SUPPLIERS = (
    ("Softwarehuis Voorbeeld", "Schuldassistent"),
    ("Fictie Applicaties", "RegelHulp"),
    ("Verzinsel IT", "Dossierdesk"),
)


@dataclass(frozen=True)
class Colleagues:
    """The staff who move the journeys on, by mail address."""

    accepts: str
    countersigns: str


@dataclass(order=True)
class Happening:
    """Something at a moment; `order` keeps equal moments in place."""

    moment: datetime
    order: int
    act: Callable[[], None] = field(compare=False)


NO_NUMBER, NO_ADDRESS = 13, 14
"""Of those that were connected before, some never declared a number or gave an address: staff still have to ask."""


STAYED_BEHIND = 12
"""One in so many of those that were connected before still uses an older version."""
ASKS_LATER = 20
"""One in so many of them, all on the portal, began without one module."""


@dataclass
class Journey:
    """One application of one unit, as far as `reach`, possibly with a bad end."""

    who: Fictional
    unit: str
    municipalities: list[int]
    connected_on: date
    reach: int
    ending: str | None
    colleagues: Colleagues
    application_id: int = 0
    participant_id: int = 0

    @property
    def applicant(self) -> str:
        return f"aanmelder@{self.who.domain}"

    @property
    def signatory(self) -> str:
        return f"directie@{self.who.domain}"

    def happenings(self, today: date) -> list[Happening]:
        """The acts of this journey with their days, none after today."""
        steps: list[tuple[int, Callable[[], None], int]] = [
            (-45, self.apply, DRAFT),
            (-43, self.submit, SUBMITTED),
            (-38, self.accept, ACCEPTED),
            (-33, self.establish_authority, AUTHORITY),
            (-14, self.sign, SIGNED),
            (0, self.countersign, COUNTERSIGNED),
            (9, self.declare_ready, READY),
            (14, self.activate, LIVE),
            (28, self.hold_onboarding, LIVE),
        ]
        planned = [(days, act) for days, act, step in steps if step <= self.reach]
        if self.ending == "refused":
            planned.append((-39, self.refuse))
        elif self.ending == "withdrawn":
            planned.append((-30, self.withdraw))
        elif self.ending in {"suspended", "ended"}:
            planned.append((120, self.suspend))
        if self.ending == "ended":
            planned.append((200, self.end))
        moments = []
        for days, act in planned:
            day = self.connected_on + timedelta(days=days)
            if day <= today:
                moment = datetime.combine(day, time(9 + self.who.number % 7, self.who.number % 60), clock.AMSTERDAM)
                moments.append(Happening(moment, self.who.number, act))
        return moments

    def take_over(self) -> None:
        """Connected before this administration existed."""
        who = self.who
        known = organisation_by_kvk(who.kvk)
        organisation = known or participants.create_organisation(
            SYSTEM, name=who.name, short_name=who.name, kind=who.kind, sector=who.sector, kvk=who.kvk, oin=who.oin,
            place="Voorbeeldstad", fictional=True,
        )  # fmt: skip
        modules = tuple(
            f"{code}:1.1" if code == "debt_settlement" and who.number % STAYED_BEHIND == 0 else code
            for code in _modules_for(who)[1 if who.number % ASKS_LATER == 5 else 0 :]
        )
        old = Existing(
            organisation.id, who.role, self.connected_on, who.channel, modules, f"dossier V-{who.number}", self.unit
        )
        participant = take_over(SYSTEM, old)
        self.participant_id = participant.id
        for key in self.municipalities:
            participants.serve_municipality(SYSTEM, participant.id, key, self.connected_on)
        address = {
            "street": f"Voorbeeldstraat {who.number % 200 + 1}",
            "postal_code": "9999 XX",
            "city": "Voorbeeldstad",
        }
        if who.number % 20 != NO_ADDRESS:
            participants.set_invoice_details(SYSTEM, participant, **address, email=f"facturen@{who.domain}")
        for role in ContactRole:
            participants.set_contact(
                SYSTEM,
                participant,
                role,
                name=f"Contactpersoon van {who.name}",
                email=self.applicant,
                function="Medewerker",
            )
        if who.files is not None and who.number % 20 != NO_NUMBER:
            participants.record_measurement(
                SYSTEM, MeasurementKind.FILES, who.files, measured_on=self.connected_on, source="eigen opgave",
                participant_id=participant.id,
            )  # fmt: skip
        account = applicant(self.applicant, f"Contactpersoon van {who.name}")
        for allowed in (ParticipantRole.ACCOUNT_ADMINISTRATOR, ParticipantRole.REPRESENTATIVE):
            participants.represent(SYSTEM, account.id, participant.id, allowed, self.connected_on)

    # ------------------------------------------------------------------------------------- the acts

    def apply(self) -> None:
        known = account_by_email(self.applicant)
        row = applications.start_application(
            self.applicant, f"Aanmelder van {self.who.name}", _as(known), account=known
        )
        self.application_id = row.id
        for step, values in self._answers():
            applications.save_step(row, step, values, actor=_as(account_by_email(self.applicant)))

    def submit(self) -> None:
        row = session().get_one(Application, self.application_id)
        actor = _as(account_by_email(self.applicant))
        participant = applications.submit(row, actor, f"voorbeeld-{row.number}")
        participant.organisation.fictional = True
        self.participant_id = participant.id

    def accept(self) -> None:
        applications.accept(self.participant_id, _as(account_by_email(self.colleagues.accepts)))

    def refuse(self) -> None:
        reason = "Deze verzonnen organisatie heeft geen vorderingen op personen. Neem contact op als dat anders is."
        applications.refuse(self.participant_id, _as(account_by_email(self.colleagues.accepts)), reason)

    def withdraw(self) -> None:
        row = session().get_one(Application, self.application_id)
        applications.withdraw(row, _as(account_by_email(self.applicant)), "Wij wachten op nieuwe software.")

    def establish_authority(self) -> None:
        tasks.record_authority(
            self._participant(),
            AuthorityBasis.KVK_EXTRACT,
            "Zelfstandig bevoegd volgens het (verzonnen) uittreksel.",
            _as(account_by_email(self.colleagues.accepts)),
            reference=f"Voorbeelduittreksel {self.who.kvk}",
        )

    def sign(self) -> None:
        agreements.sign(self._participant(), _account(self.signatory))

    def countersign(self) -> None:
        agreements.countersign(self._participant(), _account(self.colleagues.countersigns))

    def declare_ready(self) -> None:
        staff = _as(account_by_email(self.colleagues.accepts))
        checks = [CheckKind.E_HERKENNING_TESTED]
        participant = self._participant()
        if participant.channel is Channel.SYSTEM:
            checks = [CheckKind.CERTIFICATE_PUBLISHED, CheckKind.ACCEPTANCE_TEST_PASSED]
        for kind in checks:
            tasks.record_check(participant, kind, clock.today(), staff)
        going_live.declare_ready(participant, _as(account_by_email(self.applicant)))

    def activate(self) -> None:
        going_live.activate(self._participant(), _as(account_by_email(self.colleagues.accepts)))

    def hold_onboarding(self) -> None:
        staff = _as(account_by_email(self.colleagues.accepts))
        tasks.record_check(self._participant(), CheckKind.ONBOARDING_HELD, clock.today(), staff)

    def suspend(self) -> None:
        reason = "Op eigen verzoek, tijdens een verhuizing van systemen."
        going_live.suspend(self._participant(), reason, _as(account_by_email(self.colleagues.accepts)))

    def end(self) -> None:
        reason = "Op eigen verzoek: de organisatie stopt."
        going_live.end(self._participant(), clock.today(), reason, _as(account_by_email(self.colleagues.countersigns)))

    def _participant(self) -> Participant:
        return session().get_one(Participant, self.participant_id)

    def _answers(self) -> list[tuple[Step, dict[str, Any]]]:
        who, short = self.who, self.who.role == "administrator"
        address = who.address
        organisation = {"name": who.name, "kvk": who.kvk, "kind": who.kind.value, "sector": who.sector.value, **address}
        known = organisation_by_kvk(who.kvk)
        answers: list[tuple[Step, dict[str, Any]]] = [
            (Step.ORGANISATION, {"organisation_id": known.id} if known else {"new": {**organisation, "oin": who.oin}}),
            (Step.ROLE, {"code": who.role}),
        ]
        if not short:
            answers.append((Step.UNIT, {"name": self.unit or None}))
            answers.append((Step.CHANNEL, {"channel": who.channel.value}))
            if who.channel is Channel.SYSTEM:
                supplier, product = SUPPLIERS[who.number % len(SUPPLIERS)]
                answers.append((Step.SOFTWARE, {"supplier": supplier, "product": product}))
        else:
            answers.append((Step.CHANNEL, {"channel": Channel.PORTAL.value}))
        signs = {"name": f"Directie van {who.name}", "function": "Directeur", "email": self.signatory}
        answers.append((Step.SIGNATORY, signs))
        if not short:
            same = dict.fromkeys(("functional", "technical", "financial", "privacy"), SameAs.APPLICANT.value)
            answers.append((Step.CONTACTS, same))
        order = f"IO-{who.number}" if who.kind is OrganisationKind.PUBLIC_BODY else None
        answers.append((Step.INVOICE, {**address, "email": f"facturen@{who.domain}", "purchase_order_number": order}))
        if who.files is not None:
            answers.append((Step.FILES, {"number": who.files}))
        if who.role == "creditor":
            collects = who.sector is Sector.COLLECTION
            answers.append((Step.ACTS_FOR, {"collects": collects, "names": ACTED_FOR if collects else []}))
        if self.municipalities:
            answers.append((Step.MUNICIPALITIES, {"ids": self.municipalities}))
        answers.append((Step.MODULES, {"codes": _modules_for(who)}))
        answers.append((Step.LEGAL_REVIEW, {"wanted": False}))
        if who.kind is OrganisationKind.SOLE_TRADER:
            answers.append((Step.PUBLICATION, {"consent": who.number % 2 == 0}))
        return answers


def _modules_for(who: Fictional) -> list[str]:
    """Everything that fits the role and works over the channel."""
    codes = [offer.code for offer in modules_for_role(who.role)]
    return fits(codes, str(who.channel.value), clock.today())


def _as(account: Account | None) -> Actor:
    return actor_of(account) if account else VISITOR


def _account(email: str) -> Account:
    account = account_by_email(email)
    if account is None:
        raise LookupError(f"nobody with the address {email}")
    return account
