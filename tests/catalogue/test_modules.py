"""The catalogue: importing, choosing, switching on and off."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import create_app
from catalogue import queries, services
from catalogue.imports import services as imports
from catalogue.models import Module, ModuleAudience
from catalogue.rules import Audience, audiences_of_cell
from core import audit, clock
from core.audit import SYSTEM
from core.errors import NotFound, Refused
from participants.kinds import Stage
from tests.catalogue.conftest import MakeParticipant
from tests.conftest import settings_for
from tests.database import Databases

EXAMPLES = Path(__file__).parent / "examples"
FIT = list(csv.DictReader((EXAMPLES / "which_module_fits_which_role.csv").open(encoding="utf-8")))
DAY = date(2026, 11, 3)


def sentences(participant_id: int) -> list[str]:
    return [entry.sentence for entry in audit.timeline(participant_id=participant_id, for_staff=True)]


# ------------------------------------------------------------------------------------------- the catalogue


@pytest.mark.parametrize("example", FIT, ids=[row["name"] for row in FIT])
def test_modules_fit_a_role_as_the_matrix_says(session: Session, modules: None, example: dict[str, str]) -> None:
    offers = {offer.code: offer for offer in queries.modules_for_role(example["role"])}
    for code in FIT[0].keys() - {"name", "role"}:
        assert (code in offers) == (example[code] != "nee"), code
        if code in offers:
            assert (offers[code].condition is not None) == (example[code] == "voorwaarde"), code


def test_importing_twice_changes_nothing_and_leaves_one_sentence(session: Session) -> None:
    first = services.import_modules(SYSTEM)
    second = services.import_modules(SYSTEM)
    assert first.added > 12
    assert second.is_empty
    told = select(func.count()).where(audit.AuditEvent.name == "catalogue:modules:imported")
    assert session.scalar(told) == 1


def test_importing_repairs_what_differs_from_the_file(session: Session, modules: None) -> None:
    session.get_one(Module, "debt_settlement").name = "Iets anders"
    session.commit()
    assert services.import_modules(SYSTEM) == imports.ImportReport(added=0, changed=1, removed=0)
    assert session.get_one(Module, "debt_settlement").name == "Schuldregeling"


def test_importing_takes_away_what_no_longer_fits(session: Session, modules: None) -> None:
    session.add(ModuleAudience(module_code="guarantee_fund", role_code="creditor"))
    session.get_one(ModuleAudience, ("debt_inventory", "administrator")).condition = None
    session.commit()
    assert services.import_modules(SYSTEM) == imports.ImportReport(added=0, changed=1, removed=1)


def test_a_broken_file_is_bad_input(
    app: Flask, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "DATA", tmp_path)
    (tmp_path / "modules.csv").write_text("code,naam\nx,y\n", encoding="utf-8")
    outcome = app.test_cli_runner().invoke(args=["catalogue", "import-modules"])
    assert outcome.exit_code == 2
    assert "kloppen niet" in outcome.output


def test_modules_of_the_roadmap_are_known_but_not_offered(session: Session, modules: None) -> None:
    known = {module.code: module.available for module in queries.all_modules()}
    assert sum(known.values()) == 5
    assert known["early_signalling"] is False


@pytest.mark.parametrize("cell", ["", "misschien", "ja, soms", "Ja"])
def test_a_cell_that_is_neither_yes_nor_no_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="geen ja of nee"):
        audiences_of_cell("debt_settlement", "creditor", cell)


def test_a_condition_becomes_a_sentence() -> None:
    assert audiences_of_cell("debt_inventory", "administrator", "ja (beschikking meesturen)") == [
        Audience("debt_inventory", "administrator", "Beschikking meesturen.")
    ]


def test_the_command_imports_and_says_what_it_did(databases: Databases, tmp_path: Path) -> None:
    with databases.copy() as urls:
        app = create_app(settings_for(urls.app, tmp_path))
        run = app.test_cli_runner().invoke
        dry = run(args=["catalogue", "import-modules", "--dry-run"])
        assert dry.output.startswith("Proef, er is niets veranderd: ")
        assert run(args=["catalogue", "import-modules"]).exit_code == 0
        assert run(args=["catalogue", "import-modules", "--json"]).output == (
            '{"added": 0, "changed": 0, "removed": 0}\n'
        )


# ------------------------------------------------------------------------------------------- choosing


def test_a_participant_chooses_modules_that_fit(session: Session, participant: MakeParticipant) -> None:
    made = participant("shv_phase_1", Stage.ACCEPTED, name="Voorbeeldhulp")
    services.choose_modules(made, {"payment_arrangement", "debt_inventory"}, SYSTEM)
    assert [module.name for module in queries.chosen_modules(made.id)] == ["Schuldinventarisatie", "Betalingsregeling"]
    assert sentences(made.id) == [
        "Het systeem koos de modules voor Voorbeeldhulp: Schuldinventarisatie, Betalingsregeling."
    ]


def test_choosing_the_same_again_leaves_no_second_sentence(session: Session, participant: MakeParticipant) -> None:
    made = participant(stage=Stage.ACCEPTED)
    services.choose_modules(made, ["debt_settlement"], SYSTEM)
    services.choose_modules(made, ["debt_settlement", "debt_settlement"], SYSTEM)
    assert len(sentences(made.id)) == 1


def test_a_choice_can_be_changed_before_the_module_is_on(session: Session, participant: MakeParticipant) -> None:
    made = participant(stage=Stage.ACCEPTED)
    services.choose_modules(made, ["debt_settlement"], SYSTEM)
    services.choose_modules(made, ["debt_inventory"], SYSTEM)
    assert [module.code for module in queries.chosen_modules(made.id)] == ["debt_inventory"]


@pytest.mark.parametrize(
    ("role", "code", "answer"),
    [
        ("shv_phase_1", "debt_settlement", "past niet bij de rol schuldhulpverlener fase 1"),
        ("creditor", "guarantee_fund", "past niet bij de rol schuldeiser"),
        ("creditor", "early_signalling", "Vroegsignalering is er nog niet"),
        ("creditor", "bestaat-niet", "Deze module bestaat niet"),
        ("creditor", "x" * 5000, "Deze module bestaat niet"),
        ("court", "debt_settlement", "past niet bij de rol rechtbank."),
    ],
)
def test_a_module_that_does_not_fit_is_refused_with_a_sentence(
    session: Session, participant: MakeParticipant, role: str, code: str, answer: str
) -> None:
    with pytest.raises(Refused, match=answer):
        services.choose_modules(participant(role, Stage.ACCEPTED), [code], SYSTEM)


def test_nothing_chosen_is_refused(session: Session, participant: MakeParticipant) -> None:
    with pytest.raises(Refused, match="ten minste één module"):
        services.choose_modules(participant(), [], SYSTEM)


def test_a_module_that_is_on_stays_chosen(session: Session, participant: MakeParticipant) -> None:
    made = participant()
    services.choose_modules(made, ["debt_settlement", "debt_inventory"], SYSTEM)
    services.activate(made.id, "debt_settlement", clock.today(), SYSTEM)
    with pytest.raises(Refused, match="Schuldregeling staat aan en blijft dus gekozen"):
        services.choose_modules(made, ["debt_inventory"], SYSTEM)


def test_after_the_end_nothing_can_be_chosen(session: Session, participant: MakeParticipant) -> None:
    with pytest.raises(Refused, match="gesloten"):
        services.choose_modules(participant(stage=Stage.ENDED), ["debt_settlement"], SYSTEM)


# ------------------------------------------------------------------------------------------- on and off


def test_a_module_is_on_from_the_first_day_until_the_day_before_the_end(
    session: Session, participant: MakeParticipant
) -> None:
    made = participant(name="Voorbeeld Incasso")
    services.activate(made.id, "debt_settlement", DAY, SYSTEM)
    services.deactivate(made.id, "debt_settlement", date(2026, 12, 1), SYSTEM)
    active = [
        [module.since for module in queries.active_modules(made.id, on)]
        for on in (date(2026, 11, 2), DAY, date(2026, 11, 30), date(2026, 12, 1))
    ]
    assert active == [[], [DAY], [DAY], []]
    assert sentences(made.id) == [
        "Het systeem zette de module Schuldregeling uit voor Voorbeeld Incasso, per 1 december 2026.",
        "Het systeem zette de module Schuldregeling 2.0 aan voor Voorbeeld Incasso, vanaf 3 november 2026.",
    ]


def test_a_module_can_be_on_again_from_the_day_it_was_off(session: Session, participant: MakeParticipant) -> None:
    made = participant()
    services.activate(made.id, "debt_settlement", date(2026, 1, 1), SYSTEM)
    services.deactivate(made.id, "debt_settlement", DAY, SYSTEM)
    services.activate(made.id, "debt_settlement", DAY, SYSTEM)
    assert [module.since for module in queries.active_modules(made.id, DAY)] == [DAY]


@pytest.mark.parametrize(
    ("on", "answer"), [(DAY, "staat al aan sinds 3 november 2026"), (date(2026, 1, 1), "gaat al aan op 3 november")]
)
def test_a_module_cannot_be_on_twice(session: Session, participant: MakeParticipant, on: date, answer: str) -> None:
    made = participant()
    services.activate(made.id, "debt_settlement", DAY, SYSTEM)
    with pytest.raises(Refused, match=answer):
        services.activate(made.id, "debt_settlement", on, SYSTEM)


@pytest.mark.parametrize("stage", [Stage.SUBMITTED, Stage.SIGNED, Stage.SUSPENDED, Stage.ENDED])
def test_without_a_countersigned_agreement_nothing_goes_on(
    session: Session, participant: MakeParticipant, stage: Stage
) -> None:
    with pytest.raises(Refused, match="medeondertekend") as refused:
        services.activate(participant(stage=stage).id, "debt_settlement", DAY, SYSTEM)
    assert refused.value.entry is not None


def test_switching_on_what_does_not_fit_is_refused(session: Session, participant: MakeParticipant) -> None:
    with pytest.raises(Refused, match="past niet bij de rol"):
        services.activate(participant("shv_phase_1").id, "debt_settlement", DAY, SYSTEM)


def test_switching_off_what_is_not_on_is_refused(session: Session, participant: MakeParticipant) -> None:
    made = participant()
    with pytest.raises(Refused, match="niet aan"):
        services.deactivate(made.id, "debt_settlement", DAY, SYSTEM)
    services.activate(made.id, "debt_settlement", DAY, SYSTEM)
    with pytest.raises(Refused, match="niet aan"):
        services.deactivate(made.id, "debt_settlement", date(2026, 11, 2), SYSTEM)


def test_what_staff_switch_on_counts_as_asked_for_until_it_is_switched_off(
    session: Session, participant: MakeParticipant
) -> None:
    made = participant()
    with clock.at(DAY):
        services.switch_on(made.id, "debt_settlement", DAY, SYSTEM)
        assert [module.code for module in queries.chosen_modules(made.id)] == ["debt_settlement"]
        services.switch_off(made.id, "debt_settlement", date(2026, 12, 1), SYSTEM)
        assert queries.chosen_modules(made.id) == []
        with pytest.raises(Refused, match="staat nog aan tot 1 december 2026"):
            services.switch_on(made.id, "debt_settlement", DAY, SYSTEM)
        services.choose_modules(made, ["debt_inventory"], SYSTEM)


def test_nothing_is_switched_for_the_past(session: Session, participant: MakeParticipant) -> None:
    made = participant()
    yesterday = date(2026, 11, 2)
    with clock.at(DAY):
        with pytest.raises(Refused, match="terugwerkende kracht"):
            services.switch_on(made.id, "debt_settlement", yesterday, SYSTEM)
        with pytest.raises(Refused, match="terugwerkende kracht"):
            services.switch_off(made.id, "debt_settlement", yesterday, SYSTEM)


def test_an_unknown_participant_or_module_is_not_found(session: Session, participant: MakeParticipant) -> None:
    with pytest.raises(NotFound):
        services.activate(999_999, "debt_settlement", DAY, SYSTEM)
    with pytest.raises(NotFound):
        services.activate(participant().id, "bestaat-niet", DAY, SYSTEM)
