"""The first administrators, and help from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from core import clock
from identity.kinds import StaffRole
from identity.models import Account
from identity.queries import account_by_email, roles_of
from tests.browser import Browser
from tests.identity.conftest import Insider, Mailbox, Phone, Trail, give_phone
from tests.people import People

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, session: Session) -> Run:
    def call(*arguments: str, typed: str | None = None) -> Result:
        return app.test_cli_runner().invoke(args=["identity", *arguments], input=typed)

    return call


def create(run: Run, email: str, *more: str) -> Result:
    return run("create-administrator", "--email", email, "--name", "Ada Applicatie", *more)


def account(email: str) -> Account:
    found = account_by_email(email)
    assert found is not None
    return found


def test_the_first_two_are_administrators_and_the_third_needs_a_colleague(
    run: Run, browser: Browser, trail: Trail
) -> None:
    expected = {"een": [StaffRole.ADMINISTRATION], "twee": [StaffRole.ADMINISTRATION], "drie": []}
    for name, roles in expected.items():
        email = f"{name}@voorbeeld.invalid"
        answer = create(run, email.upper())
        assert answer.exit_code == 0, answer.output
        path = answer.output.rpartition("http://localhost")[2].strip()
        assert browser.get(path).heading == "Stel uw toegang in"
        assert roles_of(account(email).id, clock.today()) == roles
    assert trail.names().count("identity:role:granted") == 2


def test_what_is_not_given_is_asked(run: Run) -> None:
    answer = run("create-administrator", typed="een@voorbeeld.invalid\nAda Applicatie\n")
    assert answer.exit_code == 0
    assert account("een@voorbeeld.invalid").person.name == "Ada Applicatie"


def test_if_none_does_nothing_when_there_is_one(run: Run, people: People) -> None:
    people.staff(StaffRole.ADMINISTRATION)
    answer = create(run, "een@voorbeeld.invalid", "--if-none")
    assert (answer.exit_code, answer.output) == (0, "")
    assert account_by_email("een@voorbeeld.invalid") is None


@pytest.mark.parametrize("email", ["geen adres", "x" * 400, "\x07@voorbeeld.invalid"])
def test_bad_input_is_answered_with_2(run: Run, email: str) -> None:
    answer = create(run, email)
    assert answer.exit_code == 2
    assert "geen e-mailadres" in answer.output


def test_a_used_address_is_refused(run: Run, people: People) -> None:
    answer = create(run, people.applicant().email)
    assert answer.exit_code == 2
    assert "Er is al een account met dit e-mailadres." in answer.output


def test_access_can_be_renewed_without_a_colleague(run: Run, browser: Browser, insider: Insider) -> None:
    answer = run("renew-access", insider.account.email)
    assert answer.exit_code == 0
    assert browser.get(answer.output.rpartition("http://localhost")[2].strip()).heading == "Stel uw toegang in"
    assert insider.account.password_hash is None
    assert run("renew-access", "niemand@voorbeeld.invalid").exit_code == 2


def test_the_list_names_staff_and_roles(run: Run, insider: Insider, people: People) -> None:
    people.applicant()
    assert "Relatiebeheer" in run("list").output
    rows = json.loads(run("list", "--json").output)
    assert [(row["email"], row["roles"], row["state"]) for row in rows] == [
        (insider.account.email, ["Relatiebeheer"], "Actief")
    ]


def test_a_participant_who_lost_the_phone_can_sign_in_again(
    run: Run, browser: Browser, people: People, session: Session, mailbox: Mailbox
) -> None:
    account = people.applicant()
    assert run("remove-second-factor", account.email).exit_code == 2
    give_phone(account, Phone())
    session.commit()
    browser.sign_in(account)
    assert run("remove-second-factor", account.email).exit_code == 0
    assert account.totp_secret is None
    assert browser.get("/account").heading == "Inloggen"
    assert mailbox.to(account.email)[-1].subject == "Uw tweede stap is weggehaald"


def test_the_second_factor_of_staff_is_not_removed_but_set_anew(run: Run, insider: Insider) -> None:
    assert run("remove-second-factor", insider.account.email).exit_code == 2
    assert insider.account.totp_secret is not None
