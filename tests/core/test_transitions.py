"""Guarded changes of state, on the participants table."""

from __future__ import annotations

from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from core import audit, clock
from core.audit import SYSTEM, AuditEvent, Event
from core.db import session as current_session
from core.db import transaction
from core.errors import Refused
from core.transitions import Transition, may, move
from participants.kinds import Channel, OrganisationKind, Sector, Stage
from participants.models import Organisation, Participant
from tests.core.conftest import Installation

SUSPENDED = Event("tests:participant:suspended", "{actor} schorste {name}. Reden: {reason}")
WITHDRAWN = Event("tests:participant:withdrawn", "{actor} trok {name} in op {day}.")
SUSPEND = Transition("schorsen", frozenset({Stage.LIVE}), Stage.SUSPENDED, SUSPENDED, needs_reason=True)
WITHDRAW = Transition("intrekken", frozenset({Stage.SUBMITTED, Stage.ACCEPTED}), Stage.WITHDRAWN, WITHDRAWN)


def participant(stage: Stage = Stage.LIVE) -> Participant:
    organisation = Organisation(
        name="Voorbeeld",
        short_name="Voorbeeld",
        kind=OrganisationKind.COMPANY,
        sector=Sector.OTHER,
        source="test",
        search_text="voorbeeld",
    )
    made = Participant(
        organisation=organisation, role_code="creditor", channel=Channel.PORTAL, stage=stage, stage_since=clock.now()
    )
    current_session().add(made)
    return made


def sentences() -> list[str]:
    rows = current_session().query(AuditEvent).order_by(AuditEvent.id)
    return [audit.sentence(row, audit.actor_name(row, None, for_staff=True)) for row in rows]


def test_a_move_changes_the_state_and_leaves_its_sentence(session: Session) -> None:
    made = participant()
    move(made, SUSPEND, SYSTEM, name="Voorbeeld", subject="participant:1", reason="  Geen certificaat. ")
    assert made.stage is Stage.SUSPENDED
    (line,) = audit.timeline(subject="participant:1", for_staff=True)
    assert line.sentence == "Het systeem schorste Voorbeeld. Reden: Geen certificaat."


def test_facts_of_the_sentence_are_given_along(session: Session) -> None:
    made = participant(Stage.ACCEPTED)
    move(made, WITHDRAW, SYSTEM, name="Voorbeeld", subject="participant:2", day="3 november 2026")
    (line,) = audit.timeline(subject="participant:2", for_staff=True)
    assert line.sentence == "Het systeem trok Voorbeeld in op 3 november 2026."


def test_a_page_can_ask_whether_the_button_makes_sense() -> None:
    assert may(WITHDRAW, Stage.ACCEPTED)
    assert not may(WITHDRAW, Stage.LIVE)


def test_a_move_from_the_wrong_state_is_refused_and_audited(installation: Installation) -> None:
    with transaction():
        made = participant(Stage.ENDED)
    with pytest.raises(Refused) as refused, transaction():
        move(made, WITHDRAW, SYSTEM, name="Voorbeeld", subject=f"participant:{made.id}", day="vandaag")
    assert refused.value.message == (
        "Dit kan niet: de stand is nu 'beëindigd'. Ververs de pagina om de laatste stand te zien."
    )
    assert refused.value.status == 409
    assert sentences() == ["Het systeem wilde intrekken bij Voorbeeld; dat kon niet: de stand is nu 'beëindigd'."]
    assert made.stage is Stage.ENDED


@pytest.mark.parametrize("reason", [None, "", "  \n"])
def test_a_move_without_its_reason_is_refused_beside_the_field(installation: Installation, reason: str | None) -> None:
    with transaction():
        made = participant()
    with pytest.raises(Refused) as refused, transaction():
        move(made, SUSPEND, SYSTEM, name="Voorbeeld", reason=reason)
    assert (refused.value.message, refused.value.field) == ("Schrijf in één of twee zinnen waarom.", "reason")
    assert sentences() == ["Het systeem wilde schorsen bij Voorbeeld; dat kon niet: er is geen reden gegeven."]
    assert made.stage is Stage.LIVE


def test_of_two_at_once_one_wins_and_the_other_hears_it(installation: Installation) -> None:
    with transaction():
        made = participant()
    participant_id = made.id
    together = Barrier(2)

    def suspend() -> str:
        mine = current_session().get_one(Participant, participant_id)
        assert mine.stage is Stage.LIVE
        together.wait(5)
        try:
            with transaction():
                move(mine, SUSPEND, SYSTEM, name="Voorbeeld", reason="Geen certificaat.")
        except Refused as refused:
            return refused.message
        return "gelukt"

    outcomes = sorted(future.result() for future in installation.at_once(suspend, suspend))
    assert outcomes == [
        "Dit kan niet: de stand is nu 'geschorst'. Ververs de pagina om de laatste stand te zien.",
        "gelukt",
    ]
    assert sorted(sentences()) == [
        "Het systeem schorste Voorbeeld. Reden: Geen certificaat.",
        "Het systeem wilde schorsen bij Voorbeeld; dat kon niet: de stand is nu 'geschorst'.",
    ]


def test_nothing_of_a_move_stays_when_what_follows_fails(installation: Installation) -> None:
    with transaction():
        made = participant()
    with pytest.raises(ZeroDivisionError), transaction():
        move(made, SUSPEND, SYSTEM, name="Voorbeeld", reason="Geen certificaat.")
        raise ZeroDivisionError
    assert made.stage is Stage.LIVE
    assert sentences() == []
