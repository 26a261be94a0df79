"""Four eyes on screen: who asks does not decide, a colleague does, and all of it is on the trail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.approvals import Approval, Outcome
from identity.kinds import StaffRole
from identity.models import Account
from identity.queries import roles_of
from identity.services import actor_of
from identity.staff.services import request_role_change
from tests.admin.conftest import SignIn, rows_of
from tests.browser import Browser
from tests.onboarding.conftest import Journey
from tests.people import People

LIST = "/beheer/akkoord"


@pytest.fixture
def ada(people: People) -> Account:
    return people.staff(StaffRole.ADMINISTRATION, name="Ada Applicatie")


@pytest.fixture
def carl(people: People) -> Account:
    return people.staff(StaffRole.RELATIONS, name="Carl Collega")


@pytest.fixture
def asked(ada: Account, carl: Account, session: Session, today: date) -> str:
    """Address of the request of Ada to make Carl a colleague of finance as well."""
    row = request_role_change(carl, StaffRole.FINANCE, actor_of(ada), grant=True, reason="Vervanging.")
    session.commit()
    return f"{LIST}/{row.id}"


def outcome(session: Session) -> Outcome:
    session.expire_all()
    return session.execute(select(Approval)).scalar_one().outcome


def test_the_list_says_what_is_asked_about_whom_by_whom(asked: str, sign_in: SignIn) -> None:
    browser = sign_in(StaffRole.ADMINISTRATION)
    page = browser.get(LIST)
    cells = rows_of(page)[0]
    assert cells[0].startswith("Rol Financiën geven aan account")
    assert "Carl Collega" in cells[0]
    assert cells[1] == "Ada Applicatie"
    request = browser.get(asked)
    assert "Rollen Relatiebeheer Relatiebeheer, Financiën" in request.text
    assert "Vervanging." in request.text


def test_a_colleague_agrees_and_the_change_is_made(
    asked: str, sign_in: SignIn, carl: Account, session: Session, today: date, sentences: Callable[[], list[str]]
) -> None:
    browser = sign_in(StaffRole.ADMINISTRATION, name="Bob Beheert")
    page = browser.submit(browser.get(asked), "Akkoord geven")
    assert "U hebt akkoord gegeven. De wijziging is doorgevoerd." in page.text
    assert StaffRole.FINANCE in roles_of(carl.id, today)
    assert any(line.startswith("Bob Beheert gaf akkoord: rol Financiën geven") for line in sentences())
    decided = rows_of(page)[0]
    assert decided[1:3] == ["Ada Applicatie", "Bob Beheert"]
    assert decided[-1] == "Akkoord"
    assert "Een collega heeft hier al over besloten" not in browser.get(asked).text


def test_the_maker_sees_no_buttons_and_is_refused_and_audited_when_posting(
    asked: str, ada: Account, browser: Browser, session: Session, sentences: Callable[[], list[str]]
) -> None:
    browser.sign_in(ada)
    page = browser.get(asked)
    assert "U hebt dit zelf gevraagd. Een collega beoordeelt het." in page.text
    assert not page.soup.main.find_all("form")  # type: ignore[union-attr]  # a page has a main
    assert "uzelf; een collega beoordeelt het" in browser.get(LIST).text
    token = page.soup.select_one("input[name=csrf_token]")
    answer = browser.post(asked, {"csrf_token": token["value"], "besluit": "akkoord"}, expect=422)  # type: ignore[index]
    assert answer.errors == ["U hebt dit zelf gevraagd. Laat een collega het beoordelen."]
    assert outcome(session) is Outcome.WAITING
    refusals = [line for line in sentences() if line.startswith("Ada Applicatie wilde het eigen verzoek goedkeuren")]
    assert len(refusals) == 1


def test_declining_asks_for_a_reason_and_changes_nothing(
    asked: str, sign_in: SignIn, carl: Account, session: Session, today: date
) -> None:
    browser = sign_in(StaffRole.ADMINISTRATION)
    page = browser.submit(browser.get(asked), "Geen akkoord", expect=422)
    assert page.errors == ["Schrijf in één of twee zinnen waarom u geen akkoord geeft."]
    assert outcome(session) is Outcome.WAITING
    browser.submit(page, "Geen akkoord", reason="Niet nodig.")
    assert outcome(session) is Outcome.DECLINED
    assert StaffRole.FINANCE not in roles_of(carl.id, today)
    assert "Niet nodig." in browser.get(asked).text


def test_a_second_decision_is_refused_kindly(asked: str, sign_in: SignIn, session: Session) -> None:
    first, second = sign_in(StaffRole.ADMINISTRATION), sign_in(StaffRole.ADMINISTRATION)
    open_page = second.get(asked)
    first.submit(first.get(asked), "Akkoord geven")
    page = second.submit(open_page, "Geen akkoord", expect=422, reason="Toch niet.")
    assert page.errors == ["Een collega heeft hier al over besloten."]
    assert outcome(session) is Outcome.APPROVED


@pytest.mark.parametrize("reason", ["x" * 5000, "a\0b"])
def test_an_absurd_reason_is_answered(asked: str, sign_in: SignIn, session: Session, reason: str) -> None:
    browser = sign_in(StaffRole.ADMINISTRATION)
    page = browser.submit(browser.get(asked), "Geen akkoord", expect=422, reason=reason)
    assert page.errors
    assert outcome(session) is Outcome.WAITING


def test_who_may_look_but_not_decide(asked: str, sign_in: SignIn, session: Session) -> None:
    for role in (StaffRole.RELATIONS, StaffRole.FINANCE, StaffRole.PRIVACY, StaffRole.AUDITOR):
        browser = sign_in(role)
        page = browser.get(asked)
        assert "U mag dit verzoek bekijken, maar er niet over besluiten." in page.text
        token = page.soup.select_one("input[name=csrf_token]")["value"]  # type: ignore[index]
        browser.post(asked, {"csrf_token": token, "besluit": "akkoord"}, expect=404)
    sign_in(StaffRole.BOARD).get(asked, 403)
    assert outcome(session) is Outcome.WAITING


def test_participants_and_strange_numbers(asked: str, journey: Journey, sign_in: SignIn, people: People) -> None:
    account = people.of(journey.submitted())
    for address in (LIST, asked):
        Browser(journey.app).sign_in(account).get(address, 403)
    sign_in(StaffRole.ADMINISTRATION).get(f"{LIST}/999999999", 404)
    sign_in(StaffRole.ADMINISTRATION).get(f"{LIST}/{'9' * 30}", 404)
