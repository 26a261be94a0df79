"""Own data, second factor and sessions; and the code that is asked before an act that binds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from core import clock
from identity.kinds import StaffRole
from identity.services import WRONG_CODE
from tests.browser import Browser
from tests.identity.conftest import MORNING, PASSWORD, Insider, Mailbox, Phone, Trail, give_phone
from tests.identity.test_set_up import phone_of
from tests.people import People

LATER = MORNING + timedelta(minutes=16)
BINDING = "/account/wachtwoord"
"""A page that asks for a fresh second factor."""


def signed_in(app: Flask, insider: Insider) -> Browser:
    with clock.at(MORNING):
        return Browser(app).sign_in(insider.account)


def test_a_visitor_is_asked_to_sign_in(browser: Browser) -> None:
    for path in ("/account", "/account/naam", BINDING, "/account/tweede-stap", "/account/tweede-stap/instellen"):
        assert browser.get(path).heading == "Inloggen"


def test_one_sees_who_one_is(browser: Browser, people: People) -> None:
    account = people.staff(StaffRole.FINANCE, StaffRole.PRIVACY, name="Fien Financiën")
    page = browser.sign_in(account).get("/account")
    for fact in ("Fien Financiën", account.email, "Financiën, Privacy", "Niet ingesteld", "Hier"):
        assert fact in page.text


def test_the_name_can_be_changed(browser: Browser, people: People, trail: Trail) -> None:
    browser.sign_in(people.applicant("aanmelder@deelnemer.invalid"))
    page = browser.submit(browser.get("/account/naam"), "Opslaan", name="Anna  Aanmelder")
    assert "Anna Aanmelder" in page.text
    assert trail.names() == ["identity:account:renamed"]
    page = browser.submit(browser.get("/account/naam"), "Opslaan", 422, name="x" * 201)
    assert page.errors == ["De naam mag hoogstens 200 tekens hebben."]
    browser.submit(browser.get("/account/naam"), "Opslaan", 422, name="\x07")


# ------------------------------------------------------------------------------------------- step-up


def test_shortly_after_signing_in_nothing_more_is_asked(app: Flask, insider: Insider) -> None:
    browser = signed_in(app, insider)
    with clock.at(MORNING + timedelta(minutes=14)):
        assert browser.get(BINDING).heading == "Uw wachtwoord wijzigen"


def test_later_a_code_is_asked_and_one_goes_on_with_a_new_session(app: Flask, insider: Insider, trail: Trail) -> None:
    browser = signed_in(app, insider)
    before = browser.client.get_cookie("sessie")
    with clock.at(LATER):
        page = browser.get(BINDING)
        assert page.heading == "Bevestig dat u het bent"
        page = browser.submit(page, "Bevestigen", 422, code=insider.phone.wrong_code())
        assert page.errors == [WRONG_CODE]
        page = browser.submit(page, "Bevestigen", code=insider.phone.code())
        assert page.heading == "Uw wachtwoord wijzigen"
        after = browser.client.get_cookie("sessie")
        assert before is not None
        assert after is not None
        assert before.value != after.value
        old = Browser(app)
        old.client.set_cookie("sessie", before.value)
        assert old.get("/account").heading == "Inloggen"
    assert trail.facts("identity:second_factor:refused") == [{"why": "de code klopte niet"}]
    assert trail.names()[-1] == "identity:second_factor:proven"


def test_a_form_that_was_sent_too_late_leads_back_to_its_page(app: Flask, insider: Insider) -> None:
    browser = signed_in(app, insider)
    with clock.at(MORNING):
        page = browser.get(BINDING)
    with clock.at(LATER):
        page = browser.submit(page, "Opslaan", current=PASSWORD, password="x", again="x")
        assert page.heading == "Bevestig dat u het bent"
        assert browser.submit(page, "Bevestigen", code=insider.phone.code()).heading == "Uw wachtwoord wijzigen"


def test_a_code_used_to_sign_in_does_not_confirm_again(app: Flask, insider: Insider) -> None:
    browser = signed_in(app, insider)
    with clock.at(LATER):
        code = insider.phone.code()
        page = browser.submit(browser.get(BINDING), "Bevestigen", code=code)
        page = browser.submit(browser.get("/account/tweede-stap"), "Bevestigen", 422, code=code)
        assert page.errors == [WRONG_CODE]


def test_step_up_does_not_lengthen_the_day(app: Flask, insider: Insider) -> None:
    browser = signed_in(app, insider)
    for quarters in range(1, 33):
        with clock.at(MORNING + timedelta(minutes=15 * quarters + 1)):
            page = browser.get(BINDING)
            if page.heading == "Bevestig dat u het bent":
                browser.submit(page, "Bevestigen", code=insider.phone.code())
    with clock.at(MORNING + timedelta(hours=8, minutes=2)):
        assert browser.get("/account").heading == "Inloggen"


def test_guessing_codes_is_stopped(app: Flask, insider: Insider) -> None:
    browser = signed_in(app, insider)
    with clock.at(LATER):
        for _ in range(10):
            browser.submit(browser.get("/account/tweede-stap"), "Bevestigen", 422, code=insider.phone.wrong_code())
        browser.submit(browser.get("/account/tweede-stap"), "Bevestigen", 429, code=insider.phone.code())


# ------------------------------------------------------------------------------------------- second factor


def test_who_has_no_second_factor_sets_it_first_and_then_goes_on(
    browser: Browser, app: Flask, people: People, mailbox: Mailbox, trail: Trail
) -> None:
    account = people.applicant()
    with clock.at(MORNING):
        elsewhere = Browser(app).sign_in(account, verified=False)
        browser.sign_in(account, verified=False)
        page = browser.get("/account/tweede-stap?verder=/account/naam")
        assert page.heading == "Stel een tweede stap in"
        page = browser.submit(page, "Instellen", 422, code="000000x")
        assert page.errors == ["Deze code klopt niet. Controleer of uw telefoon de juiste tijd heeft."]
        page = browser.submit(page, "Instellen", code=phone_of(page).code())
        assert page.heading == "Uw naam wijzigen"
        assert elsewhere.get("/account").heading == "Inloggen"
    assert [mail.subject for mail in mailbox.to(account.email)] == ["Uw tweede stap is ingesteld"]
    assert trail.names() == ["identity:second_factor:set"]


def test_replacing_asks_the_present_code_first(app: Flask, insider: Insider, trail: Trail) -> None:
    browser = signed_in(app, insider)
    with clock.at(LATER):
        page = browser.get("/account/tweede-stap/instellen")
        assert page.heading == "Bevestig dat u het bent"
        page = browser.submit(page, "Bevestigen", code=insider.phone.code())
        assert page.heading == "Vervang uw tweede stap"
        phone = phone_of(page)
        browser.submit(page, "Instellen", code=phone.code())
    with clock.at(LATER + timedelta(minutes=1)):
        other, door = Browser(app), "/inloggen/medewerker?verder=/account"
        other.submit(other.get(door), "Inloggen", 422, **insider.answers)
        page = other.submit(other.get(door), "Inloggen", **{**insider.answers, "code": phone.code()})
        assert page.heading == "Mijn account"
    assert "identity:second_factor:replaced" in trail.names()


# ------------------------------------------------------------------------------------------- password


def test_a_new_password_ends_the_other_sessions(app: Flask, insider: Insider, mailbox: Mailbox, trail: Trail) -> None:
    browser, elsewhere = signed_in(app, insider), signed_in(app, insider)
    new = "een groene fiets in de zon"
    with clock.at(MORNING):
        page = browser.submit(browser.get(BINDING), "Opslaan", 422, current="fout wachtwoord", password=new, again=new)
        assert page.errors == ["Uw huidige wachtwoord klopt niet."]
        page = browser.submit(page, "Opslaan", 422, current=PASSWORD, password="ria relatie rijdt", again=new)
        assert page.errors == ["De twee wachtwoorden zijn niet gelijk. Typ ze opnieuw."]
        page = browser.submit(page, "Opslaan", current=PASSWORD, password=new, again=new)
        assert page.heading == "Mijn account"
        assert elsewhere.get("/account").heading == "Inloggen"
        insider.password = new
        other = Browser(app)
        page = other.submit(other.get("/inloggen/medewerker?verder=/account"), "Inloggen", **insider.answers)
        assert page.heading == "Mijn account"
    assert trail.names()[:2] == ["identity:password:refused", "identity:password:set"]
    assert mailbox.to(insider.account.email)[0].subject == "Uw wachtwoord is gewijzigd"


def test_who_has_no_password_cannot_change_it(browser: Browser, people: People) -> None:
    browser.sign_in(people.applicant()).get(BINDING, 404)


# ------------------------------------------------------------------------------------------- sessions


def test_one_sees_and_ends_own_sessions(app: Flask, people: People, session: Session, trail: Trail) -> None:
    account = people.applicant()
    here, there = Browser(app).sign_in(account), Browser(app).sign_in(account)
    page = here.get("/account")
    assert len(page.soup.select("main tbody tr")) == 2
    page = here.submit(page, "Uitloggen op onbekend")
    assert page.notices == ["U bent daar uitgelogd."]
    assert there.get("/account").heading == "Inloggen"
    assert here.get("/account").heading == "Mijn account"
    assert trail.facts("identity:session:revoked") == [{"count": 1}]


def test_one_signs_out_everywhere_else(app: Flask, people: People) -> None:
    account = people.applicant()
    here, *others = [Browser(app).sign_in(account) for _ in range(3)]
    here.submit(here.get("/account"), "Overal uitloggen, behalve hier")
    assert [other.get("/account").heading for other in others] == ["Inloggen", "Inloggen"]


@pytest.mark.parametrize("is_staff", [True, False])
def test_nobody_ends_a_session_of_another(app: Flask, people: People, is_staff: bool) -> None:
    me = people.staff(StaffRole.ADMINISTRATION) if is_staff else people.applicant()
    mine = Browser(app).sign_in(me)
    Browser(app).sign_in(me)
    other = Browser(app).sign_in(people.applicant())
    page = mine.get("/account")
    csrf = {"csrf_token": page.soup.select("input[name=csrf_token]")[0]["value"]}
    number = int(str(page.form("Uitloggen op onbekend")["action"]).split("/")[3])
    for candidate in range(number - 3, number + 5):
        if candidate not in {number, number - 1}:
            mine.post(f"/account/sessies/{candidate}/beeindigen", csrf, expect=404)
    assert other.get("/account").heading == "Mijn account"


def test_staff_without_a_role_arrive_at_the_own_account(browser: Browser, people: People) -> None:
    assert browser.sign_in(people.staff()).get("/inloggen").heading == "Mijn account"


def test_a_participant_with_a_phone_is_asked_the_code_again(app: Flask, people: People, session: Session) -> None:
    account, phone = people.applicant(), Phone()
    give_phone(account, phone)
    session.commit()
    with clock.at(MORNING):
        browser = Browser(app).sign_in(account)
    with clock.at(LATER):
        page = browser.get("/account/tweede-stap?verder=https://boef.invalid")
        page = browser.submit(page, "Bevestigen", code=phone.code())
        assert page.heading == "Mijn account"
