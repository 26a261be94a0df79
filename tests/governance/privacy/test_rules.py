"""The terms of the GDPR, by example."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.privacy.breaches.rules import Facts, clock_runs, clock_text, still_to_do, tell_authority_before
from governance.privacy.kinds import DataRole, Risk
from governance.privacy.retention.rules import digest, months_before
from governance.privacy.subject_requests.rules import answer_before, months_after, standing, why_not_extended

FOLDER = Path(__file__).parent / "examples"


def examples(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((FOLDER / name).open(encoding="utf-8")))


@pytest.mark.parametrize("row", examples("terms.csv"), ids=lambda row: row["test"])
def test_the_last_day_to_answer(row: dict[str, str]) -> None:
    received_on = date.fromisoformat(row["received_on"])
    assert answer_before(received_on, extended=row["extended"] == "yes") == date.fromisoformat(row["last_day"])


@pytest.mark.parametrize("row", examples("clocks.csv"), ids=lambda row: row["test"])
def test_the_running_clock(row: dict[str, str]) -> None:
    assert clock_text(datetime.fromisoformat(row["until"]), datetime.fromisoformat(row["now"])) == row["text"]


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 600))
def test_months_never_pass_over_a_month(day: date, months: int) -> None:
    later, earlier = months_after(day, months), months_before(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert (day.year - earlier.year) * 12 + day.month - earlier.month == months
    assert later.day <= day.day
    assert earlier.day <= day.day


def test_the_authority_is_told_within_72_hours() -> None:
    discovered = datetime.fromisoformat("2026-03-28T23:00+01:00")
    assert (tell_authority_before(discovered) - discovered).total_seconds() == 72 * 3600


def test_a_term_is_extended_once_and_within_the_first_month() -> None:
    received_on = date(2026, 1, 31)
    assert why_not_extended(received_on, extended=False, on=date(2026, 2, 28)) is None
    assert "voorbij" in (why_not_extended(received_on, extended=False, on=date(2026, 3, 1)) or "")
    assert "één keer" in (why_not_extended(received_on, extended=True, on=date(2026, 2, 1)) or "")


def test_how_a_request_stands() -> None:
    last_day = date(2026, 3, 10)
    assert standing(last_day, date(2026, 3, 1)) == ("nog 9 dagen", "neutral")
    assert standing(last_day, date(2026, 3, 9)) == ("nog 1 dag", "warning")
    assert standing(last_day, last_day) == ("vandaag de laatste dag", "warning")
    assert standing(last_day, date(2026, 3, 12)) == ("2 dagen te laat", "negative")


def facts(role: DataRole = DataRole.CONTROLLER, risk: Risk = Risk.RISK, **given: bool | int) -> Facts:
    known: dict[str, bool | int] = {
        "told_authority": False,
        "why_not_authority": False,
        "told_people": False,
        "why_not_people": False,
        "affected": 0,
        "affected_untold": 0,
    }
    return Facts(role=role, risk=risk, **(known | given))  # type: ignore[arg-type]


def test_what_a_controller_still_has_to_do() -> None:
    assert len(still_to_do(facts(risk=Risk.UNKNOWN))) == 2
    assert still_to_do(facts(told_authority=True)) == ()
    assert still_to_do(facts(risk=Risk.UNLIKELY, why_not_authority=True)) == ()
    assert len(still_to_do(facts(risk=Risk.UNLIKELY))) == 1
    assert len(still_to_do(facts(risk=Risk.RISK, why_not_authority=True))) == 1
    assert len(still_to_do(facts(risk=Risk.HIGH, told_authority=True))) == 1
    assert still_to_do(facts(risk=Risk.HIGH, told_authority=True, told_people=True)) == ()
    assert still_to_do(facts(risk=Risk.HIGH, told_authority=True, why_not_people=True)) == ()


def test_what_a_processor_still_has_to_do() -> None:
    role = DataRole.PROCESSOR
    assert len(still_to_do(facts(role))) == 1
    assert len(still_to_do(facts(role, affected=2, affected_untold=1))) == 1
    assert still_to_do(facts(role, affected=2)) == ()


def test_when_the_clock_runs() -> None:
    assert clock_runs(facts())
    assert clock_runs(facts(risk=Risk.UNLIKELY))
    assert not clock_runs(facts(risk=Risk.UNLIKELY, why_not_authority=True))
    assert not clock_runs(facts(told_authority=True))
    assert not clock_runs(facts(DataRole.PROCESSOR))


def test_a_set_is_known_by_its_digest_whatever_its_order() -> None:
    day = date(2026, 1, 1)
    assert digest("a", day, [1, 2, 10]) == digest("a", day, [10, 1, 2])
    assert len({digest("a", day, [1, 2]), digest("a", day, [12]), digest("b", day, [1, 2]), digest("a", day, [])}) == 4
