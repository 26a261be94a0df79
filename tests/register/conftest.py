"""Organisations, participants and the state that the public may see of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import count

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import create_app
from catalogue import services
from catalogue.models import ModuleActivation
from catalogue.versions.queries import versions
from core import clock
from core import db as database
from core.audit import SYSTEM
from core.db import db, scoped
from participants.kinds import Channel, OrganisationKind, Sector, Stage
from participants.models import LivePeriod, Organisation, Participant, ServedMunicipality
from tests.browser import Browser
from tests.conftest import settings_for
from tests.database import Databases

_numbers = count(1)

MakeOrganisation = Callable[..., Organisation]
MakeParticipant = Callable[..., Participant]


@pytest.fixture
def modules(session: Session) -> None:
    services.import_modules(SYSTEM)
    session.commit()


def add_organisation(session: Session, name: str | None = None, **values: object) -> Organisation:
    name = name or f"Voorbeeldbedrijf {next(_numbers)}"
    given: dict[str, object] = {
        "short_name": name.removeprefix("Gemeente "),
        "kind": OrganisationKind.COMPANY,
        "sector": Sector.COLLECTION,
        "source": "test",
        "search_text": name.lower(),
        "visiting_address": "Geheimstraat 1, 1234 AB Ergens",
        "postal_address": "Postbus 1, 1234 AB Ergens",
    }
    row = Organisation(name=name, **(given | values))
    session.add(row)
    session.flush()
    return row


def add_participant(
    session: Session,
    organisation: Organisation,
    role: str = "creditor",
    stage: Stage = Stage.LIVE,
    *,
    since: date | None = date(2026, 11, 3),
    modules: tuple[str, ...] = ("debt_settlement",),
    **values: object,
) -> Participant:
    row = Participant(
        organisation=organisation,
        role_code=role,
        channel=Channel.PORTAL,
        stage=stage,
        stage_since=clock.now(),
        **values,
    )
    session.add(row)
    session.flush()
    if since is not None:
        session.add(LivePeriod(participant_id=row.id, starts_on=since))
        for code in modules:
            version = versions(code)[0]
            session.add(
                ModuleActivation(participant_id=row.id, module_code=code, module_version_id=version.id, starts_on=since)
            )
    session.flush()
    return row


@pytest.fixture
def organisation(session: Session) -> MakeOrganisation:
    """Makes an organisation."""

    def make(name: str | None = None, **values: object) -> Organisation:
        return add_organisation(session, name, **values)

    return make


@pytest.fixture
def municipality(session: Session) -> MakeOrganisation:
    """Makes a municipality."""

    def make(code: str, name: str, province: str = "Utrecht", **values: object) -> Organisation:
        return add_organisation(
            session,
            f"Gemeente {name}",
            kind=OrganisationKind.MUNICIPALITY,
            sector=Sector.MUNICIPALITY,
            municipality_code=code,
            province=province,
            place=name,
            **values,
        )

    return make


@pytest.fixture
def participant(session: Session, modules: None) -> MakeParticipant:
    """Makes a participant, live unless told otherwise."""

    def make(of: Organisation | str | None = None, role: str = "creditor", **values: object) -> Participant:
        owner = of if isinstance(of, Organisation) else add_organisation(session, of)
        made = add_participant(session, owner, role, **values)  # type: ignore[arg-type]  # the test names them
        session.commit()
        return made

    return make


@pytest.fixture
def serve(session: Session) -> Callable[[Participant, Organisation], None]:
    """Lets a debt counsellor work for a municipality."""

    def make(counsellor: Participant, of: Organisation) -> None:
        row = ServedMunicipality(participant_id=counsellor.id, organisation_id=of.id, starts_on=date(2020, 1, 1))
        session.add(row)
        session.commit()

    return make


@pytest.fixture
def demo_browser(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A visitor of an installation with example data: one live participant."""
    with databases.copy() as urls:
        app: Flask = create_app(settings_for(urls.app, tmp_path_factory.mktemp("demo"), mode="demo"))
        with app.app_context(), scoped(database.JOB):
            services.import_modules(SYSTEM)
            session = database.session()
            add_participant(session, add_organisation(session, "Voorbeeld Incasso"))
            session.commit()
            db.session.remove()
        yield Browser(app)
        with app.app_context():
            db.engine.dispose()
