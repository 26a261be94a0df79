"""Taking a name out of everything public takes two, and so does giving it back."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import approvals, audit
from core import db as database
from core.approvals import Approval
from core.db import scoped
from core.errors import Refused
from core.mail import OutboxMessage
from identity.kinds import ParticipantRole, StaffRole
from identity.models import Account
from identity.services import actor_of
from participants.kinds import ContactRole, Stage
from participants.models import Contact, Participant
from participants.withdrawals.queries import carried_out, open_request
from participants.withdrawals.services import ask
from tests.browser import Browser
from tests.participants.conftest import MakeParticipant
from tests.people import People

REASON = "Bedreiging van een medewerker, gemeld door de deelnemer."


@pytest.fixture
def participant(session: Session, make_participant: MakeParticipant) -> Participant:
    row = make_participant(stage=Stage.LIVE)
    row.stage = Stage.LIVE
    contact = Contact(participant_id=row.id, role=ContactRole.FUNCTIONAL, name="X", email="x@voorbeeld.invalid")
    session.add(contact)
    session.commit()
    return row


@pytest.fixture
def maker(people: People) -> Account:
    return people.staff(StaffRole.RELATIONS)


@pytest.fixture
def checker(people: People) -> Account:
    return people.staff(StaffRole.RELATIONS)


def is_named(row: Participant) -> bool:
    return row.is_public


def agreed(participant: Participant, maker: Account, checker: Account) -> Approval:
    return approvals.approve(ask(participant, REASON, actor_of(maker)).id, actor_of(checker))


def test_nothing_changes_until_a_colleague_agrees(
    participant: Participant, maker: Account, checker: Account, session: Session
) -> None:
    request = ask(participant, REASON, actor_of(maker))
    assert is_named(participant)
    with pytest.raises(Refused, match="zelf gevraagd"):
        approvals.approve(request.id, actor_of(maker))
    session.refresh(participant)
    approvals.approve(request.id, actor_of(checker))
    session.refresh(participant)
    assert not is_named(participant)


def test_giving_the_name_back_takes_two_as_well(participant: Participant, maker: Account, checker: Account) -> None:
    agreed(participant, maker, checker)
    request = ask(participant, "Het gevaar is voorbij.", actor_of(checker))
    assert not is_named(participant)
    with pytest.raises(Refused, match="zelf gevraagd"):
        approvals.approve(request.id, actor_of(checker))
    approvals.approve(request.id, actor_of(maker))
    assert is_named(participant)
    assert [row.payload["withdraw"] for row in carried_out(participant.id)] == [False, True]


def test_a_request_needs_a_reason_and_comes_alone(participant: Participant, maker: Account) -> None:
    with pytest.raises(Refused, match="waarom"):
        ask(participant, "  ", actor_of(maker))
    ask(participant, REASON, actor_of(maker))
    with pytest.raises(Refused, match="al een verzoek"):
        ask(participant, REASON, actor_of(maker))


def test_declining_leaves_the_name_public(participant: Participant, maker: Account, checker: Account) -> None:
    request = ask(participant, REASON, actor_of(maker))
    approvals.decline(request.id, actor_of(checker), "Niet nodig.")
    assert is_named(participant)
    assert open_request(participant.id) is None


def test_the_reason_stands_nowhere_but_with_the_request(
    participant: Participant, maker: Account, checker: Account, session: Session
) -> None:
    agreed(participant, maker, checker)
    lines = [entry.sentence for entry in audit.timeline(participant_id=participant.id, for_staff=True)]
    assert any("haalde de naam" in line for line in lines)
    assert not any("Bedreiging" in line for line in lines)
    mail = session.scalars(select(OutboxMessage).where(OutboxMessage.participant_id == participant.id)).one()
    assert mail.recipient == "x@voorbeeld.invalid"
    assert "Bedreiging" not in mail.body
    assert "niet meer openbaar" in mail.subject


def test_other_participants_and_visitors_cannot_see_the_row(
    participant: Participant, maker: Account, checker: Account, session: Session
) -> None:
    def seen(scope: database.Scope) -> bool:
        session.expire_all()
        with scoped(scope):
            return session.scalar(select(Participant.id).where(Participant.id == key)) is not None

    key = participant.id
    others = (database.PUBLIC, database.VISITOR, database.participant(1, (key + 1,)))
    assert all(seen(scope) for scope in others)
    agreed(participant, maker, checker)
    session.flush()
    assert not any(seen(scope) for scope in others)
    assert seen(database.participant(1, (key,)))
    assert seen(database.staff(1))


# ------------------------------------------------------------------------------------------- the page


def test_two_colleagues_do_it_on_their_pages(
    browser: Browser, participant: Participant, maker: Account, checker: Account, session: Session
) -> None:
    browser.sign_in(maker)
    address = f"/beheer/deelnemers/{participant.id}/openbare-naam"
    page = browser.submit(browser.get(address), "Akkoord vragen", expect=422, reason=" ")
    assert page.errors == ["Schrijf in één of twee zinnen waarom."]
    page = browser.submit(browser.get(address), "Akkoord vragen", reason=REASON)
    assert "Wacht op een collega" in page.text
    decision = page.link("Bekijk het verzoek")
    browser.sign_in(checker)
    page = browser.submit(browser.get(decision), "Akkoord geven")
    page = browser.get(address)
    assert "uit alles weg wat openbaar is" in page.text
    assert REASON in page.text
    assert "niet openbaar" in browser.get(f"/beheer/deelnemers/{participant.id}").text


@pytest.mark.parametrize("role", [role for role in StaffRole if role is not StaffRole.RELATIONS])
def test_others_of_staff_may_not(browser: Browser, participant: Participant, people: People, role: StaffRole) -> None:
    browser.sign_in(people.staff(role))
    browser.get(f"/beheer/deelnemers/{participant.id}/openbare-naam", expect=403)


def test_the_participant_does_not_read_the_reason(
    browser: Browser, participant: Participant, maker: Account, checker: Account, people: People, session: Session
) -> None:
    agreed(participant, maker, checker)
    session.commit()
    browser.sign_in(people.of(participant, ParticipantRole.REPRESENTATIVE))
    page = browser.get(f"/mijn/{participant.id}")
    assert "Bedreiging" not in page.text
    browser.get(f"/beheer/deelnemers/{participant.id}/openbare-naam", expect=403)
