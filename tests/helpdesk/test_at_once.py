"""Several workers and several visitors at the same moment, on a database of their own; and the row policies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from time import sleep

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core import clock
from core import db as database
from core.audit import SYSTEM, VISITOR
from core.db import scoped, session, transaction
from helpdesk.kinds import MeetingAudience, MeetingKind, SignUpStage, WhenFull
from helpdesk.meetings import queries, services
from helpdesk.requests.delivery import deliver_due
from helpdesk.requests.services import Asked, ask
from helpdesk.ticket_systems import chosen
from helpdesk.ticket_systems.zammad import Zammad as Client
from tests.core.conftest import Installation, installed
from tests.database import Databases
from tests.helpdesk.zammad import GROUP, TOKEN, Zammad

QUESTION = Asked("Hoe werkt dit?", "Ik kom er niet uit.", "Voorbeeldpersoon A", "a@deelnemer.invalid")


@pytest.fixture
def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with (
        installed(databases, tmp_path_factory.mktemp("site")) as made,
        made.app.app_context(),
        scoped(database.JOB),
    ):
        yield made


def test_two_workers_deliver_each_request_once(site: Installation, zammad: Zammad, address: str) -> None:
    chosen.use(site.app, Client(address, TOKEN, GROUP))
    for _ in range(6):
        with transaction():
            ask(QUESTION, VISITOR)
    done = [future.result() for future in site.at_once(deliver_due, deliver_due, deliver_due)]
    assert sum(done) == 6
    assert len(zammad.tickets) == 6
    assert len({ticket["title"] for ticket in zammad.tickets.values()}) == 6


def test_the_last_place_is_given_once(site: Installation) -> None:
    on = clock.today() + timedelta(days=5)
    with transaction():
        plan = services.Plan(
            title="Vol",
            kind=MeetingKind.TRAINING,
            audience=MeetingAudience.EVERYBODY,
            description=None,
            starts_at=clock.now() + timedelta(days=5),
            ends_at=clock.now() + timedelta(days=5, hours=1),
            place="Online",
            directions=None,
            capacity=2,
            when_full=WhenFull.WAITING_LIST,
            open_until=on - timedelta(days=1),
        )
        key = services.plan_meeting(plan, SYSTEM).id

    def come(letter: str) -> None:
        with transaction():
            services.sign_up(queries.meeting(key), services.Guest(letter, "X", f"{letter}@gast.invalid"), VISITOR)
            sleep(0.05)

    futures = site.at_once(*[lambda letter=letter: come(letter) for letter in "abcde"])
    assert [future.exception() for future in futures] == [None] * 5
    found = [row.stage for row in queries.sign_ups(key)]
    assert found.count(SignUpStage.COMING) == 2
    assert found.count(SignUpStage.WAITING) == 3


INSERT = (
    "INSERT INTO help_requests (key, kind, channel, stage, asked_at, name, email, subject, question, participant_id,"
    " account_id) VALUES ('HVX', 'help', 'web', 'queued', now(), 'x', 'x', 'x', 'x', {participant}, {account})"
)


@pytest.mark.parametrize(
    ("scope", "participant", "account"),
    [
        (database.VISITOR, "1", "NULL"),
        (database.VISITOR, "NULL", "1"),
        (database.PUBLIC, "NULL", "NULL"),
        (database.participant(2, (2,)), "1", "2"),
        (database.participant(2, (2,)), "NULL", "1"),
    ],
)
def test_nobody_asks_on_behalf_of_somebody_else(
    site: Installation, scope: database.Scope, participant: str, account: str
) -> None:
    database.db.session.remove()
    with scoped(scope), pytest.raises(DBAPIError, match="row-level security"):
        session().execute(text(INSERT.format(participant=participant, account=account)))
    session().rollback()
