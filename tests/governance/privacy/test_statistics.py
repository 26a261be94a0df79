"""A statistic without purpose and legal basis stays off."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import clock, csv_files
from core import db as database
from core.audit import SYSTEM
from core.db import Scope, scoped
from core.errors import NotFound, Refused, UserError
from governance.privacy.queries import statistic_allowed
from governance.privacy.statistics import queries, services
from identity.kinds import StaffRole
from tests.browser import Browser
from tests.people import People

FILE = Path(__file__).parents[3] / "data/statistieken.csv"
LIST = "/beheer/privacy/statistieken"
ROW = {"code": "x", "naam": "Voorbeeld", "doel": "iets", "grondslag": "", "aan": "ja", "bron": "voorbeeld"}


@pytest.fixture
def purposes(session: Session) -> None:
    services.import_purposes(csv_files.read(FILE), SYSTEM)
    session.commit()


def test_what_is_not_recorded_is_off(session: Session) -> None:
    assert not statistic_allowed("messages_per_type", clock.today())


@pytest.mark.parametrize("scope", [database.PUBLIC, database.participant(1, (1,)), database.staff(1)])
def test_every_page_can_ask(purposes: None, scope: Scope) -> None:
    with scoped(scope):
        assert statistic_allowed("connected_municipalities", clock.today())


def test_only_what_has_a_legal_basis_and_a_source_is_on_from_the_start(purposes: None) -> None:
    found = queries.purposes_on(clock.today())
    assert {row.code for row in found if row.allowed} == {"connected_participants", "connected_municipalities"}
    assert all(row.legal_basis and row.source for row in found if row.allowed)
    assert statistic_allowed("connected_municipalities", clock.today())
    assert not statistic_allowed("messages_per_type", clock.today())
    assert not statistic_allowed("connected_municipalities", date(2019, 12, 31))
    assert services.import_purposes(csv_files.read(FILE), SYSTEM) == 0


def test_a_file_cannot_switch_on_without_legal_basis(session: Session) -> None:
    with pytest.raises(UserError, match="zonder doel"):
        services.import_purposes([ROW], SYSTEM)
    with pytest.raises(UserError, match="mist de kolommen"):
        services.import_purposes([{"code": "x"}], SYSTEM)


def test_the_database_refuses_it_too(session: Session, purposes: None) -> None:
    with pytest.raises(IntegrityError, match="purpose"):
        session.execute(
            text(
                "INSERT INTO statistic_purposes (code, label, starts_on, purpose, legal_basis, allowed, source,"
                " to_confirm, recorded_at) VALUES ('x', 'x', now(), 'x', '', true, 'x', false, now())"
            )
        )


def test_switching_on_is_dated(purposes: None) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    given = {"purpose": "Het gebruik volgen", "starts_on": tomorrow, "source": "Voorbeeldbesluit"}
    with pytest.raises(Refused, match="grondslag"):
        services.set_purpose("messages_per_type", SYSTEM, legal_basis=" ", allowed=True, **given)  # type: ignore[arg-type]
    services.set_purpose("messages_per_type", SYSTEM, legal_basis="art. 6", allowed=True, **given)  # type: ignore[arg-type]
    assert not statistic_allowed("messages_per_type", clock.today())
    assert statistic_allowed("messages_per_type", tomorrow)
    with pytest.raises(Refused, match="na de vorige"):
        services.set_purpose("messages_per_type", SYSTEM, legal_basis="", allowed=False, **given)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        services.set_purpose("bestaat_niet", SYSTEM, legal_basis="", allowed=False, **given)  # type: ignore[arg-type]


def test_over_the_pages(privacy: Browser, purposes: None) -> None:
    page = privacy.get(f"{LIST}/messages_per_type")
    page = privacy.submit(page, "Vastleggen", allowed="y", source="Voorbeeldbesluit", expect=422)
    assert page.errors == ["Een statistiek gaat alleen aan met een doel en een grondslag."]
    page = privacy.submit(page, "Vastleggen", legal_basis="art. 6 lid 1 e AVG (voorbeeld)", source="Voorbeeldbesluit")
    assert statistic_allowed("messages_per_type", clock.today())
    assert "messages_per_type" in privacy.client.get(f"{LIST}.csv").get_data(as_text=True)


def test_who_may_not(browser: Browser, people: People, purposes: None) -> None:
    browser.sign_in(people.staff(StaffRole.AUDITOR))
    browser.get(LIST)
    browser.get(f"{LIST}/messages_per_type", expect=403)
