"""Participants and applicants sign in with a mailed link; looking at it changes nothing, the button does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import clock
from core import db as database
from core.db import scoped
from core.errors import Refused
from core.mail import OutboxMessage
from identity import services
from identity.kinds import AccountKind, LinkPurpose, StaffRole
from identity.models import Account, OneTimeLink, SignInSession
from identity.services import WRONG_CODE
from tests.browser import Browser, Page
from tests.identity.conftest import MORNING, Mailbox, Phone, Trail, give_phone
from tests.people import People

START = "/inloggen?verder=/account/naam"


def ask(browser: Browser, email: str, expect: int = 200) -> Page:
    return browser.submit(browser.get(START), "Mail mij een link", expect, email=email)


def csrf_of(page: Page) -> dict[str, str]:
    return {"csrf_token": str(page.soup.select("input[name=csrf_token]")[0]["value"])}


def test_the_link_leads_to_the_page_that_was_wanted(
    browser: Browser, people: People, mailbox: Mailbox, trail: Trail
) -> None:
    account = people.applicant("Anna Aanmelder")
    assert ask(browser, account.email.upper()).heading == "Kijk in uw mail"
    page = browser.get(mailbox.link(account.email))
    assert f"U logt in als {account.email}" in page.text
    assert browser.client.get_cookie("sessie") is None
    page = browser.submit(page, "Log in")
    assert page.heading == "Uw naam wijzigen"
    assert trail.names() == ["identity:link:requested", "identity:session:started"]


def test_an_unknown_address_gets_the_same_answer_and_no_mail(
    browser: Browser, people: People, session: Session, trail: Trail
) -> None:
    known = ask(browser, people.applicant().email)
    before = session.scalar(select(func.count()).select_from(OutboxMessage))
    with scoped(database.SIGN_IN):
        links = session.scalar(select(func.count()).select_from(OneTimeLink))
    unknown = ask(browser, "niemand@deelnemer.invalid")
    assert unknown.text == known.text
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == before
    with scoped(database.SIGN_IN):
        assert session.scalar(select(func.count()).select_from(OneTimeLink)) == links
    why = "er werd een link gevraagd voor een adres zonder account"
    assert trail.facts("identity:session:refused") == [{"why": why}]


def test_a_disabled_account_gets_no_mail(browser: Browser, people: People, session: Session, mailbox: Mailbox) -> None:
    account = people.applicant()
    account.disabled_at = clock.now()
    session.commit()
    assert ask(browser, account.email).heading == "Kijk in uw mail"
    assert mailbox.to(account.email) == []


def test_staff_are_told_their_own_way(browser: Browser, people: People, mailbox: Mailbox) -> None:
    account = people.staff(StaffRole.FINANCE)
    assert ask(browser, account.email).heading == "Kijk in uw mail"
    assert browser.get(mailbox.link(account.email)).heading == "Inloggen als medewerker"


def test_a_link_works_once(browser: Browser, app: Flask, people: People, mailbox: Mailbox) -> None:
    account = people.applicant()
    ask(browser, account.email)
    path = mailbox.link(account.email)
    browser.submit(browser.get(path), "Log in")
    again = browser.get(path, 410)
    assert "Deze link is al gebruikt. Vraag een nieuwe aan; uw gegevens zijn bewaard." in again.text
    other = Browser(app)
    data = csrf_of(other.get(START))
    assert "al gebruikt" in other.post(path, data, expect=410).text
    assert other.client.get_cookie("sessie") is None


def test_an_expired_link_says_so_and_mails_a_new_one(browser: Browser, people: People, mailbox: Mailbox) -> None:
    account = people.applicant()
    with clock.at(MORNING):
        ask(browser, account.email)
    with clock.at(MORNING + timedelta(minutes=16)):
        page = browser.get(mailbox.link(account.email), 410)
        assert "Deze link is verlopen. Vraag een nieuwe aan; uw gegevens zijn bewaard." in page.text
        assert account.email not in page.text
        browser.submit(page, "Mail mij een nieuwe link")
        page = browser.get(mailbox.link(account.email))
        assert browser.submit(page, "Log in").heading == "Uw naam wijzigen"


def test_a_made_up_link_tells_nothing(browser: Browser) -> None:
    page = browser.get("/link/zomaar-iets", 410)
    assert "Deze link werkt niet." in page.text
    browser.get("/link/" + "x" * 3000, 410)


def test_who_set_a_second_factor_is_asked_a_code_and_a_wrong_one_keeps_the_link(
    browser: Browser, people: People, session: Session, mailbox: Mailbox, trail: Trail
) -> None:
    account, phone = people.applicant(), Phone()
    give_phone(account, phone)
    session.commit()
    ask(browser, account.email)
    page = browser.get(mailbox.link(account.email))
    page = browser.submit(page, "Log in", 422, code=phone.wrong_code())
    assert page.errors == [WRONG_CODE]
    assert browser.client.get_cookie("sessie") is None
    assert browser.submit(page, "Log in", code=phone.code()).heading == "Uw naam wijzigen"
    assert trail.facts("identity:session:started") == [{"means": "een gemailde link en een code"}]


def test_a_link_of_another_package_makes_the_account_and_works_for_a_week(
    browser: Browser, session: Session, mailbox: Mailbox
) -> None:
    with clock.at(MORNING):
        url = services.sign_in_link_for(
            "Nieuw@Deelnemer.invalid", "/account", name="Nico Nieuw", purpose=LinkPurpose.CONTINUE_APPLICATION
        )
        session.commit()
    account = session.execute(select(Account).where(Account.email == "nieuw@deelnemer.invalid")).scalar_one()
    assert (account.kind, account.person.name) == (AccountKind.PARTICIPANT, "Nico Nieuw")
    path = url.removeprefix("http://localhost")
    with clock.at(MORNING + timedelta(days=6)):
        page = browser.get(path)
        assert page.heading == "Verder met uw aanmelding"
        assert "Nico Nieuw" in browser.submit(page, "Ga verder").text
    with clock.at(MORNING + timedelta(days=8)):
        browser.get(path, 410)


def test_a_second_link_for_the_same_address_is_for_the_same_account(session: Session) -> None:
    services.sign_in_link_for("nieuw@deelnemer.invalid", "/account")
    services.sign_in_link_for("nieuw@deelnemer.invalid", "/account")
    assert session.scalar(select(func.count()).where(Account.email == "nieuw@deelnemer.invalid")) == 1


def test_no_link_signs_staff_in(browser: Browser, people: People, session: Session) -> None:
    account = people.staff(StaffRole.FINANCE)
    url = services.sign_in_link_for(account.email, "/account", purpose=LinkPurpose.CONTINUE_APPLICATION)
    session.commit()
    page = browser.get(url.removeprefix("http://localhost"))
    assert page.heading == "Inloggen als medewerker"
    token = url.rpartition("/")[2]
    with scoped(database.SIGN_IN), pytest.raises(Refused):
        services.sign_in_by_link(token, None)
    assert session.scalar(select(func.count()).select_from(SignInSession)) == 0


@pytest.mark.parametrize("purpose", [LinkPurpose.SHARE, LinkPurpose.SET_UP])
def test_a_link_for_something_else_signs_nobody_in(
    browser: Browser, people: People, session: Session, purpose: LinkPurpose
) -> None:
    account = people.applicant()
    owner = None if purpose is LinkPurpose.SHARE else account.id
    token = services.create_link(purpose, target="/account", valid_for=timedelta(hours=1), account_id=owner)
    session.commit()
    with scoped(database.SIGN_IN), pytest.raises(Refused):
        services.sign_in_by_link(token, None)


def test_five_links_an_hour_is_enough(browser: Browser, people: People, mailbox: Mailbox) -> None:
    account = people.applicant()
    with clock.at(MORNING):
        for _ in range(5):
            ask(browser, account.email)
        assert "te vaak geprobeerd" in ask(browser, account.email, 429).text
        assert len(mailbox.to(account.email)) == 5
        ask(browser, people.applicant().email)


@pytest.mark.parametrize(
    "elsewhere",
    ["https://boef.invalid/", "//boef.invalid/", "/\\boef.invalid", "/%09/boef.invalid", "/\t/boef.invalid", "account"],
)
def test_nobody_is_led_elsewhere(browser: Browser, people: People, mailbox: Mailbox, elsewhere: str) -> None:
    account = people.applicant()
    page = Page(browser.client.get("/inloggen", query_string={"verder": elsewhere}))
    browser.submit(page, "Mail mij een link", email=account.email)
    page = browser.get(mailbox.link(account.email))
    answer = browser.client.post(mailbox.link(account.email), data=csrf_of(page))
    assert answer.status_code == 303
    assert answer.headers["Location"] in {"/account/begin", "/%09/boef.invalid"}


def test_a_bad_address_is_answered_in_dutch(browser: Browser) -> None:
    assert ask(browser, "geen adres", 422).errors == [
        "Dit is geen e-mailadres. Een e-mailadres ziet eruit als naam@organisatie.nl."
    ]


def test_the_door_for_staff_is_shown_to_who_wanted_a_page_of_staff(browser: Browser) -> None:
    assert browser.get("/beheer/medewerkers").heading == "Inloggen als medewerker"
    assert browser.get("/account").heading == "Inloggen"
