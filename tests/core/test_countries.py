"""Countries, their postal codes and VAT numbers."""

from __future__ import annotations

import pytest

from core.countries import EUROPEAN_UNION, countries, country, country_name, postal_code, vat_id
from core.identifiers import InvalidIdentifier


def test_our_own_country_comes_first_and_every_code_has_a_name() -> None:
    found = countries()

    assert next(iter(found.items())) == ("NL", "Nederland")
    assert len(found) == 249, "ISO 3166"
    assert set(found) >= EUROPEAN_UNION
    assert len(EUROPEAN_UNION) == 27
    assert (country_name("BE"), country_name("BE", "en"), country_name("QQ")) == ("België", "Belgium", "QQ")


def test_a_country_is_one_of_the_list() -> None:
    assert country(" be ") == "BE"
    for wrong in ("", "EU", "Nederland", "ZZ", "\0"):
        with pytest.raises(InvalidIdentifier):
            country(wrong)


def test_a_postal_code_has_the_dutch_form_at_home_only() -> None:
    assert postal_code("9999xx", "NL") == "9999 XX"
    assert postal_code(" 1000 ", "BE") == "1000"
    for value, code in (("1000", "NL"), ("1" * 13, "BE"), ("10\x0000", "BE")):
        with pytest.raises(InvalidIdentifier):
            postal_code(value, code)


@pytest.mark.parametrize(
    ("value", "code", "stored"),
    [
        ("be 0411.905.847", "BE", "BE0411905847"),
        ("EL094259216", "GR", "EL094259216"),
        ("DE136695976", "DE", "DE136695976"),
        ("NL810207357B01", "NL", "NL810207357B01"),
    ],
)
def test_a_vat_number_is_stored_with_its_prefix_and_without_signs(value: str, code: str, stored: str) -> None:
    assert vat_id(value, code) == stored


@pytest.mark.parametrize(
    ("value", "code", "sentence"),
    [
        ("BE0411905848", "BE", "klopt niet"),
        ("", "BE", "klopt niet"),
        ("x" * 200, "BE", "klopt niet"),
        ("NL810207357B01", "BE", "hoort niet bij België. Het begint met BE."),
        ("GR094259216", "GR", "hoort niet bij Griekenland. Het begint met EL."),
        ("CHE107787577IVA", "CH", "alleen nodig voor een adres in de Europese Unie"),
    ],
)
def test_a_wrong_vat_number_says_what_is_wrong(value: str, code: str, sentence: str) -> None:
    with pytest.raises(InvalidIdentifier, match=sentence):
        vat_id(value, code)
