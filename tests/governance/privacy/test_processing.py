"""The register of processing activities: versions, history, CSV and PDF."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pikepdf
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core import clock, csv_files
from core.audit import SYSTEM
from core.errors import Refused, UserError
from governance.privacy.kinds import DataRole
from governance.privacy.processing import queries, services
from governance.privacy.processing.rules import FIELDS, NAMES
from identity.kinds import StaffRole
from tests.browser import Browser
from tests.people import People

DATA = Path(__file__).parents[3] / "data"
LIST = "/beheer/privacy/verwerkingen"
VALUES = {name: f"Voorbeeld {name}" for name in NAMES}


@pytest.fixture
def register(session: Session) -> None:
    services.import_activities(csv_files.read(DATA / "verwerkingen.csv"), SYSTEM)
    session.commit()


def test_the_file_has_every_field_of_the_law(register: None) -> None:
    found = queries.activities_on(clock.today())
    assert {row.role for row in found} == set(DataRole)
    optional = {"representative"}
    assert all(getattr(row, name) for row in found for name in NAMES if name not in optional)
    assert all(row.to_confirm for row in found)
    assert "24 maanden" in queries.versions("logboek-knooppunt")[0].retention
    assert "52 AWR" in queries.versions("facturen")[0].retention


def test_reading_it_again_changes_nothing(register: None) -> None:
    assert services.import_activities(csv_files.read(DATA / "verwerkingen.csv"), SYSTEM) == 0


def test_a_file_that_is_wrong(session: Session) -> None:
    with pytest.raises(UserError, match="mist de kolommen"):
        services.import_activities([{"code": "x"}], SYSTEM)
    row = {"code": "x", "rol": "eigenaar", "bron": "", **{field.column: "" for field in FIELDS}}
    with pytest.raises(UserError, match="is geen rol"):
        services.import_activities([row], SYSTEM)


def test_a_new_version_leaves_the_earlier_ones(register: None) -> None:
    today = clock.today()
    given = VALUES | {"name": "Verzonden mail"}
    with pytest.raises(Refused, match="latere dag"):
        services.record_version(
            SYSTEM, "mail", DataRole.CONTROLLER, given, starts_on=date(2020, 1, 1), source="x", to_confirm=False
        )
    services.record_version(
        SYSTEM,
        "mail",
        DataRole.CONTROLLER,
        given,
        starts_on=today + timedelta(days=1),
        source="x",
        to_confirm=False,
        stopped=True,
    )
    assert [row.stopped for row in queries.versions("mail")] == [True, False]
    assert "mail" in {row.code for row in queries.activities_on(today)}
    assert "mail" not in {row.code for row in queries.activities_on(today + timedelta(days=1))}


@pytest.mark.parametrize("statement", ["UPDATE processing_activities SET purpose = ''", "DELETE FROM retention_terms"])
def test_the_register_is_append_only(session: Session, register: None, statement: str) -> None:
    with pytest.raises(DBAPIError, match=r"liggen vast|permission denied"):
        session.execute(text(statement))


# ------------------------------------------------------------------------------------------- pages


def test_from_an_empty_register_to_a_second_version(privacy: Browser) -> None:
    page = privacy.get(LIST)
    assert "flask privacy load" in page.text
    page = privacy.get(page.link("Verwerking toevoegen"))
    assert len(privacy.submit(page, "Vastleggen", expect=422).errors) > 5
    given = VALUES | {"name": "Nieuw", "source": "Voorbeeldbesluit", "role": "controller"}
    page = privacy.submit(page, "Vastleggen", 200, **given)
    page = privacy.get(page.link("Nieuw"))
    page = privacy.get(page.link("Nieuwe versie vastleggen"))
    later = clock.today() + timedelta(days=1)
    page = privacy.submit(
        page,
        "Vastleggen",
        purpose="Een ander doel",
        source="Een later besluit",
        starts_on=f"{later.day}-{later.month}-{later.year}",
    )
    assert "Een ander doel" in page.text
    assert "Voorbeeld purpose" in page.text


def test_it_can_be_taken_along_as_csv_and_pdf(privacy: Browser, register: None) -> None:
    content = privacy.client.get(f"{LIST}.csv").get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff")), delimiter=";"))
    assert len(rows) == len(queries.all_versions())
    assert {row["te_bevestigen"] for row in rows} == {"ja"}
    pdf = privacy.client.get("/beheer/privacy/verwerkingsregister.pdf")
    with pikepdf.open(io.BytesIO(pdf.data)) as document:
        assert bool(document.Root.MarkInfo.Marked)
        assert str(document.Root.Lang) == "nl"


def test_who_may_read_and_who_may_not(browser: Browser, people: People, register: None) -> None:
    browser.sign_in(people.staff(StaffRole.AUDITOR))
    browser.get(f"{LIST}/mail")
    browser.get(f"{LIST}/nieuw", expect=403)
    browser.get(f"{LIST}/bestaat-niet", expect=404)
    browser.sign_in(people.staff(StaffRole.RELATIONS)).get(f"{LIST}/mail", expect=403)


def load(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["privacy", "load", *arguments])


def test_the_command_tries_first_and_is_idempotent(app: Flask, session: Session) -> None:
    tried = load(app, "--dry-run")
    assert (tried.exit_code, tried.output.startswith("Proef, er is niets veranderd: 9 verwerkingen")) == (0, True)
    assert load(app).output.startswith("9 verwerkingen, ")
    assert load(app).output == "0 verwerkingen, 0 bewaartermijnen, 0 statistieken vastgelegd.\n"
