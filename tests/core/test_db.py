"""Transactions, and the scope that each of them tells the database."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core import audit, clock
from core import db as database
from core.audit import SYSTEM, AuditEvent, Entry, Event, Person, record
from core.db import JOB, NOBODY, PUBLIC, VISITOR, Scope, savepoint, scoped, session, set_scope, transaction
from core.errors import Conflict, Refused
from core.mail import OutboxMessage
from core.permissions import Caller
from participants.kinds import Channel, OrganisationKind, Sector, Stage
from participants.models import Organisation, Participant
from tests.core.conftest import Installation

DONE = Event("tests:db:done", "{actor} deed {what}.")
NOT_DONE = Event("tests:db:refused", "{actor} mocht {what} niet.", refusal=True)

OTHER = Scope("participant", 7, (3, 5))


def told() -> str:
    """The scope according to the database."""
    return str(session().scalar(text("SELECT app_scope()")))


def names() -> list[str]:
    return list(session().scalars(text("SELECT name FROM people ORDER BY name")))


@pytest.fixture
def nobody(installation: Installation) -> Iterator[Installation]:
    with scoped(NOBODY):
        yield installation


def test_without_a_scope_the_database_knows_nobody(nobody: Installation) -> None:
    assert told() == "nobody"


def test_the_database_is_told_account_and_participants(nobody: Installation) -> None:
    with scoped(OTHER):
        row = session().execute(text("SELECT app_scope(), app_account(), app_participants()")).one()
    assert tuple(row) == ("participant", 7, [3, 5])
    with scoped(PUBLIC):
        row = session().execute(text("SELECT app_scope(), app_account(), app_participants()")).one()
    assert tuple(row) == ("public", None, [])


def test_a_scope_set_before_and_during_a_transaction_holds(nobody: Installation) -> None:
    set_scope(PUBLIC)
    assert told() == "public"
    set_scope(OTHER)
    assert told() == "participant"


def test_a_scope_stays_after_commit_and_after_rollback(nobody: Installation) -> None:
    with scoped(JOB):
        told()
        session().commit()
        assert told() == "job"
        session().rollback()
        assert told() == "job"
    assert told() == "nobody"


def test_nested_scopes_go_back_one_by_one_also_after_an_error(nobody: Installation) -> None:
    with scoped(PUBLIC):
        with pytest.raises(ValueError, match="stop"), scoped(JOB):
            assert told() == "job"
            raise ValueError("stop")
        assert told() == "public"
        with scoped(OTHER):
            session().commit()
        assert told() == "public"
    assert told() == "nobody"


def test_a_scope_goes_back_after_an_error_of_the_database(nobody: Installation) -> None:
    with pytest.raises(DBAPIError), scoped(JOB):
        session().execute(text("SELECT 1/0"))
    assert database.current_scope() == NOBODY
    session().rollback()
    assert told() == "nobody"


def test_going_back_to_a_savepoint_does_not_bring_an_old_scope_back(nobody: Installation) -> None:
    set_scope(PUBLIC)
    assert told() == "public"
    with pytest.raises(ValueError, match="stop"), savepoint():
        set_scope(JOB)
        assert told() == "job"
        raise ValueError("stop")
    assert database.current_scope() == JOB
    assert told() == "job"


def test_a_scope_inside_a_savepoint_that_fails_does_not_leak_out(nobody: Installation) -> None:
    with scoped(PUBLIC):
        with pytest.raises(DBAPIError), savepoint(), scoped(JOB):
            session().execute(text("SELECT 1/0"))
        assert told() == "public"


def test_the_connection_that_goes_back_to_the_pool_knows_nobody(nobody: Installation) -> None:
    with scoped(JOB):
        assert told() == "job"
    database.db.session.remove()
    with database.db.engine.connect() as connection:
        assert connection.scalar(text("SELECT app_scope()")) == "nobody"


def test_threads_do_not_see_each_others_scope(installation: Installation) -> None:
    together = Barrier(2)

    def as_scope(scope: Scope) -> tuple[str, str]:
        with scoped(scope):
            before = told()
            together.wait(5)
            set_scope(scope)
            together.wait(5)
            return before, told()

    one, other = installation.at_once(lambda: as_scope(PUBLIC), lambda: as_scope(OTHER))
    assert one.result() == ("public", "public")
    assert other.result() == ("participant", "participant")


def test_a_new_thread_begins_as_nobody(installation: Installation) -> None:
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(database.current_scope).result() == NOBODY


def test_everything_in_a_transaction_happens_or_nothing_does(installation: Installation) -> None:
    with transaction():
        session().add(Person(name="Blijft"))
    with pytest.raises(ZeroDivisionError), transaction():
        session().add(Person(name="Verdwijnt"))
        session().flush()
        raise ZeroDivisionError
    assert names() == ["Blijft"]


def test_a_transaction_is_never_nested(installation: Installation) -> None:
    with pytest.raises(RuntimeError, match="nested"), transaction(), transaction():
        pass
    with transaction():
        session().add(Person(name="Daarna gaat het weer"))
    assert names() == ["Daarna gaat het weer"]


def test_a_refusal_is_written_although_the_action_is_undone(installation: Installation) -> None:
    entry = Entry(NOT_DONE, SYSTEM, {"what": "dit"}, participant_id=4, subject="thing:1")
    with pytest.raises(Refused) as refused, transaction():
        session().add(Person(name="Verdwijnt"))
        record(DONE, SYSTEM, what="iets")
        raise Refused("Dit mag niet.", entry=entry)
    assert refused.value.recorded
    assert names() == []
    (event,) = session().scalars(text("SELECT name FROM audit_events"))
    assert event == NOT_DONE.name
    assert [line.sentence for line in audit.timeline(subject="thing:1", for_staff=True)] == [
        "Het systeem mocht dit niet."
    ]


def test_a_refusal_is_written_once(installation: Installation) -> None:
    refused = Refused("Dit mag niet.", entry=Entry(NOT_DONE, SYSTEM, {"what": "dit"}))
    for _ in range(2):
        with pytest.raises(Refused), transaction():
            raise refused
    database.record_refusal(refused)
    assert session().query(AuditEvent).count() == 1


def test_a_refusal_without_entry_leaves_nothing(installation: Installation) -> None:
    with pytest.raises(Refused), transaction():
        record(DONE, SYSTEM, what="iets")
        raise Refused("Dit mag niet.")
    assert session().query(AuditEvent).count() == 0


def test_a_refusal_that_cannot_be_written_does_not_leave_a_broken_session(installation: Installation) -> None:
    with pytest.raises(TypeError), transaction():
        raise Refused("Dit mag niet.", entry=Entry(NOT_DONE, SYSTEM, {"wrong": "dit"}))
    with transaction():
        session().add(Person(name="Daarna"))
    assert names() == ["Daarna"]


def test_a_refusal_is_written_in_the_scope_of_a_visitor_too(installation: Installation) -> None:
    with scoped(VISITOR), pytest.raises(Refused), transaction():
        raise Refused("Dit mag niet.", entry=Entry(NOT_DONE, audit.VISITOR, {"what": "dit"}))
    assert session().query(AuditEvent).count() == 1


def test_one_row_of_many_may_fail(installation: Installation) -> None:
    def add(name: str) -> None:
        with savepoint():
            session().add(Person(name=name))
            session().flush()
            if name == "fout":
                raise ValueError(name)

    with transaction():
        add("goed")
        with pytest.raises(ValueError, match="fout"):
            add("fout")
        add("ook goed")
    assert names() == ["goed", "ook goed"]


def test_what_a_colleague_changed_first_is_a_conflict(installation: Installation) -> None:
    participant_id = make_participant()
    with pytest.raises(Conflict, match="Een collega heeft dit intussen gewijzigd"), transaction():
        mine = session().get_one(Participant, participant_id)
        with installation.owner.begin() as colleague:
            colleague.execute(text("UPDATE participants SET version = 2, product = 'Van een collega'"))
        mine.product = "Van mij"
    assert session().get_one(Participant, participant_id).product == "Van een collega"


def make_participant() -> int:
    organisation = Organisation(
        name="X",
        short_name="X",
        kind=OrganisationKind.COMPANY,
        sector=Sector.OTHER,
        source="test",
        search_text="x",
    )
    made = Participant(
        organisation=organisation,
        role_code="creditor",
        channel=Channel.PORTAL,
        stage=Stage.LIVE,
        stage_since=clock.now(),
    )
    with transaction():
        session().add(made)
    return made.id


def test_an_id_can_be_taken_before_the_row_by_who_may_not_see_it(installation: Installation) -> None:
    with scoped(VISITOR):
        number = database.next_id(OutboxMessage)
    assert database.next_id(OutboxMessage) == number + 1


def test_two_who_take_the_same_lock_take_turns(installation: Installation) -> None:
    order: list[str] = []
    started = Barrier(2)

    def work(name: str) -> None:
        started.wait(5)
        with transaction():
            database.advisory_lock("test")
            order.append(f"{name} begint")
            session().execute(text("SELECT pg_sleep(0.1)"))
            order.append(f"{name} klaar")

    for future in installation.at_once(lambda: work("een"), lambda: work("twee")):
        future.result()
    first = order[0].split()[0]
    second = "twee" if first == "een" else "een"
    assert order == [f"{first} begint", f"{first} klaar", f"{second} begint", f"{second} klaar"]


def test_a_caller_has_the_scope_of_what_they_are() -> None:
    staff = Caller("staff", 3, uuid.uuid4(), "Piet")
    participant = Caller("participant", 4, uuid.uuid4(), "Jan", by_participant={9: frozenset(), 2: frozenset()})
    assert staff.scope == Scope("staff", 3)
    assert participant.scope == Scope("participant", 4, (2, 9))


def test_the_session_of_a_test_is_undone(session: Session) -> None:
    assert session.scalar(text("SELECT app_scope()")) == "job"
