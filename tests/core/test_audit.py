"""The audit trail cannot be changed, and a change behind its back is noticed."""

from __future__ import annotations

import json
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core import audit, clock
from core.audit import ERASED_NAME, EVENTS, SYSTEM, VISITOR, Actor, AuditEvent, Event, Person, record
from core.db import session as current_session
from core.db import transaction
from tests.core.conftest import Installation

HAPPENED = Event("tests:thing:happened", "{actor} deed {what}.")
INTERNAL = Event("tests:thing:looked", "{actor} keek naar {what}.", internal=True)
REFUSED = Event("tests:thing:refused", "{actor} mocht {what} niet.", refusal=True)


def happen(count: int, label: str = "stap") -> None:
    with transaction():
        for number in range(count):
            record(HAPPENED, SYSTEM, what=f"{label} {number}")


def seal() -> int:
    with transaction():
        return audit.seal()


# ------------------------------------------------------------------------------------------- sentences


def test_an_event_demands_exactly_the_facts_of_its_sentence(session: Session) -> None:
    with pytest.raises(TypeError, match="what"):
        record(HAPPENED, SYSTEM)
    with pytest.raises(TypeError):
        record(HAPPENED, SYSTEM, what="iets", more="te veel")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("tests:thing", "{actor} deed iets."),
        ("tests:thing:happened", "{actor} deed iets."),
        ("tests:thing:new", "{} deed iets."),
        ("tests:thing:new", "{actor.name} deed iets."),
        ("tests:thing:new", "{facts[0]} deed iets."),
    ],
)
def test_an_event_with_a_wrong_name_or_blank_is_refused_at_start(name: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=name):
        Event(name, sentence)
    assert "tests:thing:new" not in EVENTS


def test_the_sentence_is_shown_on_the_timeline_newest_first(session: Session) -> None:
    record(HAPPENED, SYSTEM, participant_id=7, what="iets")
    record(REFUSED, SYSTEM, participant_id=7, what="dat")
    record(HAPPENED, SYSTEM, participant_id=8, what="elders")
    lines = audit.timeline(participant_id=7, for_staff=True)
    assert [(line.sentence, line.refusal) for line in lines] == [
        ("Het systeem mocht dat niet.", True),
        ("Het systeem deed iets.", False),
    ]


def test_a_fact_with_braces_is_shown_as_it_is(session: Session) -> None:
    record(HAPPENED, SYSTEM, subject="thing:1", what="{actor} en {iets}")
    assert audit.timeline(subject="thing:1", for_staff=True)[0].sentence == "Het systeem deed {actor} en {iets}."


def test_participants_see_no_names_of_staff_and_nothing_internal(session: Session) -> None:
    colleague, member = Person(name="Piet"), Person(name="Jan")
    session.add_all([colleague, member])
    session.flush()
    for number in range(3):
        record(INTERNAL, Actor("staff", colleague.key), participant_id=7, what=f"dossier {number}")
    record(HAPPENED, Actor("staff", colleague.key), participant_id=7, what="iets")
    record(HAPPENED, Actor("participant", member.key), participant_id=7, what="iets anders")
    record(HAPPENED, VISITOR, participant_id=7, what="een bezoek")
    own = audit.timeline(participant_id=7, for_staff=False, limit=3)
    assert [line.sentence for line in own] == [
        "Een bezoeker deed een bezoek.",
        "Jan deed iets anders.",
        "Het Schuldenknooppunt deed iets.",
    ]
    assert "Piet keek naar dossier 2." in [line.sentence for line in audit.timeline(participant_id=7, for_staff=True)]


def test_an_erased_person_has_no_name_any_more_and_the_chain_stays_whole(installation: Installation) -> None:
    with transaction():
        person = Person(name="Jan de Vries")
        current_session().add(person)
        current_session().flush()
        record(HAPPENED, Actor("participant", person.key), participant_id=7, what="iets")
    seal()
    with transaction():
        current_session().get_one(Person, person.key).name = None
    for for_staff in (True, False):
        (line,) = audit.timeline(participant_id=7, for_staff=for_staff)
        assert line.sentence == f"{ERASED_NAME} deed iets."
    assert audit.verify().broken_at is None


def test_an_event_of_an_earlier_version_is_still_shown(session: Session) -> None:
    for name, facts in (("old:thing:gone", {"what": "é"}), (HAPPENED.name, {"who": "iemand"})):
        session.add(
            AuditEvent(
                recorded_at=clock.now(), name=name, facts=facts, actor_kind="system", subject="thing:2", actor_key=None
            )
        )
        session.flush()
    assert [line.sentence for line in audit.timeline(subject="thing:2", for_staff=True)] == [
        'tests:thing:happened: {"who": "iemand"}',
        'old:thing:gone: {"what": "é"}',
    ]


