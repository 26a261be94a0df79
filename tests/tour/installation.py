"""The demonstration as a user starts it, with a small part of its example data: web server, worker, own database."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from app import create_app
from billing.services import issue_annual_invoice
from catalogue.queries import modules_for_role
from core import clock
from core import db as database
from core.audit import SYSTEM, VISITOR
from core.config import Settings
from core.db import db, scoped, session, transaction
from demo import journeys, load
from demo.fictional import creditors
from demo.reference import load_registers, load_rules
from identity.kinds import AccountKind, ParticipantRole, StaffRole
from identity.queries import account_by_email
from identity.services import actor_of, create_account
from identity.staff.services import request_role_change
from onboarding.agreements.review.services import ask, share
from onboarding.applications.services import register_interest
from onboarding.models import Application, ShareLink
from onboarding.take_over.services import Existing, take_over
from participants.kinds import Channel
from participants.models import Organisation
from participants.queries import participant
from participants.services import represent, set_invoice_details
from tests.conftest import settings_for
from tests.database import Databases

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60
"""Seconds for web server and worker to be ready."""


@dataclass(frozen=True)
class Installation:
    """Where it runs, and what there is to look at."""

    app: Flask
    url: str
    participants: Mapping[str, int]
    """By how far they are: "draft" is missing, because a draft has no participant yet."""
    applications: Mapping[str, str]
    """Numbers, by how far they are."""
    people: Mapping[str, str]
    """Mail addresses of the people of the participant that is live, by role; and of who applies."""
    share_token: str
    """Of a link to read along with the agreement."""
    municipality: int
    """A participant that was connected before this administration."""
    invoices: tuple[str, ...]
    """Numbers of its invoices, which are to be paid."""


@contextmanager
def running(databases: Databases, folder: Path) -> Iterator[Installation]:
    """Load the data, start web server and worker, and stop them afterwards."""
    url = f"http://127.0.0.1:{_free_port()}"
    with ExitStack() as stack:
        addresses = stack.enter_context(databases.copy())
        settings = replace(settings_for(addresses.app, folder, mode="demo"), base_url=url, secret_key="tour " * 8)
        app = create_app(settings)
        with app.app_context(), scoped(database.JOB):
            made = _example(app, url)
            db.session.remove()
            db.engine.dispose()
        environment = _environment(settings)
        for program in (_web_server(url), _worker()):
            stack.enter_context(_started(program, environment, folder / "uitvoer.log"))
        _wait_until_ready(url, folder / "uitvoer.log")
        yield made


# ------------------------------------------------------------------------------------------- example data

REACHED: tuple[tuple[str, int, str | None, int], ...] = (
    ("draft", journeys.DRAFT, None, 5),
    ("submitted", journeys.SUBMITTED, None, 5),
    ("refused", journeys.SUBMITTED, "refused", 5),
    ("accepted", journeys.ACCEPTED, None, 5),
    ("authority", journeys.AUTHORITY, None, -20),
    ("signed", journeys.SIGNED, None, -5),
    ("ready", journeys.READY, None, -12),
    ("live", journeys.LIVE, None, -30),
    ("suspended", journeys.LIVE, "suspended", -130),
    ("ended", journeys.LIVE, "ended", -210),
)
"""Name, how far, how it ended, and days from today to the day of connection."""


def _example(app: Flask, url: str) -> Installation:
    load_rules()
    load_registers()
    colleagues = load.staff()
    made = {
        name: journeys.Journey(who, who.units[0], [], clock.today() + timedelta(days=days), reach, ending, colleagues)
        for who, (name, reach, ending, days) in zip(creditors(), REACHED, strict=False)
    }
    for happening in sorted(one for journey in made.values() for one in journey.happenings(clock.today())):
        with clock.at(happening.moment), transaction():
            happening.act()
    live = made["live"]
    with transaction():
        share_token = _extras(made["accepted"].participant_id)
        _colleagues_of(live.participant_id, live.who.domain)
        municipality, invoices = _connected_municipality()
    with transaction():
        numbers = {name: session().get_one(Application, one.application_id).number for name, one in made.items()}
    return Installation(
        app=app,
        url=url,
        participants={name: one.participant_id for name, one in made.items() if one.participant_id},
        applications=numbers,
        people={
            "applicant": made["draft"].applicant,
            "representative": live.signatory,
            "account_administrator": live.applicant,
            "financial": f"financieel@{live.who.domain}",
            "employee": f"medewerker@{live.who.domain}",
        },
        share_token=share_token,
        municipality=municipality,
        invoices=invoices,
    )


def _extras(participant_id: int) -> str:
    """Something that waits for a second person, interest from outside, and a lawyer who reads along with a question."""
    asks, other = account_by_email("applicatie.a@voorbeeld.invalid"), account_by_email("bestuur@voorbeeld.invalid")
    assert asks
    assert other
    request_role_change(other, StaffRole.AUDITOR, actor_of(asks), grant=True, reason="Voorbeeld van een verzoek.")
    register_interest("Woonstichting Voorbeeldrand", "Medewerker", "info@rand.invalid", "Wat kost het ons?", VISITOR)
    token = share(participant(participant_id), SYSTEM)
    link = session().execute(select(ShareLink)).scalar_one()
    ask(link, "Jurist (voorbeeld)", "Geldt dit ook voor onze deurwaarder?", email="jurist@voorbeeld.invalid")
    return token


def _colleagues_of(participant_id: int, domain: str) -> None:
    for role in (ParticipantRole.FINANCIAL, ParticipantRole.EMPLOYEE):
        name = role.label.lower().split()[0]
        account = create_account(AccountKind.PARTICIPANT, f"{name}@{domain}", f"{role.label} (voorbeeld)")
        represent(SYSTEM, account.id, participant_id, role, clock.today())


def _connected_municipality() -> tuple[int, tuple[str, ...]]:
    """Urk: connected since before the zero tariff. Its number, and those of its invoices."""
    organisation = (
        session().execute(select(Organisation).where(Organisation.municipality_code == "GM0184")).scalar_one()
    )
    modules = tuple(offer.code for offer in modules_for_role("shv_phase_2"))
    existing = Existing(
        organisation.id, "shv_phase_2", date(2022, 7, 1), Channel.SYSTEM, modules, "het oude dossier (voorbeeld)"
    )
    found = take_over(SYSTEM, existing)
    set_invoice_details(
        SYSTEM, found, street="Postbus 77", postal_code="8320 AB", city="Urk", email="facturen@urk.invalid"
    )
    session().flush()
    return found.id, tuple(issue_annual_invoice(found, year, SYSTEM).number for year in (2025, 2026))


# ------------------------------------------------------------------------------------------- programs


def _environment(settings: Settings) -> dict[str, str]:
    ours = {
        "MODE": settings.mode,
        "BASE_URL": settings.base_url,
        "DATABASE_URL": settings.database_url,
        "DATA_DIR": str(settings.data_dir),
        "FILES_URL": settings.files_url,
        "SECRET_KEY": settings.secret_key,
    }
    strange = ("FLASK_", "GUNICORN_", "SMTP_", "MAIL_", "TRUSTED_", "OWNER_", "WORKER_", "COV")
    return {name: value for name, value in os.environ.items() if not name.startswith(strange)} | ours


def _web_server(url: str) -> list[str]:
    address = url.removeprefix("http://")
    arguments = [f"--bind={address}", "--worker-class=gthread", "--threads=8", "--no-control-socket"]
    return [sys.executable, "-m", "gunicorn", "app:create_app()", *arguments]


def _worker() -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "app", "jobs", "work"]


@contextmanager
def _started(program: list[str], environment: dict[str, str], log: Path) -> Iterator[None]:
    with log.open("ab") as output:
        process = subprocess.Popen(
            program, cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_until_ready(url: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/gereed", timeout=5):  # noqa: S310  our own address
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"the application is not ready:\n{log.read_text(errors='replace')[-3000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
