"""Everybody there is, signed in, on one installation that all tests of a module share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app import create_app
from core import clock
from core import db as database
from core.db import scoped, session
from identity.kinds import ParticipantRole, StaffRole
from participants.kinds import Channel, OrganisationKind, Sector, Stage
from participants.models import Organisation, Participant
from tests.browser import Browser
from tests.conftest import settings_for
from tests.database import Databases
from tests.people import People


@dataclass(frozen=True)
class Everybody:
    """The application, a browser for every role, and two participants: the own one and that of somebody else."""

    app: Flask
    clients: dict[str, FlaskClient]
    own: int
    other: int


@pytest.fixture(scope="module")
def everybody(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everybody]:
    with databases.copy() as urls:
        app = create_app(settings_for(urls.app, tmp_path_factory.mktemp("everybody")))
        with app.app_context():
            with scoped(database.JOB):
                own, other = participant("Eigen voorbeeld"), participant("Ander voorbeeld")
                made = Everybody(app, clients(app, own), own.id, other.id)
            database.db.session.remove()
        yield made
        with app.app_context():
            database.db.session.remove()
            database.db.engine.dispose()


def participant(name: str) -> Participant:
    organisation = Organisation(
        name=name,
        short_name=name,
        kind=OrganisationKind.COMPANY,
        sector=Sector.COLLECTION,
        source="test",
        search_text=name.lower(),
    )
    made = Participant(
        organisation=organisation,
        role_code="creditor",
        channel=Channel.PORTAL,
        stage=Stage.ACCEPTED,
        stage_since=clock.now(),
    )
    session().add(made)
    session().commit()
    return made


def clients(app: Flask, own: Participant) -> dict[str, FlaskClient]:
    people = People(session())
    accounts = {
        **{role.value: people.staff(role) for role in StaffRole},
        "all_staff_roles": people.staff(*StaffRole),
        "applicant": people.applicant(),
        **{role.value: people.of(own, role) for role in ParticipantRole},
    }
    signed_in = {role: Browser(app).sign_in(account).client for role, account in accounts.items()}
    return {"visitor": app.test_client(), **signed_in}


def rules(app: Flask, method: str) -> list[Rule]:
    """The addresses that answer a method, files apart."""
    found = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()) and rule.endpoint != "static"]
    return sorted(found, key=lambda rule: rule.rule)