# ------------------------------------------------------------------------------------------- unchangeable


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET name = 'x'",
        "DELETE FROM audit_events",
        "TRUNCATE audit_events CASCADE",
        "UPDATE audit_seals SET digest = 'x'",
        "DELETE FROM audit_seals",
        "ALTER TABLE audit_events DISABLE TRIGGER ALL",
    ],
)
def test_not_even_the_application_role_can_change_an_event(session: Session, statement: str) -> None:
    record(HAPPENED, SYSTEM, what="iets")
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"), session.begin_nested():
        session.execute(text(statement))


@pytest.mark.parametrize("statement", ["UPDATE audit_events SET name = 'x'", "TRUNCATE audit_events CASCADE"])
def test_the_owner_is_refused_by_the_triggers(installation: Installation, statement: str) -> None:
    happen(1)
    with pytest.raises(DBAPIError, match="liggen vast"), installation.owner.begin() as connection:
        connection.execute(text(statement))


# ------------------------------------------------------------------------------------------- the chain


def tamper(installation: Installation, *statements: str) -> None:
    """As somebody with the owner's password, who switches off what is in the way."""
    current_session().rollback()
    with installation.owner.begin() as connection:
        for table in ("audit_events", "audit_seals"):
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        connection.execute(text("ALTER TABLE audit_seals DROP CONSTRAINT fk_audit_seals_event_id"))
        for statement in statements:
            connection.execute(text(statement))


def test_a_chain_that_nobody_touched_is_whole(installation: Installation) -> None:
    assert audit.verify() == audit.Verification(sealed=0, unsealed=0, broken_at=None)
    happen(5)
    assert seal() == 5
    assert seal() == 0
    happen(2)
    assert audit.verify() == audit.Verification(sealed=5, unsealed=2, broken_at=None)
    assert seal() == 2
    assert audit.verify() == audit.Verification(sealed=7, unsealed=0, broken_at=None)


def change(position: int, what: str) -> str:
    """A statement that changes a sealed event."""
    return f"UPDATE audit_events SET {what} WHERE id = (SELECT event_id FROM audit_seals WHERE position = {position})"  # noqa: S608


def delete(position: int) -> str:
    """A statement that removes a sealed event; its link stays."""
    return f"DELETE FROM audit_events WHERE id = (SELECT event_id FROM audit_seals WHERE position = {position})"  # noqa: S608


@pytest.mark.parametrize(
    ("statements", "broken_at"),
    [
        ([change(2, 'facts = \'{"what": "niets"}\'')], 2),
        ([change(2, "recorded_at = recorded_at - interval '1 s'")], 2),
        ([change(2, "actor_kind = 'staff'")], 2),
        ([change(2, "subject = 'x:1'")], 2),
        ([change(2, "participant_id = 9")], 2),
        ([delete(2)], 2),
        ([delete(2), "DELETE FROM audit_seals WHERE position = 2"], 2),
        ([delete(5)], 5),
        (["DELETE FROM audit_events"], 1),
        (["UPDATE audit_seals SET digest = repeat('0', 64) WHERE position = 3"], 3),
        (["DELETE FROM audit_seals WHERE position = 1"], 1),
        (["UPDATE audit_seals SET position = position + 10 WHERE position >= 4"], 4),
    ],
)
def test_the_chain_tells_where_the_owner_changed_something_behind_the_triggers(
    installation: Installation, statements: list[str], broken_at: int
) -> None:
    happen(5)
    seal()
    tamper(installation, *statements)
    assert audit.verify().broken_at == broken_at


def test_an_event_without_its_last_link_is_open_again_and_gets_the_same_link(installation: Installation) -> None:
    happen(5)
    seal()
    head = audit.verify().head
    tamper(installation, "DELETE FROM audit_seals WHERE position = 5")
    assert audit.verify() == audit.Verification(sealed=4, unsealed=1, broken_at=None)
    seal()
    assert audit.verify().head == head


def test_an_anchor_kept_elsewhere_tells_that_the_end_was_cut_off(installation: Installation) -> None:
    happen(5)
    seal()
    anchor = audit.verify().head
    assert anchor.startswith("5:")
    tamper(installation, delete(5), "DELETE FROM audit_seals WHERE position = 5")
    assert audit.verify().broken_at is None
    assert audit.verify(anchor).broken_at == 5


def test_an_anchor_kept_elsewhere_tells_that_the_end_was_written_anew(installation: Installation) -> None:
    happen(5)
    seal()
    anchor = audit.verify().head
    tamper(installation, change(5, "actor_kind = 'staff'"), "DELETE FROM audit_seals WHERE position = 5")
    seal()
    assert audit.verify().broken_at is None
    assert audit.verify(anchor).broken_at == 5
    happen(3)
    seal()
    assert audit.verify(anchor).broken_at == 5


