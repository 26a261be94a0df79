"""An organisation is found by name, place or number, also with a typing error."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from core import db as database
from core.audit import SYSTEM
from core.db import scoped
from participants import queries, rules, services
from participants.kinds import OrganisationKind
from tests.participants.conftest import Example, MakeOrganisation, examples, name_of

MUNICIPALITY = OrganisationKind.MUNICIPALITY


@pytest.fixture
def register(make_organisation: MakeOrganisation) -> None:
    make_organisation("Gemeente Groningen", MUNICIPALITY, short_name="Groningen", place="Groningen", kvk="99000001")
    make_organisation("Gemeente Utrecht", MUNICIPALITY, short_name="Utrecht", place="Utrecht")
    make_organisation("Gemeente Súdwest-Fryslân", MUNICIPALITY, short_name="Súdwest-Fryslân", place="Sneek")
    make_organisation(
        "Gemeente 's-Hertogenbosch", MUNICIPALITY, short_name="'s-Hertogenbosch", oin="00000099000000000017"
    )
    make_organisation("Belastingsamenwerking gemeenten en hoogheemraadschap Utrecht", place="Utrecht")


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Groninge", "Gemeente Groningen"),
        ("gronigen", "Gemeente Groningen"),
        ("GRONINGEN gemeente", "Gemeente Groningen"),
        ("s-hertogenbosch", "Gemeente 's-Hertogenbosch"),
        ("Den Bosch", "Gemeente 's-Hertogenbosch"),
        ("Súdwest", "Gemeente Súdwest-Fryslân"),
        ("sudwest fryslan", "Gemeente Súdwest-Fryslân"),
        ("sneek", "Gemeente Súdwest-Fryslân"),
        ("utrecht", "Gemeente Utrecht"),
        ("99 00 00 01", "Gemeente Groningen"),
        ("9900", "Gemeente Groningen"),
        ("00000099000000000017", "Gemeente 's-Hertogenbosch"),
        (" 0000 0099 0000 0000 0017 ", "Gemeente 's-Hertogenbosch"),
    ],
)
@pytest.mark.parametrize(
    "scope",
    [database.VISITOR, database.staff(1), database.participant(1, (999,))],
    ids=["visitor", "staff", "participant"],
)
def test_the_organisation_is_found(session: Session, typed: str, first: str, scope: database.Scope) -> None:
    with scoped(scope):
        found = queries.find_organisations(typed)
    assert found[0].name == first


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("typed", ["", "  ", "%", "'", "zzzzzz", "_", "\x00", "12", "a" * 5000, "🦊"])
def test_nonsense_finds_nothing(session: Session, typed: str) -> None:
    assert queries.find_organisations(typed) == []


def test_a_number_is_found_before_names_that_look_like_it(
    session: Session, make_organisation: MakeOrganisation
) -> None:
    make_organisation("Incasso 99001234 en partners")
    make_organisation("Zorgverzekeraar", kvk="99001234")
    found = queries.find_organisations("99001234")
    assert [(hit.name, hit.is_exact) for hit in found] == [
        ("Zorgverzekeraar", True),
        ("Incasso 99001234 en partners", False),
    ]


def test_a_sole_trader_is_hidden_from_visitors(session: Session, make_organisation: MakeOrganisation) -> None:
    make_organisation("Bewind Janssen", OrganisationKind.SOLE_TRADER, kvk="99000002")
    with scoped(database.VISITOR):
        assert queries.find_organisations("Bewind Janssen") == []
        assert queries.find_organisations("99000002") == []
        assert queries.organisation_by_kvk("99000002") is not None
    assert len(queries.find_organisations("Bewind Janssen")) == 1


def test_the_new_name_is_found_after_a_change(session: Session, make_organisation: MakeOrganisation) -> None:
    row = make_organisation("Stichting Oud")
    services.change_organisation(SYSTEM, row, name="Stichting Nieuw", short_name="Nieuw")
    assert queries.find_organisations("nieuw")[0].id == row.id


@pytest.mark.parametrize("example", examples("folded"), ids=name_of)
def test_text_is_folded_before_it_is_searched(example: Example) -> None:
    assert rules.fold(example["text"]) == example["folded"]


def test_what_people_say_is_found_beside_the_official_name() -> None:
    assert rules.search_text("Gemeente 's-Hertogenbosch", "Den Bosch", "'s-Hertogenbosch") == (
        "gemeente s hertogenbosch den bosch"
    )
