"""A session stands on the server: a new one at every sign-in, and what has ended stays ended."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import create_app
from core import clock
from core import db as database
from core.config import Settings
from core.db import scoped
from identity import queries, services
from identity.kinds import LinkPurpose, SignInMeans, StaffRole
from identity.queries import hash_of
from identity.session_cookie import remember
from tests.browser import Browser
from tests.identity.conftest import MORNING, Insider, Phone, Trail, give_phone
from tests.people import People

HTTPS = Settings(
    mode="test",
    database_url="postgresql+psycopg://nobody@127.0.0.1/none",
    secret_key="another secret that is only good for tests",
    base_url="https://beheer.voorbeeld.invalid",
    data_dir=Path("/nonexistent"),
    files_url="/nonexistent",
    smtp_url=None,
    mail_from="Schuldenknooppunt <noreply@knooppuntbeheer.invalid>",
    trusted_proxies=0,
    worker_expected=False,
)


def sign_in(browser: Browser, insider: Insider) -> str:
    browser.submit(browser.get("/inloggen/medewerker?verder=/account"), "Inloggen", **insider.answers)
    return cookie_of(browser)


def cookie_of(browser: Browser) -> str:
    cookie = browser.client.get_cookie("sessie")
    assert cookie is not None
    return cookie.value


def with_cookie(app: Flask, token: str) -> Browser:
    """Another browser that sends this cookie along."""
    browser = Browser(app)
    browser.client.set_cookie("sessie", token)
    return browser


def test_the_cookie_is_hidden_from_scripts_and_has_no_end_date(browser: Browser, insider: Insider) -> None:
    page = browser.get("/inloggen/medewerker?verder=/account")
    answers = {**insider.answers, "csrf_token": str(page.soup.select("input[name=csrf_token]")[0]["value"])}
    answer = browser.client.post("/inloggen/medewerker", data=answers)
    [cookie] = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("sessie=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Expires" not in cookie
    assert "Max-Age" not in cookie


def test_over_https_the_cookie_is_bound_to_this_host() -> None:
    app = create_app(HTTPS)
    with app.test_request_context():
        response = app.make_response("")
        remember(response, "geheim")
        [cookie] = response.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-sessie=geheim; Secure; HttpOnly; Path=/; SameSite=Lax")
    assert "Domain" not in cookie


def test_only_a_hash_of_the_cookie_is_stored(browser: Browser, insider: Insider) -> None:
    token = sign_in(browser, insider)
    row = queries.session_of(token)
    assert row is not None
    assert row.token_hash == hash_of(token) != token
    assert row.device == "Onbekende browser"


def test_a_session_planted_before_signing_in_is_not_used(app: Flask, insider: Insider) -> None:
    planted = "gekozen-door-een-ander"
    victim = with_cookie(app, planted)
    token = sign_in(victim, insider)
    assert token != planted
    assert with_cookie(app, planted).get("/account").heading == "Inloggen"


def test_the_session_of_an_attacker_ends_when_the_victim_signs_in_over_it(
    app: Flask, people: People, insider: Insider, session: Session
) -> None:
    attacker = Browser(app).sign_in(people.applicant())
    planted = cookie_of(attacker)
    victim = with_cookie(app, planted)
    page = victim.get("/inloggen/medewerker")  # signed in as the attacker: led on
    assert page.response.request.path != "/inloggen/medewerker"
    with scoped(database.SIGN_IN):
        services.sign_in(insider.account, SignInMeans.PASSWORD, verified=True, device="", instead_of=planted)
        session.commit()
    assert attacker.get("/account").heading == "Inloggen"


def test_the_form_cookie_is_emptied_at_sign_in(browser: Browser, insider: Insider) -> None:
    page = browser.get("/inloggen/medewerker")
    before = page.soup.select("input[name=csrf_token]")[0]["value"]
    sign_in(browser, insider)
    assert browser.client.post("/uitloggen", data={"csrf_token": before}).status_code == 400
    with browser.client.session_transaction() as held:
        assert set(held) <= {"csrf_token", "_flashes"}


def test_after_signing_out_the_old_cookie_is_refused(
    browser: Browser, app: Flask, insider: Insider, trail: Trail
) -> None:
    token = sign_in(browser, insider)
    page = browser.get("/account")
    csrf = str(page.soup.select("form.account__sign-out input[name=csrf_token]")[0]["value"])
    page = browser.post("/uitloggen", {"csrf_token": csrf})
    assert page.heading == "Inloggen"
    assert "U bent uitgelogd." in page.notices
    assert browser.client.get_cookie("sessie") is None
    assert with_cookie(app, token).get("/account").heading == "Inloggen"
    assert trail.names()[-1] == "identity:session:ended"


def test_signing_out_needs_a_form_of_ours(browser: Browser, insider: Insider) -> None:
    sign_in(browser, insider)
    browser.post("/uitloggen", {}, expect=400)
    assert browser.get("/account").heading == "Mijn account"
    browser.get("/uitloggen", 405)


def test_signing_out_without_being_signed_in_is_harmless(browser: Browser) -> None:
    csrf = browser.get("/inloggen").soup.select("input[name=csrf_token]")[0]["value"]
    assert browser.post("/uitloggen", {"csrf_token": csrf}).heading == "Inloggen"


def test_after_half_an_hour_of_silence_one_signs_in_again_and_goes_on(browser: Browser, people: People) -> None:
    with clock.at(MORNING):
        browser.sign_in(people.staff(StaffRole.ADMINISTRATION))
    for minutes in (25, 50, 75):
        with clock.at(MORNING + timedelta(minutes=minutes)):
            assert browser.get("/account").heading == "Mijn account"
    with clock.at(MORNING + timedelta(minutes=106)):
        page = browser.get("/account")
        assert page.heading == "Inloggen"
        assert "een half uur niets deed" in page.text


def test_after_eight_hours_the_day_is_over(browser: Browser, people: People) -> None:
    with clock.at(MORNING):
        browser.sign_in(people.staff(StaffRole.ADMINISTRATION))
    for quarters in range(1, 33):
        with clock.at(MORNING + timedelta(minutes=15 * quarters)):
            assert browser.get("/account").heading == "Mijn account"
    with clock.at(MORNING + timedelta(hours=8, minutes=1)):
        assert browser.get("/account").heading == "Inloggen"


def test_staff_see_nothing_before_the_second_factor(browser: Browser, people: People) -> None:
    browser.sign_in(people.staff(StaffRole.ADMINISTRATION), verified=False)
    for path in ("/beheer/", "/beheer/medewerkers", "/account"):
        assert browser.get(path).heading.startswith("Inloggen")


def test_a_participant_with_a_second_factor_sees_nothing_before_it(
    browser: Browser, people: People, session: Session
) -> None:
    account = people.applicant()
    browser.sign_in(account, verified=False)
    assert browser.get("/account").heading == "Mijn account"
    give_phone(account, Phone())
    session.commit()
    assert browser.get("/account").heading == "Inloggen"


def test_disabling_counts_at_once(browser: Browser, people: People, session: Session) -> None:
    account = people.applicant()
    browser.sign_in(account)
    account.disabled_at = clock.now()
    session.commit()
    assert browser.get("/account").heading == "Inloggen"


@pytest.mark.parametrize("token", ["", "x" * 3000, "é", "\x00"])
def test_a_strange_cookie_is_nobody(browser: Browser, token: str) -> None:
    browser.client.set_cookie("sessie", token)
    assert browser.get("/account").heading == "Inloggen"


def test_old_sessions_and_links_are_cleared_away(people: People, session: Session) -> None:
    account = people.applicant()
    with clock.at(MORNING), scoped(database.SIGN_IN):
        services.start_session(account, verified=True)
        services.link_to(account, LinkPurpose.SIGN_IN, "/account")
    with clock.at(MORNING + timedelta(days=40)), scoped(database.SIGN_IN):
        services.start_session(account, verified=True)
        assert services.forget_old() == 2
        assert services.forget_old() == 0
