"""Staff sign in with password and code together; whatever is wrong, the answer is the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from core import clock
from identity.services import NO_MATCH
from tests.browser import Browser, Page
from tests.identity.conftest import MORNING, Insider, Trail
from tests.people import People

DOOR = "/inloggen/medewerker?verder=/account"


def try_(browser: Browser, expect: int = 200, **answers: Any) -> Page:
    return browser.submit(browser.get(DOOR), "Inloggen", expect, **answers)


def test_password_and_code_open_the_door(browser: Browser, insider: Insider, trail: Trail) -> None:
    page = try_(browser, **insider.answers)
    assert page.heading == "Mijn account"
    assert "Ria Relatie" in page.text
    assert trail.facts("identity:session:started") == [{"means": "wachtwoord en code"}]


def test_without_asking_for_a_page_one_arrives_at_the_work(browser: Browser, insider: Insider) -> None:
    page = browser.submit(browser.get("/inloggen/medewerker"), "Inloggen", **insider.answers)
    assert page.response.request.path == "/beheer/"


@pytest.mark.parametrize("wrong", ["email", "password", "code"])
def test_the_answer_does_not_tell_what_was_wrong(browser: Browser, insider: Insider, trail: Trail, wrong: str) -> None:
    bad = {"email": "niemand@voorbeeld.invalid", "password": "iets heel anders", "code": insider.phone.wrong_code()}
    page = try_(browser, 422, **{**insider.answers, wrong: bad[wrong]})
    assert page.errors == [NO_MATCH]
    reasons = {
        "email": "het adres is niet bekend",
        "password": "het wachtwoord klopte niet",
        "code": "de code klopte niet",
    }
    assert trail.facts("identity:session:refused") == [{"why": reasons[wrong]}]
    assert browser.client.get_cookie("sessie") is None


def test_a_wrong_password_does_not_use_up_the_code(browser: Browser, insider: Insider) -> None:
    try_(browser, 422, **{**insider.answers, "password": "iets heel anders"})
    assert try_(browser, **insider.answers).heading == "Mijn account"


def test_a_code_works_once(browser: Browser, app: Flask, insider: Insider, trail: Trail) -> None:
    with clock.at(MORNING):
        try_(browser, **insider.answers)
        answers = insider.answers
    with clock.at(MORNING + timedelta(seconds=20)):
        page = try_(Browser(app), 422, **answers)
    assert page.errors == [NO_MATCH]
    assert trail.facts("identity:session:refused") == [{"why": "de code was al gebruikt"}]


def test_a_code_of_the_step_before_works_for_a_slow_typist_and_not_after_a_newer_one(
    browser: Browser, app: Flask, insider: Insider
) -> None:
    with clock.at(MORNING):
        before = insider.answers
    with clock.at(MORNING + timedelta(seconds=30)):
        now = insider.answers
        try_(browser, **now)
        try_(Browser(app), 422, **before)
    with clock.at(MORNING + timedelta(seconds=90)):
        try_(Browser(app), 422, **now)


def test_empty_fields_are_named(browser: Browser) -> None:
    page = try_(browser, 422)
    assert page.errors == [
        "Vul een e-mailadres in.",
        "Vul uw wachtwoord in.",
        "Vul de zes cijfers in die uw app nu laat zien.",
    ]


@pytest.mark.parametrize("nonsense", ["\x00", "ééééé", "' OR 1=1 --", "１２３４５６", "9" * 5000])
def test_nonsense_is_refused_without_a_crash(browser: Browser, insider: Insider, nonsense: str) -> None:
    for name in ("email", "password", "code"):
        try_(browser, 422, **{**insider.answers, name: nonsense})


def test_a_disabled_account_does_not_open(browser: Browser, insider: Insider, session: Session, trail: Trail) -> None:
    insider.account.disabled_at = clock.now()
    session.commit()
    assert try_(browser, 422, **insider.answers).errors == [NO_MATCH]
    assert trail.facts("identity:session:refused") == [{"why": "het account is uitgeschakeld"}]


def test_without_a_second_factor_the_password_alone_is_not_enough(
    browser: Browser, insider: Insider, session: Session
) -> None:
    insider.account.totp_secret = None
    session.commit()
    try_(browser, 422, **insider.answers)


def test_a_participant_has_no_password_to_sign_in_with(browser: Browser, people: People) -> None:
    account = people.applicant()
    try_(browser, 422, email=account.email, password="een wachtwoord dat niet bestaat", code="123456")


def test_after_ten_tries_an_address_must_wait_known_or_not(browser: Browser, insider: Insider, trail: Trail) -> None:
    with clock.at(MORNING):
        for email in (insider.account.email, "niemand@voorbeeld.invalid"):
            answers = {**insider.answers, "password": "iets heel anders", "email": email}
            for _ in range(10):
                try_(browser, 422, **answers)
            for _ in range(3):
                assert "te vaak geprobeerd" in try_(browser, 429, **answers).text
        try_(browser, 429, **insider.answers)
    assert trail.facts("identity:session:limited") == [{"what": "wachtwoord of code"}] * 2
    with clock.at(MORNING + timedelta(minutes=16)):
        assert try_(browser, **insider.answers).heading == "Mijn account"
