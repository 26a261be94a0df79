"""The tables of tarieven.csv in the database, each on a decision."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from billing.models import CategoryException, TariffRow, TariffTable, ZeroTariff
from billing.tariffs.services import import_tariffs
from core import audit, csv_files
from core.audit import SYSTEM
from core.errors import UserError
from governance.kinds import Body
from governance.services import load_default_settings
from tests.billing.conftest import DATA

ROWS = csv_files.read(DATA / "tarieven.csv")


@pytest.fixture
def settings(session: Session) -> Session:
    load_default_settings(SYSTEM)
    return session


def test_both_tables_the_zero_tariff_and_the_exception_are_recorded(settings: Session) -> None:
    outcome = import_tariffs(ROWS, SYSTEM, example=True)
    assert outcome.added == [
        "Tarieven 2020–2022 (A–F)",
        "Tarieven A–G",
        "Jaartarief € 0,00 voor nieuwe abonnementen vanaf 1 januari 2026",
        "Bewindvoerder in categorie A tot en met 31 december 2024",
    ]
    assert len(outcome.skipped) == 1
    assert "NIET GEVONDEN" in outcome.skipped[0]
    tables = settings.execute(select(TariffTable).order_by(TariffTable.starts_on)).scalars().all()
    assert [(table.starts_on, len(table.rows)) for table in tables] == [
        (date(2020, 7, 1), 6),
        (date(2023, 1, 1), 14),
    ]
    top = settings.execute(select(TariffRow).where(TariffRow.audience == "shv", TariffRow.category == "G")).scalar_one()
    assert (top.lower, top.upper, top.step_size) == (1_000_000, None, 100_000)
    assert (top.annual_fee, top.step_fee) == (Decimal(15_000), Decimal(1_500))
    assert (top.connection_fee, top.connection_share) == (None, Decimal(10))
    zero = settings.execute(select(ZeroTariff)).scalar_one()
    assert (zero.starts_on, zero.ends_before, zero.review_on) == (date(2026, 1, 1), None, date(2026, 12, 31))
    exception = settings.execute(select(CategoryException)).scalar_one()
    assert (exception.role_code, exception.category) == ("administrator", "A")
    assert (exception.starts_on, exception.ends_before) == (date(2023, 1, 1), date(2025, 1, 1))


def test_in_the_example_an_advice_comes_before_each_decision_and_both_say_what_they_are(settings: Session) -> None:
    import_tariffs(ROWS, SYSTEM, example=True)
    for table in settings.execute(select(TariffTable)).scalars():
        decision = table.decision
        assert decision.title.startswith("Voorbeeldbesluit: ")
        assert decision.body is Body.BOARD
        assert decision.advice is not None
        assert decision.advice.title.startswith("Voorbeeldadvies: ")
        assert decision.advice.body is Body.ADVISORY_BOARD
        assert decision.advice.decided_on < decision.decided_on < table.starts_on


def test_outside_the_example_nothing_is_invented(settings: Session) -> None:
    import_tariffs(ROWS, SYSTEM, example=False)
    for table in settings.execute(select(TariffTable)).scalars():
        assert table.decision.advice is None
        assert table.decision.source.startswith("https://schuldenknooppunt.nl/")
        assert "noemt de dag van het besluit niet" in table.decision.text


def test_a_second_import_changes_nothing(settings: Session) -> None:
    import_tariffs(ROWS, SYSTEM, example=True)
    before = settings.scalar(select(func.count()).select_from(audit.AuditEvent))
    outcome = import_tariffs(ROWS, SYSTEM, example=True)
    assert (outcome.added, len(outcome.unchanged)) == ([], 4)
    assert settings.scalar(select(func.count()).select_from(audit.AuditEvent)) == before
    assert settings.scalar(select(func.count()).select_from(TariffRow)) == 20


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("jaartarief_eur", "veel", "het jaartarief 'veel' is niet te lezen"),
        ("ondergrens_incl", "vijftien", "moeten getallen zijn"),
        ("aansluitkosten_eur", "gratis", "moeten getallen zijn"),
        ("grondslag", "aantal katten", "de grondslag 'aantal katten' is onbekend"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(settings: Session, column: str, value: str, says: str) -> None:
    rows = [dict(row) for row in ROWS]
    rows[7][column] = value
    with pytest.raises(UserError, match=says):
        import_tariffs(rows, SYSTEM, example=True)


def test_a_missing_column_is_named(settings: Session) -> None:
    with pytest.raises(UserError, match="mist de kolommen: categorie"):
        import_tariffs([{k: v for k, v in ROWS[0].items() if k != "categorie"}], SYSTEM, example=True)


def test_the_settings_come_first(session: Session) -> None:
    with pytest.raises(UserError, match="flask governance load-settings"):
        import_tariffs(ROWS, SYSTEM, example=True)


def test_an_unknown_table_is_reported_and_skipped(settings: Session) -> None:
    outcome = import_tariffs([{**ROWS[0], "tabel": "Model 2031"}], SYSTEM, example=True)
    assert "Model 2031: onbekende tabel" in outcome.skipped


def test_a_past_table_cannot_be_changed(settings: Session) -> None:
    import_tariffs(ROWS, SYSTEM, example=True)
    for table in ("tariff_tables", "tariff_rows", "zero_tariffs", "category_exceptions"):
        for statement in ("UPDATE {} SET id = id + 1", "DELETE FROM {}"):
            with pytest.raises(DBAPIError, match="permission denied"), settings.begin_nested():
                settings.execute(text(statement.format(table)))
