"""A double click and two colleagues at the same moment, with real commits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from billing.models import Invoice
from core import clock
from core import db as database
from core.db import db, scoped, session, transaction
from core.errors import Refused
from identity.models import Account
from onboarding.agreements import queries, services
from onboarding.models import Signature
from participants.models import Participant
from participants.queries import participant as find
from tests.conftest import settings_for
from tests.database import Databases
from tests.onboarding.conftest import TODAY, Journey
from tests.people import People

Act = Callable[[Participant, Account], object]


@pytest.fixture
def real(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database of its own."""
    with databases.copy() as urls, clock.at(TODAY):
        app = create_app(settings_for(urls.app, tmp_path))
        yield app
        with app.app_context():
            db.engine.dispose()


def both_at_once(app: Flask, participant_id: int, who: tuple[int, int], act: Act) -> list[str]:
    """What each of two people got who had the page open and pressed the button together."""
    start = Barrier(2)

    def press(account_id: int) -> str:
        with app.app_context(), scoped(database.JOB):
            try:
                row, account = find(participant_id), session().get_one(Account, account_id)
                shown = queries.agreement_of(participant_id)
                start.wait()
                with transaction():
                    act(row, account)
            except Refused as refused:
                return refused.message
            else:
                return "done" if shown.participant_id == participant_id else ""
            finally:
                db.session.remove()

    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(press, who))


def test_two_clicks_and_two_colleagues_leave_one_of_each(real: Flask) -> None:
    with real.app_context(), scoped(database.JOB):
        journey = Journey(real, session(), People(session()))
        row = journey.prepared()
        key, signer = row.id, journey.signatory(row).id
        colleagues = (journey.colleague.id, journey.other_colleague().id)
        db.session.remove()
    assert both_at_once(real, key, (signer, signer), services.sign) == ["done", "done"]
    outcomes = both_at_once(real, key, colleagues, services.countersign)
    assert sorted(outcomes) == ["Een collega heeft al medeondertekend.", "done"]
    with real.app_context(), scoped(database.JOB):
        assert len(session().execute(select(Signature)).scalars().all()) == 2
        assert len(session().execute(select(Invoice)).scalars().all()) == 1
        db.session.remove()
