"""Personas and mailbox exist in the demonstration, and nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from core import clock
from core import db as database
from identity.kinds import StaffRole
from identity.models import Account
from tests.browser import Browser
from tests.conftest import settings_for
from tests.database import Databases
from tests.people import People

ROOT = Path(__file__).parent.parent.parent
ADDRESSES = ("/demo/", "/demo/postvak", "/demo/postvak/1", "/demo/postvak/1/0", "/demo/inloggen")
IN_A_PROCESS_OF_ITS_OWN = """
import sys
from app import create_app
made = create_app()
print(sorted(name for name in sys.modules if name.split(".")[0] == "demo"))
print(sorted(rule.rule for rule in made.url_map.iter_rules() if rule.rule.startswith("/demo")))
print("demo" in made.cli.commands)
"""


@pytest.mark.parametrize("address", ADDRESSES)
def test_outside_the_demonstration_the_addresses_do_not_exist(browser: Browser, address: str) -> None:
    browser.get(address, 404)
    browser.post(address, {"email": "relatie.a@voorbeeld.invalid"}, expect=404)


def started(mode: str, folder: Path) -> list[str]:
    """What a fresh process that starts the application in a mode prints."""
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "MODE": mode,
        "BASE_URL": "https://beheer.voorbeeld.invalid" if mode == "production" else "http://127.0.0.1:8000",
        "DATABASE_URL": "postgresql+psycopg://iemand:iets@127.0.0.1:1/nergens",
        "SECRET_KEY": "een geheim van meer dan tweeendertig tekens, alleen hier",
        "DATA_DIR": str(folder),
        "SMTP_URL": "smtp://mail.voorbeeld.invalid:25" if mode == "production" else "",
    }
    answer = subprocess.run(
        [sys.executable, "-c", IN_A_PROCESS_OF_ITS_OWN],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert answer.returncode == 0, answer.stderr[-2000:]
    return answer.stdout.splitlines()


@pytest.mark.parametrize("mode", ["production", "test"])
def test_outside_the_demonstration_nothing_of_it_is_imported(mode: str, tmp_path: Path) -> None:
    assert started(mode, tmp_path) == ["[]", "[]", "False"]


def test_in_the_demonstration_it_is_there(tmp_path: Path) -> None:
    modules, addresses, has_command = started("demo", tmp_path)
    assert "demo.views" in modules
    assert "'/demo/'" in addresses
    assert has_command == "True"


# ------------------------------------------------------------------------------------------- in the demonstration


@pytest.fixture
def demonstration(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    with databases.copy() as urls:
        made = create_app(settings_for(urls.app, tmp_path, mode="demo"))
        with made.app_context(), database.scoped(database.JOB):
            yield made
            database.db.session.remove()
            database.db.engine.dispose()


def made_up(people: People, email: str, *roles: StaffRole) -> Account:
    account = people.staff(*roles, name="Iemand")
    account.email = email
    people.session.commit()
    return account


def test_a_persona_signs_in_with_one_click_and_a_real_address_does_not(demonstration: Flask) -> None:
    people = People(database.session())
    made_up(people, "relatie.a@voorbeeld.invalid", StaffRole.RELATIONS)
    real = ("iemand@gemeente.nl", "iemand@voorbeeld.invalid.nl", "iemand@invalid", "@.invalid.example")
    for email in real:
        made_up(people, email, StaffRole.ADMINISTRATION)
    browser = Browser(demonstration)
    page = browser.get("/demo/")
    assert "VOORBEELD" in page.text.upper()
    for email in (*real, "bestaat.niet@voorbeeld.invalid", ""):
        browser.submit(page, "Inloggen als Relatiebeheer A (voorbeeld)", expect=404, email=email)
        assert browser.get("/beheer/").heading != "Mijn werk"
    signed_in = browser.submit(browser.get("/demo/"), "Inloggen als Relatiebeheer A (voorbeeld)")
    assert signed_in.heading == "Mijn werk"
    assert "U bent ingelogd als Iemand." in signed_in.text


def test_a_persona_that_is_disabled_does_not_sign_in(demonstration: Flask) -> None:
    people = People(database.session())
    account = made_up(people, "relatie.a@voorbeeld.invalid", StaffRole.RELATIONS)
    account.disabled_at = clock.now()
    people.session.commit()
    browser = Browser(demonstration)
    browser.submit(browser.get("/demo/"), "Inloggen als Relatiebeheer A (voorbeeld)", expect=404)


def test_signing_in_as_a_persona_asks_for_the_token_of_the_form(demonstration: Flask) -> None:
    made_up(People(database.session()), "relatie.a@voorbeeld.invalid", StaffRole.RELATIONS)
    Browser(demonstration).post("/demo/inloggen", {"email": "relatie.a@voorbeeld.invalid"}, expect=400)
