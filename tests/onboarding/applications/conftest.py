"""A town to apply for, the modules, and somebody who goes through the form."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.services import import_modules
from core import clock
from core.audit import SYSTEM, VISITOR, Actor, AuditEvent
from core.mail import OutboxMessage
from identity.models import Account
from identity.services import actor_of
from onboarding.applications import services
from onboarding.applications.kinds import Step
from onboarding.models import Application
from participants.kinds import OrganisationKind, Sector
from participants.models import Organisation
from participants.services import create_organisation
from tests.browser import Browser, Page

SLOWLY = timedelta(seconds=30)
EMAIL = "aanmelder@voorbeeldveld.invalid"

MakeApplication = Callable[..., Application]


@pytest.fixture
def modules(session: Session) -> None:
    """The catalogue, imported."""
    import_modules(SYSTEM)
    session.commit()


@pytest.fixture
def town(session: Session) -> Organisation:
    return make_town(session, "Voorbeeldveld", "GM9901", "99000001")


@pytest.fixture
def neighbour(session: Session) -> Organisation:
    return make_town(session, "Denkdorp", "GM9902", "99000002")


def make_town(session: Session, name: str, code: str, kvk: str) -> Organisation:
    row = create_organisation(
        SYSTEM,
        name=f"Gemeente {name}",
        short_name=name,
        kind=OrganisationKind.MUNICIPALITY,
        sector=Sector.MUNICIPALITY,
        source="test",
        fictional=True,
        municipality_code=code,
        kvk=kvk,
        oin=f"00000099{code[2:]:0>9}000",
        place=name,
    )
    session.commit()
    return row


@pytest.fixture
def mails(session: Session) -> Callable[[str], list[OutboxMessage]]:
    def to(email: str) -> list[OutboxMessage]:
        query = select(OutboxMessage).where(OutboxMessage.recipient == email).order_by(OutboxMessage.id)
        return list(session.execute(query).scalars())

    return to


@pytest.fixture
def events(session: Session) -> Callable[[], list[str]]:
    """Names of what the audit trail holds, in order."""

    def names() -> list[str]:
        return list(session.execute(select(AuditEvent.name).order_by(AuditEvent.id)).scalars())

    return names


def company(**changes: Any) -> dict[str, Any]:
    """A new organisation, as `answers` stores it."""
    return {
        "name": "Voorbeeld Incasso B.V.",
        "kvk": "99123456",
        "kind": "company",
        "sector": "collection",
        "street": "Stationsplein 1",
        "postal_code": "9999 XX",
        "city": "Voorbeeldveld",
        "oin": None,
        "rsin": None,
        **changes,
    }


CONTACTS = dict.fromkeys(("functional", "technical", "financial", "privacy"), "applicant")
INVOICE = {"street": "Postbus 12", "postal_code": "9999XX", "city": "Voorbeeldveld", "email": "facturen@veld.invalid"}
CREDITOR: dict[str, Any] = {"files": {"number": 5}, "acts_for": {"collects": False}}
SIGNATORY = {"name": "Tine Tekenaar", "function": "Directeur", "email": "tine@voorbeeldveld.invalid"}


def fill_in(town: Organisation, email: str = EMAIL, name: str = "Anne Aanmelder", **changes: Any) -> Application:
    """A complete draft of the town as debt counsellor, or what `changes` says by step; None skips a step."""
    row = services.start_application(email, name, VISITOR)
    answers: dict[Step, dict[str, Any] | None] = {
        Step.ORGANISATION: {"organisation_id": town.id},
        Step.ROLE: {"code": "shv_phase_2"},
        Step.UNIT: {"name": None, "establishment_number": None, "own_oin": None},
        Step.CHANNEL: {"channel": "portal"},
        Step.SIGNATORY: SIGNATORY,
        Step.CONTACTS: CONTACTS,
        Step.INVOICE: INVOICE,
        Step.MUNICIPALITIES: {"ids": [town.id]},
        Step.MODULES: {"codes": ["debt_settlement", "debt_inventory"]},
        Step.LEGAL_REVIEW: {"wanted": False},
    }
    answers.update({Step(key): value for key, value in changes.items()})
    for step in Step:
        if (values := answers.get(step)) is not None:
            services.save_step(row, step, values)
    return row


@pytest.fixture
def filled_in(session: Session, modules: None, town: Organisation) -> MakeApplication:
    def make(**changes: Any) -> Application:
        row = fill_in(town, **changes)
        session.commit()
        return row

    return make


@pytest.fixture
def submitted(session: Session, filled_in: MakeApplication) -> MakeApplication:
    """The same, submitted."""

    def make(**changes: Any) -> Application:
        row = filled_in(**changes)
        services.submit(row, applicant_actor(session, row), f"key of {row.number}")
        session.commit()
        return row

    return make


def applicant(session: Session, row: Application) -> Account:
    return session.get_one(Account, row.account_id)


def applicant_actor(session: Session, row: Application) -> Actor:
    return actor_of(applicant(session, row))


@pytest.fixture
def browser_of(app: Flask, session: Session) -> Callable[[Account], Browser]:
    """A browser of its own for somebody who is signed in."""
    return lambda account: Browser(app).sign_in(account)


def slowly(browser: Browser, path: str, **values: Any) -> Page:
    """Fill in a form for visitors at the pace of a person."""
    with clock.at(clock.now() - SLOWLY):
        page = browser.get(path)
    return browser.submit(page, **values)


def link_in(message: OutboxMessage) -> str:
    """The path of the link in a mail."""
    found = re.findall(r"http://localhost(/link/\S+)", message.body)
    return str(found[0])
