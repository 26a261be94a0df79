"""Passwords, paths, devices, and how long a proof counts."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity import passwords, rules
from identity.kinds import AccountKind

EXAMPLES = Path(__file__).parent / "examples"
NOON = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)


def examples(file: str) -> list[object]:
    with (EXAMPLES / file).open(encoding="utf-8", newline="") as source:
        return [pytest.param(row, id=row["name"]) for row in csv.DictReader(source)]


@pytest.mark.parametrize("row", examples("passwords.csv"))
def test_a_password_is_long_and_not_the_first_guess(row: dict[str, str]) -> None:
    objection = rules.objection_to_password(row["password"], email=row["email"], name=row["person"])
    assert (objection or "") == row["answer"]


def test_a_password_of_a_megabyte_is_refused() -> None:
    assert rules.objection_to_password("ab1" * 400_000, email="", name="") is not None


@pytest.mark.parametrize("row", examples("local_paths.csv"))
def test_only_a_path_of_ours_is_followed(row: dict[str, str]) -> None:
    assert (rules.local_path(row["value"]) or "") == row["answer"]


@given(st.text(max_size=40))
def test_what_is_followed_is_one_slash_and_printable(text: str) -> None:
    found = rules.local_path("/" + text)
    if found is not None:
        assert not found.startswith("//")
        assert not set(found) & set("\\\t\r\n\x00 ")


@pytest.mark.parametrize("row", examples("devices.csv"))
def test_a_device_is_named_as_people_know_it(row: dict[str, str]) -> None:
    assert rules.device(row["user_agent"]) == row["answer"]


@pytest.mark.parametrize(
    ("minutes", "fresh"), [(0, True), (15, True), (16, False)], ids=["now", "a quarter", "longer ago"]
)
def test_a_proof_counts_for_a_quarter_of_an_hour(minutes: int, fresh: bool) -> None:
    assert rules.is_fresh(NOON - timedelta(minutes=minutes), NOON) is fresh


def test_no_proof_is_not_fresh() -> None:
    assert not rules.is_fresh(None, NOON)


@pytest.mark.parametrize(
    ("kind", "verified", "has_second_factor", "counts"),
    [
        (AccountKind.STAFF, True, True, True),
        (AccountKind.STAFF, False, True, False),
        (AccountKind.STAFF, False, False, False),
        (AccountKind.PARTICIPANT, False, False, True),
        (AccountKind.PARTICIPANT, False, True, False),
        (AccountKind.PARTICIPANT, True, True, True),
    ],
)
def test_who_counts_as_signed_in(kind: AccountKind, verified: bool, has_second_factor: bool, counts: bool) -> None:
    assert rules.counts_as_signed_in(kind, verified=verified, has_second_factor=has_second_factor) is counts


def test_a_password_matches_its_own_hash_only_however_the_accents_were_typed() -> None:
    stored = passwords.hash_password("een cafe\u0301 in de regen")
    assert stored.startswith("$argon2id$")
    assert passwords.matches(stored, "een caf\u00e9 in de regen")
    assert not passwords.matches(stored, "een cafe in de regen")
    assert not passwords.matches(None, "the password of nobody")
    assert not passwords.matches("geen hash", "een cafe in de regen")
