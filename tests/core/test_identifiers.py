"""Numbers of Dutch registers: what is stored, and what somebody hears who mistypes one."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core import identifiers
from core.identifiers import InvalidIdentifier

EXAMPLES = list(csv.DictReader((Path(__file__).parent / "examples/identifiers.csv").open(encoding="utf-8")))
CHECKS = sorted({row["check"] for row in EXAMPLES})


@pytest.mark.parametrize("row", EXAMPLES, ids=[row["test"] for row in EXAMPLES])
def test_examples(row: dict[str, str]) -> None:
    check = getattr(identifiers, row["check"])
    if row["answer"]:
        with pytest.raises(InvalidIdentifier) as refused:
            check(row["typed"])
        assert str(refused.value) == row["answer"]
    else:
        assert check(row["typed"]) == row["stored"]


@given(st.sampled_from(CHECKS), st.text() | st.from_regex(r"[0-9A-Z .\-]{0,30}", fullmatch=True))
@example("iban", "NL\x00")
@example("postal_code", "١٢٣٤ AB")
@example("oin", "ß" * 10)
def test_whatever_is_typed_gets_a_sentence_or_a_stored_form_that_is_stable(check: str, typed: str) -> None:
    function = getattr(identifiers, check)
    try:
        stored = answer = function(typed)
    except InvalidIdentifier as refused:
        stored, answer = None, str(refused)
    if stored is None:
        assert answer.endswith(".")
    else:
        assert function(stored) == stored


def test_an_oin_that_differs_from_the_rsin_is_a_warning_and_goes_on() -> None:
    warning = "Dit OIN wijkt af van het RSIN van uw organisatie. Dat kan kloppen; controleer het."
    oin = identifiers.oin("00000001001876387000")
    assert identifiers.oin_warning(oin, kvk_number=None, rsin_number="123456782") == warning
    assert identifiers.oin_warning(oin, kvk_number=None, rsin_number="001876387") is None
    assert identifiers.oin_warning(oin, kvk_number="12345678", rsin_number=None) is None


def test_an_oin_that_differs_from_the_kvk_number_is_a_warning_too() -> None:
    oin = identifiers.oin("00000003123456780000")
    assert identifiers.oin_warning(oin, kvk_number="12345678", rsin_number=None) is None
    assert "KvK-nummer" in (identifiers.oin_warning(oin, kvk_number="87654321", rsin_number=None) or "")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("Jan\x00Pieter", "U+0000"), ("Jan\x1bPieter", "U+001B"), ("Jan\u202ePieter", "U+202E"), ("Jan\ue000", "U+E000")],
)
def test_control_characters_are_named(typed: str, shown: str) -> None:
    with pytest.raises(InvalidIdentifier) as refused:
        identifiers.clean_text(typed)
    assert str(refused.value) == f"Deze tekens kunnen wij niet verwerken: {shown}. Haal ze weg."


def test_a_text_of_several_lines_keeps_its_lines() -> None:
    assert identifiers.clean_text("een  \r\n twee\rdrie\n", several_lines=True) == "een\ntwee\ndrie"
    with pytest.raises(InvalidIdentifier):
        identifiers.clean_text("een\ntwee")


def test_numbers_are_words_up_to_twelve() -> None:
    assert [identifiers.in_words(number) for number in (0, 1, 12, 13, -1)] == ["nul", "één", "twaalf", "13", "-1"]
