"""Fill a demonstration: real organisations with register facts, fictional ones with whole journeys.

Everything goes through the services that a user's acts go through, in order of time, so that numbers and sentences
follow each other as they would have. Deterministic but for the organisations in progress, whose days end today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from billing.issuing.queries import Circumstances
from billing.services import issue_annual_invoice
from catalogue.queries import modules_for_role
from core import clock
from core.audit import SYSTEM, VISITOR, AuditEvent, record
from core.db import session, transaction
from core.errors import UserError
from demo import declarations, desk, governance, helpdesk, payers, prepayments, privacy, scenarios
from demo.catalogue import leave_requests
from demo.events import LOADED
from demo.fictional import Fictional, administrators, creditors, debt_counsellors
from demo.journeys import (
    ACCEPTED,
    AUTHORITY,
    COUNTERSIGNED,
    DRAFT,
    LIVE,
    READY,
    SIGNED,
    SUBMITTED,
    Colleagues,
    Happening,
    Journey,
)
from demo.personas import STAFF
from identity.kinds import AccountKind
from identity.models import Account
from identity.services import create_account, grant_role
from onboarding.applications.services import register_interest
from onboarding.take_over.services import Existing, take_over
from participants.kinds import Channel, OrganisationKind, Stage
from participants.models import ConnectionPeriod, Organisation, Participant
from participants.services import set_invoice_details

TAKEN_OVER_ON = date(2022, 7, 1)
"""One day for all real municipalities: when they really connected is not ours to invent."""
FIRST_INVOICED = 2023
STARTS_ON = date(2025, 7, 1)
"""First day of this administration in the example: who connected before comes from the old one."""
IN_PROGRESS: tuple[tuple[int, str | None], ...] = (
    (DRAFT, None),
    (SUBMITTED, None),
    (SUBMITTED, None),
    (SUBMITTED, "refused"),
    (ACCEPTED, None),
    (ACCEPTED, "withdrawn"),
    (AUTHORITY, None),
    (AUTHORITY, None),
    (SIGNED, None),
    (COUNTERSIGNED, None),
    (READY, None),
    (DRAFT, None),
)
"""How far the last organisations of each kind are today, in turn."""

Step = Callable[[str, int], None]
"""Called with what is being done and how many steps that is; then with an empty text for each step."""


def is_loaded() -> bool:
    return session().scalar(select(AuditEvent.id).where(AuditEvent.name == LOADED.name).limit(1)) is not None


def is_empty() -> bool:
    return session().scalar(select(Account.id).limit(1)) is None


def load(report: Step) -> None:
    """Load everything after the reference data. Runs in scope JOB; opens its own transactions."""
    colleagues = staff()
    connected = real_participants(report)
    journeys = planned(colleagues, served_by_nobody(connected))
    before = [journey for journey in journeys if journey.connected_on < STARTS_ON and journey.ending is None]
    fictional_from_before(before, report)
    prepayments.load()
    simulate([journey for journey in journeys if journey not in before], report)
    declarations.leave()
    desk.leave()
    payers.leave()
    privacy.load_examples()
    helpdesk.leave()
    governance.load()
    scenarios.load()
    with transaction():
        leave_requests()
        record(LOADED, SYSTEM)


def staff() -> Colleagues:
    """The personas of the staff."""
    with clock.at(date(2020, 7, 1)), transaction():
        for persona in STAFF:
            account = create_account(AccountKind.STAFF, persona.email, persona.name)
            for role in persona.roles:
                grant_role(account, role, starts_on=clock.today())
    return Colleagues("relatie.a@voorbeeld.invalid", "relatie.b@voorbeeld.invalid")


def municipalities() -> list[Organisation]:
    query = select(Organisation).where(
        Organisation.kind == OrganisationKind.MUNICIPALITY, Organisation.ends_before.is_(None)
    )
    return list(session().execute(query.order_by(Organisation.municipality_code)).scalars())


def real_participants(report: Step) -> set[int]:
    """310 municipalities as debt counsellor, every eighth also as creditor with two units. Returns their ids."""
    everyone = municipalities()
    chosen = [row.id for n, row in enumerate(everyone) if n % 11 != 10][:310]
    report("Gemeenten overnemen", len(chosen))
    for start in range(0, len(chosen), 25):
        with clock.at(TAKEN_OVER_ON), transaction():
            for n, key in enumerate(chosen[start : start + 25], start=start):
                _take_over_municipality(key, also_creditor=n % 8 == 0)
                report("", 1)
        session().expunge_all()
    return set(chosen)


def _take_over_municipality(key: int, *, also_creditor: bool) -> None:
    organisation = session().get_one(Organisation, key)
    units = [("shv_phase_2", "")]
    if also_creditor:
        units += [("creditor", "Belastingen"), ("creditor", "Werk en inkomen")]
    for role_code, unit in units:
        modules = tuple(offer.code for offer in modules_for_role(role_code))
        channel = Channel.SYSTEM if key % 3 else Channel.PORTAL
        existing = Existing(
            key, role_code, TAKEN_OVER_ON, channel, modules, "het dossier van voor 2023 (voorbeeld)", unit
        )
        participant = take_over(SYSTEM, existing)
        address = address_of(organisation)
        if address:
            street, postal_code, city = address
            set_invoice_details(
                SYSTEM,
                participant,
                street=street,
                postal_code=postal_code,
                city=city,
                email=f"facturen@{(organisation.municipality_code or '').lower()}.invalid",
                buyer_reference="VOORBEELD",
            )


def fictional_from_before(journeys: list[Journey], report: Step) -> None:
    """Fictional organisations of the old administration, with contacts, an account, address and declared number."""
    report("Verzonnen deelnemers overnemen", len(journeys))
    for journey in journeys:
        with clock.at(journey.connected_on), transaction():
            journey.take_over()
        session().expunge_all()
        report("", 1)


def address_of(organisation: Organisation) -> tuple[str, str, str] | None:
    """Street, postal code and city of the register's one-line address ("Postbus 742, 9700 AS GRONINGEN")."""
    line = organisation.postal_address or organisation.visiting_address or ""
    street, comma, rest = line.rpartition(", ")
    words = rest.split()
    if not comma or len(words) < 3:
        return None
    return street, f"{words[0]} {words[1]}", organisation.place or " ".join(words[2:]).title()


