"""Who took part on a day and what changed, by example."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.periods import Period
from register.history.rules import Past, changes, first_day, page_of_day, present_on
from register.rules import Named

EXAMPLES = list(csv.DictReader((Path(__file__).parent / "examples/changes.csv").open(encoding="utf-8")))
ROLE = Named("creditor", "Schuldeiser")


def period(text: str) -> Period:
    start, _, end = text.partition("/")
    return Period(date.fromisoformat(start), date.fromisoformat(end) if end else None)


def past(name: str, live: str, modules: str = "") -> Past:
    words = modules.split()
    pairs = [(Named(code, code), period(days)) for code, days in zip(words[::2], words[1::2], strict=True)]
    return Past(name, name, "", ROLE, tuple(period(days) for days in live.split()), tuple(pairs), is_listed_now=True)


@pytest.mark.parametrize("row", EXAMPLES, ids=[row["name"] for row in EXAMPLES])
def test_what_changed_in_the_last_month(row: dict[str, str]) -> None:
    found = changes([past("A", row["live"], row["modules"])], date.fromisoformat(row["today"]))
    told = [" ".join([change.day.isoformat(), str(change.kind.value), *change.modules]) for change in found]
    assert "; ".join(told) == row["expected"]


def test_the_latest_change_comes_first_and_names_are_in_order() -> None:
    found = changes(
        [past("Zon", "2026-11-03/"), past("École", "2026-11-03/"), past("Maan", "2026-11-05/")], date(2026, 11, 20)
    )
    assert [change.past.name for change in found] == ["Maan", "École", "Zon"]


def test_who_took_part_on_a_day_with_the_modules_of_that_day() -> None:
    everybody = [
        past("B", "2024-01-01/2024-06-01", "SR 2024-01-01/2024-03-01 BR 2024-02-01/2024-06-01"),
        past("A", "2024-05-01/"),
    ]
    assert first_day(everybody) == date(2024, 1, 1)
    assert present_on(everybody, date(2023, 12, 31)) == []
    assert [row.past.name for row in present_on(everybody, date(2024, 5, 31))] == ["A", "B"]
    assert [row.past.name for row in present_on(everybody, date(2024, 6, 1))] == ["A"]
    (only,) = present_on(everybody, date(2024, 2, 29))
    assert [module.code for module in only.modules] == ["SR", "BR"]
    assert only.since == date(2024, 1, 1)


def test_before_anybody_came_there_is_no_first_day() -> None:
    assert first_day([]) is None
    assert first_day([past("A", "2024-01-01/2024-01-01")]) is None


@given(st.integers(-5, 5000), st.integers(0, 200))
def test_every_page_of_a_day_exists(number: int, total: int) -> None:
    rows = present_on([past(f"{n:03}", "2024-01-01/") for n in range(total)], date(2024, 1, 1))
    page = page_of_day(rows, number, "/x")
    assert 1 <= page.number <= page.pages
    assert len(page.items) <= 50
    assert page.items or not total
