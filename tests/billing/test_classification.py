"""From the administration to a category: which municipalities, which number, and what is missing."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from billing.tariffs import queries
from billing.tariffs.queries import CannotClassify, classification_of
from core import clock
from core.errors import UserError
from core.money import ZERO
from governance.models import Setting
from participants.kinds import MeasurementKind, OrganisationKind
from tests.billing.conftest import DATA, World

ON = date(2024, 7, 1)


def test_a_municipality_counts_its_own_inhabitants(world: World) -> None:
    participant = world.municipality(70_361, name="Gemeente Velsen")
    found = classification_of(participant, ON)
    assert (found.category, found.annual_fee, found.connection_fee, found.number) == (
        "D",
        Decimal(3000),
        Decimal(300),
        70_361,
    )
    assert found.sentence == "Gemeente Velsen: 70.361 inwoners volgens organisaties.overheid.nl, categorie D"
    assert found.row_id is not None


def test_a_credit_bank_counts_the_municipalities_that_it_works_for(world: World) -> None:
    served = [world.organisation(f"Gemeente {name}") for name in ("Aa", "Bee", "Cee")]
    for organisation, inhabitants in zip(served, (700_000, 300_000, 1), strict=True):
        world.inhabitants(organisation, inhabitants)
    bank = world.participant(world.organisation("Kredietbank Drie", OrganisationKind.PUBLIC_BODY), "credit_bank")
    world.serves(bank, *served)
    found = classification_of(bank, ON)
    assert (found.category, found.number, found.annual_fee) == ("G", 1_000_001, Decimal(16_500))
    assert [count.who for count in found.counts] == ["Gemeente Aa", "Gemeente Bee", "Gemeente Cee"]


def test_a_municipality_that_works_for_others_counts_what_is_recorded(world: World) -> None:
    centre = world.municipality(100_000, name="Gemeente Centrum")
    neighbour = world.organisation("Gemeente Buur")
    world.inhabitants(neighbour, 70_000)
    world.serves(centre, centre.organisation, neighbour)
    assert classification_of(centre, ON).category == "E"


def test_one_municipality_counts_for_each_debt_counsellor(world: World) -> None:
    shared = world.organisation("Gemeente Samen")
    world.inhabitants(shared, 70_361)
    others = [
        world.participant(world.organisation(f"Bureau {n}", OrganisationKind.FOUNDATION), "shv_phase_1") for n in (1, 2)
    ]
    for other in others:
        world.serves(other, shared)
    assert [classification_of(other, ON).number for other in others] == [70_361, 70_361]


def test_the_count_of_the_reference_day_goes_before_later_ones(world: World) -> None:
    participant = world.municipality(None)
    for value, measured_on in ((60_000, date(2021, 1, 1)), (69_999, date(2023, 1, 1)), (70_000, date(2023, 1, 2))):
        world.inhabitants(participant.organisation, value, measured_on)
    assert classification_of(participant, date(2024, 7, 1)).number == 69_999
    assert classification_of(participant, date(2025, 7, 1)).number == 70_000


def test_without_an_older_count_the_first_later_one_counts_and_stays(world: World) -> None:
    participant = world.municipality(None)
    world.inhabitants(participant.organisation, 70_361, date(2026, 5, 6))
    assert classification_of(participant, ON).number == 70_361
    world.inhabitants(participant.organisation, 71_000, date(2027, 5, 6))
    assert classification_of(participant, ON).number == 70_361


def test_a_corrected_count_of_the_same_day_replaces_the_first(world: World) -> None:
    participant = world.municipality(None)
    world.inhabitants(participant.organisation, 1, date(2026, 5, 6))
    world.inhabitants(participant.organisation, 70_361, date(2026, 5, 6))
    assert classification_of(participant, ON).number == 70_361


def test_a_creditor_goes_by_its_latest_declaration(world: World) -> None:
    creditor = world.creditor(640)
    world.files(creditor, 1_000, date(2024, 11, 1))
    assert classification_of(creditor, ON).category == "C"
    found = classification_of(creditor, date(2025, 1, 1))
    assert found.sentence == "Voorbeeld Incasso B.V.: 1.000 schulddossiers per jaar volgens eigen opgave, categorie D"


def test_the_old_model_goes_by_arrangements(world: World) -> None:
    participant = world.municipality(70_361)
    world.files(participant, 250, date(2020, 3, 1), MeasurementKind.ARRANGEMENTS)
    found = classification_of(participant, date(2021, 1, 1))
    assert (found.category, found.annual_fee) == ("E", Decimal(6000))
    assert "250 geaccordeerde schuldregelingen volgens eigen opgave" in found.sentence


def test_an_administrator_falls_in_a_until_2025_and_then_goes_by_files(world: World) -> None:
    administrator = world.creditor(None, role="administrator", name="Bewind B.V.")
    assert classification_of(administrator, date(2024, 12, 31)).category == "A"
    with pytest.raises(CannotClassify):
        classification_of(administrator, date(2025, 1, 1))
    world.files(administrator, 300)
    assert classification_of(administrator, date(2025, 1, 1)).category == "B"


def test_a_guarantee_fund_pays_no_fee(world: World) -> None:
    fund = world.participant(world.organisation("Waarborgfonds", OrganisationKind.FOUNDATION), "guarantee_fund")
    found = classification_of(fund, ON)
    assert (found.category, found.annual_fee, found.connection_fee) == ("–", ZERO, ZERO)


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ("no inhabitants", "Applicatiebeheer leest de gemeenten opnieuw in"),
        ("no files", "Vraag de deelnemer om een opgave"),
        ("no municipalities", "Relatiebeheer legt dat vast bij de deelnemer"),
        ("no table for creditors", "Financiën legt eerst vast wat voor hen gold"),
    ],
)
def test_what_is_missing_is_said_with_who_must_do_what(world: World, case: str, says: str) -> None:
    if case == "no inhabitants":
        participant, on = world.municipality(None), ON
    elif case == "no files":
        participant, on = world.creditor(None), ON
    elif case == "no municipalities":
        office = world.organisation("Bureau", OrganisationKind.FOUNDATION)
        participant, on = world.participant(office, "shv_phase_2"), ON
    else:
        participant, on = world.creditor(640), date(2021, 5, 5)
    with pytest.raises(CannotClassify, match=says):
        classification_of(participant, on)
    assert queries.outcome(participant, on, None).problem is not None


def test_before_the_first_table_there_is_no_tariff(world: World) -> None:
    with pytest.raises(UserError, match="geen tarieftabel vastgelegd"):
        classification_of(world.municipality(), date(2020, 6, 30))


def test_without_tariffs_the_sentence_says_what_to_do(session: Session) -> None:
    with pytest.raises(UserError, match="leg de tabel vast bij Tarieven"):
        queries.tariff_table_on(clock.today())


def test_a_setting_that_this_version_does_not_know_is_named(world: World) -> None:
    world.session.add(Setting(name="open_top", value="afronden", starts_on=ON, source="x", to_confirm=False))
    world.session.flush()
    with pytest.raises(UserError, match="Toeslag in categorie G' is afronden; kies uit: started_block, full_block"):
        classification_of(world.municipality(), ON)


def test_the_342_municipalities_as_one_debt_counsellor_each(world: World) -> None:
    with (DATA / "gemeenten.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            world.inhabitants(world.organisation(row["officiele_naam"]), int(row["inwoners"]))
    found = [outcome for _, outcome in queries.municipalities_as_debt_counsellors(ON)]
    assert Counter(outcome.category for outcome in found) == {"A": 36, "B": 170, "C": 77, "D": 41, "E": 15, "F": 3}
    assert sum(outcome.annual_fee for outcome in found) == 523_500


def test_everybody_with_a_running_subscription_is_classified(world: World) -> None:
    world.municipality(70_361, name="Gemeente Aa", connected_on=date(2024, 3, 15))
    world.creditor(None, name="Bee", connected_on=date(2024, 1, 1))
    world.municipality(15_000, name="Gemeente Cee", connected_on=date(2025, 1, 1))
    found = queries.outcomes(ON)
    assert [outcome.participant.name for outcome in found] == ["Bee", "Gemeente Aa"]
    assert found[0].problem is not None
    assert found[1].found is not None
    assert not found[1].is_zero
