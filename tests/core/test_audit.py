"""The audit trail cannot be changed, and a change behind its back is noticed."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app import create_app
from core import audit
from core import db as database
from core.audit import SYSTEM, Event, record
from core.db import scoped, transaction
from tests.conftest import settings_for
from tests.database import Databases

HAPPENED = Event("tests:thing:happened", "{actor} deed {what}.")


def test_an_event_demands_exactly_the_facts_of_its_sentence(session: Session) -> None:
    with pytest.raises(TypeError, match="what"):
        record(HAPPENED, SYSTEM)
    with pytest.raises(TypeError):
        record(HAPPENED, SYSTEM, what="iets", more="te veel")


def test_the_sentence_is_shown_on_the_timeline(session: Session) -> None:
    record(HAPPENED, SYSTEM, participant_id=7, what="iets")
    assert [entry.sentence for entry in audit.timeline(participant_id=7, for_staff=True)] == ["Het systeem deed iets."]


@pytest.mark.parametrize("statement", ["UPDATE audit_events SET name = 'x'", "DELETE FROM audit_events"])
def test_not_even_the_application_role_can_change_an_event(session: Session, statement: str) -> None:
    record(HAPPENED, SYSTEM, what="iets")
    with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
        session.execute(text(statement))


def test_the_chain_tells_that_the_owner_changed_an_event_behind_the_trigger(
    databases: Databases, tmp_path: Path
) -> None:
    with databases.copy() as urls:
        app = create_app(settings_for(urls.app, tmp_path))
        with app.app_context(), scoped(database.JOB):
            with transaction():
                for number in range(5):
                    record(HAPPENED, SYSTEM, what=f"stap {number}")
            with transaction():
                assert audit.seal() == 5
                assert audit.seal() == 0
            assert audit.verify() == audit.Verification(sealed=5, unsealed=0, broken_at=None)
            owner = create_engine(urls.owner)
            with owner.begin() as connection:
                with pytest.raises(DBAPIError, match="liggen vast"), connection.begin_nested():
                    connection.execute(text("UPDATE audit_events SET actor_kind = 'staff'"))
                connection.execute(text("ALTER TABLE audit_events DISABLE TRIGGER USER"))
                connection.execute(
                    text("UPDATE audit_events SET facts = '{\"what\": \"niets\"}' WHERE facts->>'what' = 'stap 2'")
                )
            database.session().rollback()
            assert audit.verify().broken_at == 3
            owner.dispose()
            database.db.session.remove()
            database.db.engine.dispose()