def served_by_nobody(connected: set[int]) -> list[int]:
    return [row.id for row in municipalities() if row.id not in connected]


def planned(colleagues: Colleagues, free: list[int]) -> list[Journey]:
    """All journeys: the last of each kind are in progress today, three have ended badly."""
    today = clock.today()
    journeys: list[Journey] = []
    for group, recent in ((creditors(), 6), (debt_counsellors(), 2), (administrators(), 4)):
        for n, who in enumerate(group):
            left = len(group) - n
            serves = [free[(who.number + k * 5) % len(free)] for k in range(who.serves)] if who.files is None else []
            reach, ending, connected_on = LIVE, None, who.connected_on
            if left <= recent:
                reach, ending = IN_PROGRESS[
                    len([j for j in journeys if j.connected_on > today - timedelta(days=60)]) % 12
                ]
                connected_on = today + timedelta(days=_days_ahead(reach, who))
            elif left == recent + 1:
                ending = "suspended" if group[0].role == "creditor" else "ended"
                connected_on = date(2025, 9, 3)
            journeys += [Journey(who, unit, serves, connected_on, reach, ending, colleagues) for unit in who.units]
    return journeys


def _days_ahead(reach: int, who: Fictional) -> int:
    """Connection date in days from today such that the last act lay between one and ten days ago."""
    last = {DRAFT: -45, SUBMITTED: -43, ACCEPTED: -38, AUTHORITY: -33, SIGNED: -14, COUNTERSIGNED: 0, READY: 9}[reach]
    return -last - 1 - who.number % 9 - (16 if reach in {SUBMITTED, ACCEPTED, AUTHORITY} else 0)


def simulate(journeys: list[Journey], report: Step) -> None:
    """Let everything happen in order of time, the annual invoices of each January in between."""
    today = clock.today()
    happenings = [happening for journey in journeys for happening in journey.happenings(today)]
    happenings += [*_interest(today), *declarations.happenings(today)]
    for year in range(FIRST_INVOICED, today.year + 1):
        happenings.extend(_annual_invoices(year))
    report("Aansluiten en factureren", len(happenings))
    for n, happening in enumerate(sorted(happenings)):
        with clock.at(happening.moment), transaction():
            happening.act()
        if n % 20 == 0:
            session().expunge_all()
        report("", 1)


def _interest(today: date) -> list[Happening]:
    names = ("Woonstichting Voorbeeldrand", "Fictie Bezorgd")

    def leave(name: str) -> Callable[[], None]:
        address = f"info@{name.lower().replace(' ', '-')}.invalid"
        return lambda: _ignore(register_interest(name, f"Medewerker van {name}", address, "Wat kost het ons?", VISITOR))

    return [
        Happening(datetime.combine(today - timedelta(days=4 + 5 * n), time(11, 30), clock.AMSTERDAM), n, leave(name))
        for n, name in enumerate(names)
    ]


def _ignore(_result: object) -> None:
    return None


def _annual_invoices(year: int) -> Iterable[Happening]:
    """The annual fee of everybody whose subscription ran on 1 January and who can be classified, thirty at a time."""
    for batch in range(30):
        moment = datetime.combine(date(year, 1, 12), time(9, batch * 2), clock.AMSTERDAM)
        yield Happening(moment, batch, _annual_batch(year, batch))


def _annual_batch(year: int, batch: int) -> Callable[[], None]:
    def act() -> None:
        query = (
            select(Participant)
            .join(ConnectionPeriod, ConnectionPeriod.participant_id == Participant.id)
            .where(ConnectionPeriod.starts_on < date(year, 1, 1), Participant.id % 30 == batch)
            .where(Participant.stage.in_([Stage.LIVE, Stage.COUNTERSIGNED, Stage.SUSPENDED]))
            .order_by(Participant.id)
        )
        now = Circumstances.now()
        for participant in session().execute(query).scalars():
            try:
                issue_annual_invoice(participant, year, SYSTEM, now=now, by_mail=False)
            except UserError:
                continue  # a creditor without declaration, or without address: staff see it as still to be invoiced

    return act
