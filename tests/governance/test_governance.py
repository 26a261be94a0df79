"""Decisions, operators over time, and settings that wait for confirmation."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from core import audit, csv_files
from core.audit import SYSTEM
from core.errors import NotFound, Refused, UserError
from governance import queries, services
from governance.kinds import VALUES, Body, DecisionKind, SettingName
from governance.models import Decision, Operator, Setting
from governance.rules import DEFAULTS

ROWS = csv_files.read(Path(__file__).parents[2] / "data/beheerders.csv")


def sentences() -> list[str]:
    return [entry.sentence for entry in audit.timeline(for_staff=True)]


def decide(body: Body, decided_on: date, advice: Decision | None = None, *, from_source: bool = False) -> Decision:
    return services.record_decision(
        body=body,
        kind=DecisionKind.TARIFF_TABLE,
        decided_on=decided_on,
        title="Tarieven 2027",
        text="Alles blijft gelijk.",
        source="voorbeeld",
        actor=SYSTEM,
        advice=advice,
        from_source=from_source,
    )


# ------------------------------------------------------------------------------------------------- decisions


def test_the_board_decides_on_tariffs_after_advice(session: Session) -> None:
    advice = decide(Body.ADVISORY_BOARD, date(2026, 9, 1))
    decision = decide(Body.BOARD, date(2026, 10, 1), advice)
    assert (advice.number, decision.number) == ("2026-01", "2026-02")
    assert queries.decision("2026-02").advice == advice
    assert queries.decisions() == [decision, advice]
    assert queries.decisions_after(advice) == [decision]
    assert sentences()[0] == "Het systeem legde besluit 2026-02 vast: Tarieven 2027 (bestuur, 1 oktober 2026)."


def test_without_advice_the_board_does_not_decide_on_tariffs(session: Session) -> None:
    with pytest.raises(Refused, match="Leg eerst het advies van de raad van advies vast"):
        decide(Body.BOARD, date(2026, 10, 1))


def test_an_advice_comes_from_the_advisory_board_and_first(session: Session) -> None:
    later = decide(Body.ADVISORY_BOARD, date(2026, 10, 2))
    with pytest.raises(Refused, match="Het advies is van na het besluit"):
        decide(Body.BOARD, date(2026, 10, 1), later)
    other = decide(Body.STAKEHOLDERS, date(2026, 9, 1))
    with pytest.raises(Refused, match="geen advies van de raad van advies, maar een besluit van: stakeholdersoverleg"):
        decide(Body.BOARD, date(2026, 10, 1), other, from_source=True)


def test_a_decision_taken_over_from_a_publication_may_lack_its_advice(session: Session) -> None:
    assert decide(Body.BOARD, date(2020, 5, 20), from_source=True).number == "2020-01"


def test_a_decision_that_does_not_exist(session: Session) -> None:
    with pytest.raises(NotFound):
        queries.decision("1999-01")


# ------------------------------------------------------------------------------------------------- operators


def test_the_example_has_the_invented_operators_only(session: Session) -> None:
    outcome = services.import_operators(ROWS, SYSTEM, example=True)
    assert outcome.added == ["Voorbeeldbeheerder A", "Voorbeeldbeheerder B"]
    assert queries.operator_on(date(2025, 12, 31)).name == "Voorbeeldbeheerder A"
    assert queries.operator_on(date(2026, 1, 1)).name == "Voorbeeldbeheerder B"
    assert all(operator.fictional for operator in queries.operators())


def test_outside_the_example_the_real_ones_with_what_is_known(session: Session) -> None:
    services.import_operators(ROWS, SYSTEM, example=False)
    first, second = queries.operators()
    assert (first.name, first.starts_on, first.kvk, first.vat_id) == (
        "Stichting Schuldenknooppunt",
        date(2020, 1, 1),
        None,
        None,
    )
    assert (second.kvk, second.oin, second.iban) == ("27244197", "00000001810207357000", None)
    assert not second.fictional


def test_a_second_import_changes_nothing(session: Session) -> None:
    services.import_operators(ROWS, SYSTEM, example=True)
    before = len(sentences())
    outcome = services.import_operators(ROWS, SYSTEM, example=True)
    assert (outcome.added, len(outcome.unchanged), len(sentences())) == ([], 2, before)


def test_what_was_unknown_is_filled_in_later_and_what_is_known_stays(session: Session) -> None:
    services.import_operators(ROWS, SYSTEM, example=False)
    more = [{**row, "iban": "NL91 ABNA 0417 1643 00"} if row["van"] == "2026-01-01" else row for row in ROWS]
    outcome = services.import_operators(more, SYSTEM, example=False)
    assert outcome.completed == ["Bureau InformatieDiensten Nederland (BIDN)"]
    assert queries.operator_on(date(2026, 5, 5)).iban == "NL91ABNA0417164300"
    assert sentences()[0] == "Het systeem vulde gegevens van Bureau InformatieDiensten Nederland (BIDN) aan: IBAN."
    other = [{**row, "iban": "NL02ABNA0123456789"} if row["van"] == "2026-01-01" else row for row in ROWS]
    outcome = services.import_operators(other, SYSTEM, example=False)
    assert outcome.refused == [
        "Bureau InformatieDiensten Nederland (BIDN): bekende gegevens wijken af en liggen vast (IBAN)."
    ]


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({"kvk": "1234567"}, "Een KvK-nummer heeft acht cijfers. U vulde er zeven in."),
        ({"iban": "NL00ABNA0123456789"}, "Dit IBAN klopt niet. Controleer de cijfers."),
        ({"van": "1 januari"}, "'1 januari' is geen datum; schrijf jaar-maand-dag, bijvoorbeeld 2026-01-01."),
        ({"naam": " "}, "de naam ontbreekt."),
    ],
)
def test_a_row_that_is_wrong_does_not_stop_the_others(session: Session, change: dict[str, str], answer: str) -> None:
    rows = [{**ROWS[2], **change}, ROWS[3]]
    outcome = services.import_operators(rows, SYSTEM, example=True)
    assert outcome.added == ["Voorbeeldbeheerder B"]
    assert outcome.refused[0].endswith(answer)


def test_two_operators_cannot_start_on_one_day(session: Session) -> None:
    services.import_operators(ROWS, SYSTEM, example=True)
    outcome = services.import_operators([{**ROWS[2], "naam": "Ander"}], SYSTEM, example=True)
    assert outcome.refused == [
        "Ander: vanaf 1 januari 2020 is Voorbeeldbeheerder A al vastgelegd als stelselbeheerder."
    ]


def test_a_missing_column_is_named(session: Session) -> None:
    with pytest.raises(UserError, match="mist de kolommen: echt"):
        services.import_operators([{k: v for k, v in ROWS[0].items() if k != "echt"}], SYSTEM, example=True)


def test_before_the_first_operator_there_is_none(session: Session) -> None:
    services.import_operators(ROWS, SYSTEM, example=True)
    with pytest.raises(UserError, match="31 december 2019 is geen stelselbeheerder vastgelegd"):
        queries.operator_on(date(2019, 12, 31))


def test_the_database_lets_nobody_change_what_is_known_of_an_operator(session: Session) -> None:
    services.import_operators(ROWS, SYSTEM, example=True)
    with pytest.raises(DBAPIError, match="ligt vast"), session.begin_nested():
        session.execute(text("UPDATE operators SET iban = 'NL91ABNA0417164300'"))
    with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
        session.execute(text("DELETE FROM operators"))


# ------------------------------------------------------------------------------------------------- settings


def test_every_setting_has_a_default_that_waits_for_confirmation(session: Session) -> None:
    assert {default.name for default in DEFAULTS} == set(SettingName)
    assert services.load_default_settings(SYSTEM) == len(DEFAULTS)
    assert services.load_default_settings(SYSTEM) == 0
    rows = queries.settings_on(date(2026, 11, 3))
    assert [row.name for row in rows] == [name.value for name in SettingName]
    assert all(row.to_confirm for row in rows)
    assert sentences() == [f"Het systeem legde {len(DEFAULTS)} instellingen vast die nog ontbraken."]


def test_a_coded_value_is_written_in_words(session: Session) -> None:
    services.load_default_settings(SYSTEM)
    shown = {row.name: queries.shown_value(row) for row in queries.settings_on(date(2026, 11, 3))}
    assert shown["zero_tariff_starts_on"] == "1 januari 2026"
    assert shown["open_top"] == "per begonnen blok"
    assert shown["payment_term_days"] == "30"
    assert not [value for value in shown.values() if "_" in value]
    assert set(shown.values()) & set(VALUES.values())


def test_a_setting_changes_from_a_day_on(session: Session) -> None:
    services.load_default_settings(SYSTEM)
    session.add(
        Setting(name="payment_term_days", value="14", starts_on=date(2026, 7, 1), source="besluit", to_confirm=False)
    )
    session.flush()
    assert queries.number_on(SettingName.PAYMENT_TERM_DAYS, date(2026, 6, 30)) == 30
    assert queries.number_on(SettingName.PAYMENT_TERM_DAYS, date(2026, 7, 1)) == 14
    replaced = [row.value for row in queries.settings_not_in_force(date(2026, 7, 1)) if row.name != "active_bodies"]
    assert replaced == ["30"]
    found = queries.setting_on("payment_term_days", date(2026, 7, 1))
    assert found is not None
    assert not found.to_confirm


def test_a_setting_has_one_value_per_day(session: Session) -> None:
    services.load_default_settings(SYSTEM)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(Setting(name="open_top", value="x", starts_on=date(2020, 1, 1), source="x", to_confirm=True))
        session.flush()


def test_a_missing_or_unreadable_setting_says_what_to_do(session: Session) -> None:
    assert queries.setting_on(SettingName.OPEN_TOP, date(2026, 1, 1)) is None
    with pytest.raises(UserError, match="flask governance load-settings"):
        queries.value_on(SettingName.OPEN_TOP, date(2026, 1, 1))
    for name, read in (("payment_term_days", queries.number_on), ("zero_tariff_starts_on", queries.day_on)):
        session.add(Setting(name=name, value="dertig", starts_on=date(2020, 1, 1), source="x", to_confirm=True))
        session.flush()
        with pytest.raises(UserError, match="heeft een waarde die niet klopt: dertig"):
            read(SettingName(name), date(2026, 1, 1))


@pytest.mark.parametrize(
    "statement",
    ["UPDATE settings SET id = id", "DELETE FROM settings", "UPDATE decisions SET id = id", "DELETE FROM decisions"],
)
def test_the_past_cannot_be_rewritten(session: Session, statement: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
        session.execute(text(statement))


def test_nothing_is_recorded_by_reading(session: Session) -> None:
    queries.settings_on(date(2026, 1, 1))
    assert session.scalar(select(func.count()).select_from(Operator)) == 0
