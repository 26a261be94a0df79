"""Whom a participant can reach, and which creditors it approaches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy.orm import Session

from catalogue import services
from catalogue.messages.kinds import Party
from catalogue.reach import queries
from catalogue.reach.rules import counterparts
from catalogue.reach.services import choose_creditors
from core import clock
from core.audit import SYSTEM, timeline
from core.errors import Refused
from identity.kinds import ParticipantRole
from participants.kinds import Stage
from participants.models import Participant
from tests.browser import Browser
from tests.catalogue.conftest import MakeParticipant
from tests.people import People

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def live(session: Session, made: Participant, *codes: str) -> Participant:
    for code in codes:
        services.activate(made.id, code, TODAY, SYSTEM)
    session.commit()
    return made


@pytest.mark.parametrize(
    ("role", "others"),
    [
        ("shv_phase_2", {"creditor"}),
        ("creditor", {"shv_phase_1", "shv_phase_2", "credit_bank"}),
        ("credit_bank", {"creditor"}),
        ("guarantee_fund", set()),
        ("court", set()),
    ],
)
def test_the_other_side_follows_from_the_messages(role: str, others: set[str]) -> None:
    messages = [(frozenset({Party.DEBT_COUNSELLOR}), frozenset({Party.CREDITOR}))]
    assert counterparts(role, messages) == others


def test_somebody_sees_who_can_be_reached_with_the_own_modules_only(
    browser: Browser, people: People, session: Session, participant: MakeParticipant
) -> None:
    me = live(session, participant("shv_phase_2", name="Voorbeeldhulp"), "debt_settlement")
    live(session, participant(name="Voorbeeld Incasso"), "debt_settlement", "debt_inventory")
    live(session, participant(name="Andere Module"), "debt_inventory")
    live(session, participant("shv_phase_2", name="Zelfde Kant"), "debt_settlement")
    hidden = live(session, participant(name="Niet Op De Lijst"), "debt_settlement")
    hidden.list_publicly = False
    gone = live(session, participant(name="Geschorst"), "debt_settlement")
    gone.stage = Stage.SUSPENDED
    session.commit()
    browser.sign_in(people.of(me, ParticipantRole.EMPLOYEE))
    page = browser.get(f"/mijn/{me.id}/bereik")
    assert "Voorbeeld Incasso" in page.text
    for other in ("Andere Module", "Zelfde Kant", "Niet Op De Lijst", "Geschorst"):
        assert other not in page.text
    assert "1 organisatie" in page.text
    assert "U benadert alle schuldeisers" in page.text
    assert "Keuze wijzigen" not in page.text
    assert "Niemand gevonden" in browser.get(f"/mijn/{me.id}/bereik?q=bestaatniet").text
    assert "Voorbeeld Incasso" in browser.get(f"/mijn/{me.id}/bereik?q=incaso&module=%00onbekend").text


def test_without_a_module_there_is_nobody(browser: Browser, people: People, participant: MakeParticipant) -> None:
    me = participant("shv_phase_2")
    browser.sign_in(people.of(me, ParticipantRole.REPRESENTATIVE))
    assert "U kunt nog niemand bereiken" in browser.get(f"/mijn/{me.id}/bereik").text


@pytest.mark.parametrize(
    ("stage", "sentence"),
    [(Stage.SUSPENDED, "Uw aansluiting is geschorst."), (Stage.ENDED, "Uw aansluiting is beëindigd.")],
)
def test_who_is_suspended_or_gone_reads_why_there_is_nobody(
    browser: Browser, people: People, session: Session, participant: MakeParticipant, stage: Stage, sentence: str
) -> None:
    me = live(session, participant("shv_phase_2"), "debt_settlement")
    me.stage = stage
    session.commit()
    browser.sign_in(people.of(me, ParticipantRole.REPRESENTATIVE))
    page = browser.get(f"/mijn/{me.id}/bereik").text
    assert sentence in page
    assert "Zodra er een module" not in page


def test_a_debt_counsellor_chooses_creditors(
    browser: Browser, people: People, session: Session, participant: MakeParticipant
) -> None:
    me = live(session, participant("shv_phase_2", name="Voorbeeldhulp"), "debt_settlement")
    one = live(session, participant(name="Voorbeeld Een"), "debt_settlement")
    two = live(session, participant(name="Voorbeeld Twee"), "debt_settlement")
    browser.sign_in(people.of(me, ParticipantRole.REPRESENTATIVE))
    form = browser.get(browser.get(f"/mijn/{me.id}/bereik").link("Keuze wijzigen"))
    assert "ten minste één schuldeiser" in browser.submit(form, expect=422, scope="gekozen").errors[0]
    page = browser.submit(form, scope="gekozen", creditors=[str(one.id)])
    assert "U koos zelf 1 schuldeiser." in page.text
    assert queries.is_approached(me.id, one.id, TODAY)
    assert not queries.is_approached(me.id, two.id, TODAY)
    assert queries.is_approached(me.id, two.id, date(2026, 11, 19))
    told = [entry.sentence for entry in timeline(participant_id=me.id, for_staff=False)]
    assert any(
        "koos welke schuldeisers Voorbeeldhulp benadert vanaf 20 november 2026: Voorbeeld Een." in s for s in told
    )
    browser.submit(browser.get(f"/mijn/{me.id}/bereik/schuldeisers"), scope="alle", starts_on="1-12-2026")
    assert not queries.is_approached(me.id, two.id, TODAY)
    assert queries.is_approached(me.id, two.id, date(2026, 12, 1))
    assert len(queries.selections(me.id)) == 2


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ({"scope": ""}, "Maak een keuze."),
        ({"starts_on": "19-11-2026"}, "terugwerkende kracht"),
        ({"scope": "gekozen", "creditors": ["999999"]}, "ten minste één schuldeiser"),
        ({"scope": "gekozen", "creditors": ["x" * 5000, "\0"]}, "ten minste één schuldeiser"),
        ({"starts_on": "ooit"}, "Schrijf de datum als"),
    ],
)
def test_a_wrong_choice_is_answered(
    browser: Browser,
    people: People,
    session: Session,
    participant: MakeParticipant,
    values: dict[str, str],
    answer: str,
) -> None:
    me = live(session, participant("shv_phase_2"), "debt_settlement")
    live(session, participant(), "debt_settlement")
    browser.sign_in(people.of(me, ParticipantRole.REPRESENTATIVE))
    form = browser.get(f"/mijn/{me.id}/bereik/schuldeisers")
    page = browser.submit(form, expect=422, **{"scope": "alle", **values})
    assert any(answer in error for error in page.errors), page.errors


def test_the_same_choice_again_changes_nothing(session: Session, participant: MakeParticipant) -> None:
    me = live(session, participant("shv_phase_2"), "debt_settlement")
    assert choose_creditors(SYSTEM, me, None, TODAY) is None
    assert queries.selections(me.id) == []


def test_a_creditor_does_not_choose(
    browser: Browser, people: People, session: Session, participant: MakeParticipant
) -> None:
    me = live(session, participant(), "debt_settlement")
    with pytest.raises(Refused, match="schuldhulpverlener"):
        choose_creditors(SYSTEM, me, None, TODAY)
    browser.sign_in(people.of(me, ParticipantRole.REPRESENTATIVE))
    assert "Alleen een schuldhulpverlener" in browser.get(f"/mijn/{me.id}/bereik/schuldeisers").text


def test_the_reach_of_another_does_not_exist(browser: Browser, people: People, participant: MakeParticipant) -> None:
    mine, other = participant(), participant()
    browser.sign_in(people.of(mine, ParticipantRole.REPRESENTATIVE))
    browser.get(f"/mijn/{other.id}/bereik", expect=404)
    browser.get(f"/mijn/{other.id}/bereik/schuldeisers", expect=404)
    browser.sign_in(people.of(mine, ParticipantRole.EMPLOYEE)).get(f"/mijn/{mine.id}/bereik/schuldeisers", expect=403)
