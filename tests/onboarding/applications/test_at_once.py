"""Two people, or two clicks, at the same moment: one wins, nothing happens twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from catalogue.services import import_modules
from core import db as database
from core.audit import SYSTEM, VISITOR
from core.db import db, scoped, session, transaction
from core.errors import Refused
from identity.kinds import AccountKind
from identity.models import Account
from identity.services import actor_of, create_account
from onboarding.applications import queries, services
from onboarding.models import Application
from participants.kinds import Stage
from participants.models import Participant
from tests.conftest import settings_for
from tests.database import Databases
from tests.onboarding.applications.conftest import applicant_actor, fill_in, make_town


@pytest.fixture
def real(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database of its own, with real commits."""
    with databases.copy() as urls:
        app = create_app(settings_for(urls.app, tmp_path))
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def number(real: Flask) -> str:
    """A complete draft."""
    with real.app_context(), scoped(database.JOB):
        town = make_town(session(), "Voorbeeldveld", "GM9901", "99000001")
        with transaction():
            import_modules(SYSTEM)
            made = fill_in(town).number
        db.session.remove()
        return made


def at_once(app: Flask, *acts: Callable[[], None]) -> list[str]:
    """Each in a thread and a transaction of its own, from the same moment on; "gelukt" or what was refused."""
    together = Barrier(len(acts))

    def run(act: Callable[[], None]) -> str:
        with app.app_context(), scoped(database.JOB):
            together.wait(5)
            try:
                with transaction():
                    act()
            except Refused as refused:
                return refused.message
            finally:
                db.session.remove()
            return "gelukt"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def submit(number: str, key: str) -> None:
    row = queries.application(number)
    services.submit(row, applicant_actor(session(), row), key)


def test_two_clicks_make_one_participant(real: Flask, number: str) -> None:
    outcomes = at_once(real, *[lambda: submit(number, "the key of one page")] * 3)

    again = f"Uw aanmelding was al ontvangen (nummer {number}). Er is niets dubbel opgeslagen."
    assert outcomes == [again, again, "gelukt"]
    with real.app_context(), scoped(database.JOB):
        assert session().scalar(select(func.count()).select_from(Participant)) == 1


def test_of_two_deciding_colleagues_one_wins(real: Flask, number: str) -> None:
    with real.app_context(), scoped(database.JOB), transaction():
        submit(number, "the key of one page")
        participant_id = queries.application(number).participant_id or 0
        keys = [create_account(AccountKind.STAFF, f"m{n}@voorbeeld.invalid", f"Collega {n}").id for n in (1, 2)]

    def colleague(key: int) -> Account:
        return session().get_one(Account, key)

    outcomes = at_once(
        real,
        lambda: void(services.accept(participant_id, actor_of(colleague(keys[0])))),
        lambda: void(services.refuse(participant_id, actor_of(colleague(keys[1])), "Onbekend.")),
    )

    assert outcomes[1] == "gelukt"
    assert "Dit kan niet: de stand is nu" in outcomes[0]
    with real.app_context(), scoped(database.JOB):
        row = queries.application(number)
        stage = session().get_one(Participant, participant_id).stage
        assert (stage is Stage.REFUSED) == (row.refusal_reason is not None)
        assert (stage is Stage.ACCEPTED) == (row.accepted_by is not None)


def void(_result: object) -> None:
    """An act gives nothing back."""


def test_numbers_have_no_double_and_no_gap(real: Flask) -> None:
    def start(n: int) -> Callable[[], None]:
        return lambda: void(services.start_application(f"a{n}@deelnemer.invalid", "Anne", VISITOR))

    outcomes = at_once(real, *[start(n) for n in range(8)])

    assert outcomes == ["gelukt"] * 8
    with real.app_context(), scoped(database.JOB):
        numbers = session().execute(select(Application.number).order_by(Application.number)).scalars().all()
        assert [int(number[-5:]) for number in numbers] == list(range(1, 9))


def test_two_drafts_for_one_unit_sent_at_once_make_one_participant(real: Flask, number: str) -> None:
    with real.app_context(), scoped(database.JOB):
        organisation = queries.progress(queries.application(number)).organisation
        assert organisation is not None
        with transaction():
            other = fill_in(organisation, email="ander@voorbeeldveld.invalid").number
        db.session.remove()

    outcomes = at_once(
        real, lambda: submit(number, "the key of one page"), lambda: submit(other, "the key of another page")
    )

    assert "gelukt" in outcomes
    assert "al aangemeld" in " ".join(outcomes)
    with real.app_context(), scoped(database.JOB):
        assert session().scalar(select(func.count()).select_from(Participant)) == 1
