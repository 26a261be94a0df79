"""What a run says."""

from __future__ import annotations

import csv
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from billing.runs.rules import LastYear, Progress, ThisYear, difference, missing_numbers, must_state_reference

EXAMPLES = list(
    csv.DictReader((Path(__file__).parent.parent / "examples" / "differences.csv").read_text("utf-8").splitlines())
)


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: row["name"])
def test_difference(row: dict[str, str]) -> None:
    before = None
    if row["net_before"]:
        before = LastYear(
            2026,
            Decimal(row["net_before"]),
            row["category_before"],
            int(row["number_before"]) if row["number_before"] else None,
            "Jaartarief",
            is_whole_year=row["whole_year"] == "yes",
        )
    now = ThisYear(
        Decimal(row["net_now"]),
        row["category_now"],
        int(row["number_now"]) if row["number_now"] else None,
        row["free"] == "yes",
    )
    assert difference(before, now) == row["sentence"]


@pytest.mark.parametrize(
    ("is_public", "reference", "order_number", "expected"),
    [
        (True, None, None, True),
        (True, "SHV", None, False),
        (True, None, "PO-1", False),
        (True, "", "", True),
        (False, None, None, False),
    ],
)
def test_only_a_public_body_must_state_a_reference(
    is_public: bool, reference: str | None, order_number: str | None, expected: bool
) -> None:
    found = must_state_reference(is_public_body=is_public, reference=reference, order_number=order_number)
    assert found is expected


def test_progress_tells_rate_and_remaining_time() -> None:
    half = Progress(50, 200, timedelta(seconds=10))
    assert (half.percentage, half.per_second, half.remaining) == (25, Decimal("5.0"), timedelta(seconds=30))


@pytest.mark.parametrize(
    ("done", "total", "percentage", "remaining"),
    [(0, 10, 0, None), (10, 10, 100, timedelta(0)), (0, 0, 100, timedelta(0))],
)
def test_progress_at_the_ends(done: int, total: int, percentage: int, remaining: timedelta | None) -> None:
    progress = Progress(done, total, timedelta(seconds=7))
    assert (progress.percentage, progress.remaining) == (percentage, remaining)


def test_missing_numbers_are_named() -> None:
    assert missing_numbers(6, [1, 2, 4, 6]) == [3, 5]
    assert missing_numbers(3, [3, 1, 2]) == []
    assert missing_numbers(0, []) == []
