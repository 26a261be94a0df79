"""New staff set password and second factor in one go; until then the account opens nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from core import clock
from core.audit import SYSTEM
from identity.models import Account
from identity.staff import services
from tests.browser import Browser, Page
from tests.identity.conftest import MORNING, PASSWORD, Mailbox, Phone, Trail

EMAIL = "nieuw@voorbeeld.invalid"


@pytest.fixture
def path(session: Session) -> str:
    """The path of a set-up link."""
    with clock.at(MORNING):
        _, url = services.create_staff_account(EMAIL, "Nel Nieuw", SYSTEM)
        session.commit()
    return url.removeprefix("http://localhost")


def phone_of(page: Page) -> Phone:
    """What an app holds after the key was typed over."""
    return Phone(page.soup.select("code.reference")[0].get_text().replace(" ", ""))


def fill(browser: Browser, page: Page, expect: int = 200, **answers: str) -> Page:
    given = {"password": PASSWORD, "again": PASSWORD, "code": phone_of(page).code()}
    return browser.submit(page, "Instellen en inloggen", expect, **{**given, **answers})


def test_after_set_up_one_is_signed_in_and_can_sign_in_again(
    browser: Browser, app: Flask, path: str, mailbox: Mailbox, trail: Trail
) -> None:
    with clock.at(MORNING):
        page = browser.get(path)
        assert page.heading == "Stel uw toegang in"
        assert page.soup.select_one("img.qr-code")["src"].startswith("data:image/svg+xml")  # type: ignore[index, union-attr]
        phone = phone_of(page)
        page = fill(browser, page)
        assert page.heading == "Mijn account"
        assert page.notices == ["Uw toegang is ingesteld. U hebt de app nodig bij elke keer dat u inlogt."]
    with clock.at(MORNING + timedelta(minutes=1)):
        other = Browser(app)
        door = other.get("/inloggen/medewerker?verder=/account")
        answers = {"email": EMAIL, "password": PASSWORD, "code": phone.code()}
        assert other.submit(door, "Inloggen", 200, **answers).heading == "Mijn account"
    assert [mail.subject for mail in mailbox.to(EMAIL)] == ["Uw tweede stap is ingesteld"]
    assert trail.names() == [
        "identity:account:created",
        "identity:password:set",
        "identity:second_factor:set",
        "identity:session:started",
        "identity:session:started",
    ]


def test_the_secret_is_stored_encrypted_and_not_kept_in_the_page_in_the_clear(
    browser: Browser, path: str, session: Session
) -> None:
    with clock.at(MORNING):
        page = browser.get(path)
        secret = phone_of(page).secret
        sealed = str(page.soup.select("input[name=sealed]")[0]["value"])
        assert secret not in sealed
        fill(browser, page)
    stored = session.query(Account).filter_by(email=EMAIL).one().totp_secret
    assert stored
    assert secret not in stored


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        ({"password": "kort", "again": "kort"}, ["Kies een wachtwoord van ten minste 12 tekens."]),
        ({"again": "iets heel anders"}, ["De twee wachtwoorden zijn niet gelijk."]),
        ({"code": "abc"}, ["Deze code klopt niet."]),
        ({"sealed": "zelf bedacht"}, ["Deze pagina stond te lang open."]),
        ({"sealed": ""}, ["De QR-code ontbreekt."]),
        ({"password": "x" * 5000, "again": "x" * 5000}, ["Een wachtwoord mag hoogstens 200 tekens hebben."]),
    ],
)
def test_a_mistake_keeps_the_link_and_the_key(
    browser: Browser, path: str, answers: dict[str, str], errors: list[str]
) -> None:
    with clock.at(MORNING):
        page = browser.get(path)
        key = phone_of(page).secret
        page = fill(browser, page, 422, **answers)
        for error, shown in zip(errors, page.errors, strict=False):
            assert shown.startswith(error)
        assert (phone_of(page).secret == key) is ("sealed" not in answers)
        assert fill(browser, page).heading == "Mijn account"


def test_the_key_offered_to_one_does_not_fit_another(browser: Browser, path: str, session: Session) -> None:
    with clock.at(MORNING):
        _, url = services.create_staff_account("ander@voorbeeld.invalid", "An Ander", SYSTEM)
        session.commit()
        other = browser.get(url.removeprefix("http://localhost"))
        sealed = str(other.soup.select("input[name=sealed]")[0]["value"])
        page = fill(browser, browser.get(path), 422, sealed=sealed, code=phone_of(other).code())
    assert page.errors == ["Deze pagina stond te lang open. Scan de nieuwe QR-code hieronder."]


def test_the_link_works_for_two_days_and_once(browser: Browser, app: Flask, path: str) -> None:
    with clock.at(MORNING + timedelta(hours=49)):
        page = browser.get(path, 410)
        assert "Deze link is verlopen." in page.text
        assert "Vraag een collega om een nieuwe link." in page.text
    with clock.at(MORNING + timedelta(hours=47)):
        fill(browser, browser.get(path))
        assert "al gebruikt" in Browser(app).get(path, 410).text


def test_before_set_up_the_account_opens_nothing(browser: Browser, path: str) -> None:
    page = browser.get("/inloggen/medewerker")
    browser.submit(page, "Inloggen", 422, email=EMAIL, password=PASSWORD, code="123456")
