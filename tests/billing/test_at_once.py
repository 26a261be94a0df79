"""Many issue at the same moment, and the owner of the database tries to change what was issued."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DBAPIError

from app import create_app
from billing import queries, services
from billing.models import Charge, Invoice, InvoiceSeries
from core import clock
from core import db as database
from core.audit import SYSTEM
from core.db import db, scoped, session, transaction
from core.embedded_postgres import Urls
from core.errors import Refused
from participants.models import Participant
from tests.billing.conftest import World, load_tariffs
from tests.conftest import settings_for
from tests.database import Databases

ON = date(2024, 3, 15)


class Interrupted(Exception):
    """Something goes wrong after the number was taken."""


@pytest.fixture
def urls(databases: Databases) -> Iterator[Urls]:
    with databases.copy() as made:
        yield made


@pytest.fixture
def real(urls: Urls, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database of its own, with real commits; the clock stands on 15 March 2024."""
    app = create_app(settings_for(urls.app, tmp_path))
    with clock.at(ON):
        yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def keys(real: Flask) -> list[int]:
    """Twelve municipalities that wait for their first invoice."""
    with real.app_context(), scoped(database.JOB):
        with transaction():
            load_tariffs()
        world = World(session())
        made = [world.municipality(70_361, name=f"Gemeente {letter}").id for letter in "ABCDEFGHIJKL"]
        db.session.remove()
        return made


def _issue(app: Flask, participant_id: int, *, fail: bool = False) -> str | None:
    with app.app_context(), scoped(database.JOB):
        try:
            with transaction():
                participant = session().get_one(Participant, participant_id)
                number = services.issue_first_invoice(participant, ON, SYSTEM).number
                if fail:
                    raise Interrupted
                return number
        except Interrupted:
            return None
        finally:
            db.session.remove()


def test_numbers_have_no_gap_and_no_duplicate_when_many_issue_at_once(real: Flask, keys: list[int]) -> None:
    work = [(key, attempt % 3 == 0) for attempt, key in enumerate(keys)] + [(key, False) for key in keys]
    with ThreadPoolExecutor(max_workers=6) as pool:
        numbers = list(pool.map(lambda case: _issue(real, case[0], fail=case[1]), work))
    with real.app_context(), scoped(database.JOB):
        issued = session().execute(select(Invoice).order_by(Invoice.series_number)).scalars().all()
        assert [invoice.number for invoice in issued] == [f"2024-{n:05}" for n in range(1, len(keys) + 1)]
        assert {number for number in numbers if number} == {invoice.number for invoice in issued}
        assert session().execute(select(InvoiceSeries.last_number)).scalar_one() == len(keys)
        assert len(session().execute(select(Charge)).scalars().all()) == 2 * len(keys)
        db.session.remove()


def test_an_invoice_is_credited_once_when_two_press_the_button(real: Flask, keys: list[int]) -> None:
    number = _issue(real, keys[0])

    def credit(_attempt: int) -> str:
        with real.app_context(), scoped(database.JOB):
            try:
                with transaction():
                    return services.credit_invoice(queries.invoice(number or ""), "Dubbel.", SYSTEM).number
            except Refused as refused:
                return refused.message
            finally:
                db.session.remove()

    with ThreadPoolExecutor(max_workers=4) as pool:
        answers = sorted(pool.map(credit, range(4)))
    assert answers[0] == "C2024-00001"
    assert set(answers[1:]) == {"Deze factuur is al gecrediteerd met creditnota C2024-00001."}


def test_the_owner_of_the_database_cannot_change_what_was_issued(real: Flask, keys: list[int], urls: Urls) -> None:
    _issue(real, keys[0])
    owner = create_engine(urls.owner)
    try:
        for statement in (
            "UPDATE invoices SET gross = 0, net = 0, vat = 0",
            "DELETE FROM invoices",
            "TRUNCATE invoices CASCADE",
            "UPDATE invoice_lines SET net = 0",
            "DELETE FROM invoice_lines",
            "UPDATE charges SET year = 2030",
            "DELETE FROM charges",
            "UPDATE invoice_series SET last_number = 0",
            "DELETE FROM invoice_series",
            "UPDATE tariff_rows SET annual_fee = 1",
            "DELETE FROM tariff_tables",
            "UPDATE decisions SET title = 'anders'",
            "UPDATE settings SET value = '0'",
            "UPDATE operators SET iban = 'NL91ABNA0417164300'",
            "DELETE FROM operators",
        ):
            with pytest.raises(DBAPIError, match=r"liggen vast|ligt vast|lopen alleen op"), owner.begin() as connection:
                connection.execute(text(statement))
    finally:
        owner.dispose()


def test_together_two_colleagues_take_back_no_more_than_there_is(real: Flask, keys: list[int]) -> None:
    number = _issue(real, keys[0]) or ""

    def credit(_attempt: int) -> str:
        with real.app_context(), scoped(database.JOB):
            try:
                with transaction():
                    return services.credit_invoice(queries.invoice(number), "Deel.", SYSTEM, {2: Decimal(1000)}).number
            except Refused as refused:
                return refused.message
            finally:
                db.session.remove()

    with ThreadPoolExecutor(max_workers=4) as pool:
        answers = sorted(pool.map(credit, range(4)))
    assert answers[:2] == ["C2024-00001", "C2024-00002"]
    assert all("Van regel 2 is nog" in answer for answer in answers[2:])
