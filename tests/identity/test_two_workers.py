"""What must hold when several workers serve at once: real commits, own connections, no shared memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event
from time import sleep

import pytest
from flask import Flask

from app import create_app
from core import clock
from core import db as database
from core.db import Scope, db, scoped, session, transaction
from core.errors import UserError
from identity import passwords, second_factor, services
from identity.kinds import AccountKind, LinkPurpose, StaffRole
from identity.models import Account
from identity.queries import account_by_email
from identity.staff.services import disable_account
from tests.browser import Browser
from tests.conftest import settings_for
from tests.database import Databases
from tests.identity.conftest import MORNING, PASSWORD, Phone

STAFF, APPLICANT = "medewerker@voorbeeld.invalid", "aanmelder@deelnemer.invalid"


@pytest.fixture
def workers(databases: Databases, tmp_path: Path) -> Iterator[tuple[Flask, Flask]]:
    """Two applications on one database, each with its own connections."""
    with databases.copy() as urls:
        made = create_app(settings_for(urls.app, tmp_path)), create_app(settings_for(urls.app, tmp_path))
        yield made
        for app in made:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()


def prepare(app: Flask, phone: Phone) -> str:
    """An account of staff and one of an applicant; returns the secret of a link for the latter."""
    with app.app_context(), scoped(database.SIGN_IN), transaction():
        account = services.create_account(AccountKind.STAFF, STAFF, "Ria Relatie")
        account.password_hash = passwords.hash_password(PASSWORD)
        account.totp_secret = second_factor.encrypt(phone.secret)
        applicant = services.create_account(AccountKind.PARTICIPANT, APPLICANT, "Anna Aanmelder")
        return services.create_link(
            LinkPurpose.SIGN_IN, target="/account", valid_for=timedelta(hours=1), account_id=applicant.id
        )


def overlapping(
    workers: tuple[Flask, Flask],
    first: Callable[[], object],
    second: Callable[[], object],
    *,
    scope: Scope = database.SIGN_IN,
) -> list[bool]:
    """One worker does something and the other begins before that is committed; which of them it was granted."""
    done = Event()

    def one(app: Flask, act: Callable[[], object], *, leads: bool) -> bool:
        with app.app_context(), scoped(scope):
            try:
                with transaction():
                    if not leads:
                        done.wait(10)
                    act()
                    if leads:
                        done.set()
                        sleep(0.3)  # the other has looked by now, and waits for us
            except UserError:
                return False
            finally:
                db.session.remove()
            return True

    with ThreadPoolExecutor(2) as pool:
        leading = pool.submit(one, workers[0], first, leads=True)
        following = pool.submit(one, workers[1], second, leads=False)
        return [leading.result(), following.result()]


def test_the_limit_counts_the_tries_at_both_workers_together(workers: tuple[Flask, Flask]) -> None:
    phone = Phone()
    prepare(workers[0], phone)
    with clock.at(MORNING):
        browsers = [Browser(app) for app in workers]
        for number in range(10):
            browser = browsers[number % 2]
            page = browser.get("/inloggen/medewerker")
            browser.submit(page, "Inloggen", 422, email=STAFF, password="iets heel anders", code="123456")
        for browser in browsers:
            page = browser.get("/inloggen/medewerker")
            page = browser.submit(page, "Inloggen", 429, email=STAFF, password=PASSWORD, code=phone.code())
            assert page.heading == "U hebt dit te vaak geprobeerd"


def test_of_two_openings_of_one_link_one_signs_in(workers: tuple[Flask, Flask]) -> None:
    token = prepare(workers[0], Phone())

    def act() -> object:
        return services.sign_in_by_link(token, None)

    assert overlapping(workers, act, act) == [True, False]


def test_of_two_sendings_of_one_code_one_is_accepted(workers: tuple[Flask, Flask]) -> None:
    phone = Phone()
    prepare(workers[0], phone)

    def act() -> object:
        return services.prove_by_password(STAFF, PASSWORD, phone.code(MORNING))

    with clock.at(MORNING):
        assert overlapping(workers, act, act) == [True, False]


def test_two_first_mails_to_one_address_make_one_account(workers: tuple[Flask, Flask]) -> None:
    def act() -> object:
        return services.sign_in_link_for("nieuw@deelnemer.invalid", "/account")

    assert overlapping(workers, act, act) == [True, True]
    with workers[0].app_context(), scoped(database.SIGN_IN):
        assert session().query(Account).filter_by(email="nieuw@deelnemer.invalid").count() == 1


def test_two_administrators_do_not_disable_each_other_at_once(workers: tuple[Flask, Flask]) -> None:
    emails = ("ada@voorbeeld.invalid", "bob@voorbeeld.invalid")
    with workers[0].app_context(), scoped(database.JOB), transaction():
        for email in emails:
            account = services.create_account(AccountKind.STAFF, email, email)
            services.grant_role(account, StaffRole.ADMINISTRATION, starts_on=MORNING.date())

    def disable(who: str, by: str) -> Callable[[], object]:
        def act() -> None:
            account, maker = account_by_email(who), account_by_email(by)
            assert account is not None
            assert maker is not None
            disable_account(account, services.actor_of(maker), "Uit dienst.")

        return act

    with clock.at(MORNING):
        granted = overlapping(workers, disable(*emails), disable(*emails[::-1]), scope=database.JOB)
    assert granted == [True, False]


def test_a_session_ended_at_one_worker_is_refused_by_the_other(workers: tuple[Flask, Flask]) -> None:
    token = prepare(workers[0], Phone())
    first, second = Browser(workers[0]), Browser(workers[1])
    first.submit(first.get(f"/link/{token}"), "Log in")
    cookie = first.client.get_cookie("sessie")
    assert cookie is not None
    second.client.set_cookie("sessie", cookie.value)
    page = second.get("/account")
    assert page.heading == "Mijn account"
    csrf = str(page.soup.select("input[name=csrf_token]")[0]["value"])
    second.post("/uitloggen", {"csrf_token": csrf})
    assert first.get("/account").heading == "Inloggen"
