"""Codes on paper."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from core import codes


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def test_a_code_says_its_number_and_is_real_for_what_it_was_made_for() -> None:
    code = codes.code_of("test", 12, "invoice", 7)
    assert codes.number_in(code) == 12
    assert codes.is_real(code, "test", "invoice", 7)
    assert len(code) == len("12-") + 26


@pytest.mark.parametrize("other", [("other", "invoice", 7), ("test", "invoice", 8), ("test",)])
def test_a_code_is_not_real_for_anything_else(other: tuple[str, ...]) -> None:
    assert not codes.is_real(codes.code_of("test", 12, "invoice", 7), *other)


def test_a_code_of_another_number_is_not_real() -> None:
    code = codes.code_of("test", 12)
    assert not codes.is_real(code.replace("12-", "13-"), "test")


def test_who_types_it_from_paper_may_use_capitals_spaces_and_signs_that_look_alike() -> None:
    code = codes.code_of("test", 3, length=codes.SHORT)
    number, _, signs = code.partition("-")
    typed = " ".join([number, *(signs[at : at + 4].upper() for at in range(0, 16, 4))]).replace("O", "0")
    assert codes.is_real(typed.replace("L", "1").replace("B", "8"), "test", length=codes.SHORT)


@pytest.mark.parametrize("nonsense", ["", "12", "-", "a" * 26, "0-" + "a" * 26, "9" * 40, "12-" + "é" * 26, "\0" * 40])
def test_what_is_no_code_has_no_number(nonsense: str) -> None:
    assert codes.number_in(nonsense) is None
    assert not codes.is_real(nonsense, "test")