def test_sealers_take_turns_and_seal_each_event_once(installation: Installation) -> None:
    happen(40)
    together = Barrier(3)

    def sealer() -> int:
        together.wait(5)
        return seal()

    counts = [future.result() for future in installation.at_once(sealer, sealer, sealer)]
    assert sorted(counts) == [0, 0, 40]
    assert audit.verify() == audit.Verification(sealed=40, unsealed=0, broken_at=None)


def test_events_written_while_sealing_goes_on_are_sealed_later(installation: Installation) -> None:
    together = Barrier(2)

    def writer() -> int:
        together.wait(5)
        for number in range(10):
            happen(3, f"ronde {number}")
        return 0

    def sealer() -> int:
        together.wait(5)
        return sum(seal() for _ in range(20))

    for future in installation.at_once(writer, sealer):
        future.result()
    seal()
    assert audit.verify() == audit.Verification(sealed=30, unsealed=0, broken_at=None)


def test_an_event_of_a_long_transaction_is_sealed_when_it_appears(installation: Installation) -> None:
    with installation.owner.connect() as slow:
        slow.execute(
            text(
                "INSERT INTO audit_events (recorded_at, name, facts, actor_kind)"
                " VALUES (now(), 'tests:thing:happened', '{\"what\": \"laat\"}', 'system')"
            )
        )
        happen(2)
        assert seal() == 2
        slow.commit()
    assert audit.verify() == audit.Verification(sealed=2, unsealed=1, broken_at=None)
    assert seal() == 1
    assert audit.verify() == audit.Verification(sealed=3, unsealed=0, broken_at=None)


def test_an_event_that_appears_far_behind_is_sealed_by_a_thorough_round(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "LOOK_BACK", 3)
    happen(1)
    with installation.owner.begin() as gap:
        gap.execute(text("SELECT nextval(pg_get_serial_sequence('audit_events', 'id'))"))
    happen(10)
    seal()
    with installation.owner.begin() as late:
        late.execute(
            text(
                "INSERT INTO audit_events (id, recorded_at, name, facts, actor_kind)"
                " VALUES (2, now(), 'tests:thing:happened', '{\"what\": \"laat\"}', 'system')"
            )
        )
    assert seal() == 0
    assert audit.verify() == audit.Verification(sealed=11, unsealed=1, broken_at=None)
    with transaction():
        assert audit.seal(thorough=True) == 1
    assert audit.verify() == audit.Verification(sealed=12, unsealed=0, broken_at=None)


def test_a_long_chain_is_checked_in_reasonable_time(installation: Installation) -> None:
    current_session().execute(
        text(
            "INSERT INTO audit_events (recorded_at, name, facts, actor_kind)"
            " SELECT now(), 'tests:thing:happened', '{\"what\": \"veel\"}', 'system' FROM generate_series(1, 6000)"
        )
    )
    current_session().commit()
    assert seal() == 5000
    assert seal() == 1000
    assert audit.verify() == audit.Verification(sealed=6000, unsealed=0, broken_at=None)


# ------------------------------------------------------------------------------------------- the command


def test_the_command_answers_zero_for_a_whole_chain_and_one_for_a_broken_one(installation: Installation) -> None:
    happen(3)
    runner = installation.app.test_cli_runner()
    assert "3 regels verzegeld" in runner.invoke(args=["audit", "seal"]).output
    whole = runner.invoke(args=["audit", "verify"])
    assert whole.exit_code == 0
    assert "De keten is heel: 3 regels verzegeld, 0 wachten op verzegeling." in whole.output
    answer = json.loads(runner.invoke(args=["audit", "verify", "--json"]).output)
    assert answer | {"head": ""} == {"sealed": 3, "unsealed": 0, "broken_at": None, "head": ""}
    assert runner.invoke(args=["audit", "verify", "--anchor", answer["head"]]).exit_code == 0
    tamper(installation, "UPDATE audit_events SET actor_kind = 'staff'")
    broken = runner.invoke(args=["audit", "verify"])
    assert broken.exit_code == 1
    assert "De keten is verbroken bij schakel 1 van 3." in broken.output
    assert runner.invoke(args=["audit", "verify", "--json"]).exit_code == 1


@pytest.mark.parametrize("anchor", ["5", "x:1", "-1:aa", f"²:{'0' * 64}"])
def test_the_command_answers_two_for_an_anchor_that_is_none(installation: Installation, anchor: str) -> None:
    outcome = installation.app.test_cli_runner().invoke(args=["audit", "verify", f"--anchor={anchor}"])
    assert outcome.exit_code == 2
    assert "ijkpunt" in outcome.output
