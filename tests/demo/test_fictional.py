"""The example's invented organisations cannot be mistaken for real ones."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from core import identifiers
from demo.fictional import UNITS_OF_ONE_CREDITOR, Fictional, administrators, creditors, debt_counsellors
from demo.personas import STAFF
from participants.kinds import OrganisationKind, Sector

EVERYBODY = [*creditors(), *debt_counsellors(), *administrators()]


def test_there_are_as_many_as_the_example_promises() -> None:
    assert (len(creditors()), len(debt_counsellors()), len(administrators())) == (60, 15, 30)
    assert [one.units for one in creditors() if len(one.units) > 1] == [UNITS_OF_ONE_CREDITOR]
    assert max(one.serves for one in debt_counsellors()) == 6
    assert {one.sector for one in creditors()} >= set(Sector) - {
        Sector.MUNICIPALITY,
        Sector.CREDIT_BANK,
        Sector.DEBT_COUNSELLING,
        Sector.ADMINISTRATION,
    }
    assert any(one.kind is OrganisationKind.SOLE_TRADER for one in administrators())


@pytest.mark.parametrize("one", EVERYBODY, ids=lambda one: one.name)
def test_numbers_and_addresses_cannot_exist(one: Fictional) -> None:
    assert identifiers.kvk(one.kvk).startswith("99")
    assert identifiers.oin(one.oin).startswith("00000099")
    assert one.domain.endswith(".invalid")
    assert date(2023, 4, 1) <= one.connected_on < date(2026, 10, 1)


def test_no_number_or_name_is_used_twice_or_belongs_to_a_real_organisation() -> None:
    assert len({one.kvk for one in EVERYBODY}) == len({one.name for one in EVERYBODY}) == len(EVERYBODY)
    real = set()
    for file in ("gemeenten.csv", "publieke_organisaties.csv"):
        with (Path("data") / file).open(encoding="utf-8-sig", newline="") as rows:
            real |= {row["naam"].lower() for row in csv.DictReader(rows)}
    assert not {one.name.lower() for one in EVERYBODY} & real


def test_the_personas_say_that_they_are_examples() -> None:
    assert all(persona.email.endswith(".invalid") and "(voorbeeld)" in persona.name for persona in STAFF)
