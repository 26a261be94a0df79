"""The task list, read aloud from examples."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from onboarding.tasks import rules
from onboarding.tasks.kinds import Item, Status
from onboarding.tasks.rules import Details, Facts
from participants.kinds import Basis, Channel, Stage

DAY = date(2026, 3, 2)
DAYS = {
    "submitted": "submitted_on",
    "accepted": "accepted_on",
    "legal": "legal_review_on",
    "authority": "authority_on",
    "prepared": "prepared_on",
    "signed": "signed_on",
    "counter": "countersigned_on",
    "invoice": "first_invoice_on",
    "e_herkenning": "e_herkenning_on",
    "certificate": "certificate_on",
    "acceptance": "acceptance_test_on",
    "modules": "modules_on",
    "ready": "declared_ready_on",
    "active": "activated_on",
    "onboarding": "onboarding_on",
}
OTHERS: dict[str, dict[str, Any]] = {
    "missing": {"missing": ("de factuurgegevens",)},
    "lawyers": {"wants_legal_review": True},
    "another": {"authority_is_of_another": True},
    "no_modules": {"role_has_modules": False},
}
ROWS = list(csv.DictReader((Path(__file__).parent / "examples/task_list.csv").open(encoding="utf-8", newline="")))


def facts_from(row: dict[str, str]) -> Facts:
    facts = Facts(Channel(row["channel"]), Stage(row["stage"]), modules=("Schuldregeling",), first_invoice="2026-00001")
    for word in row["facts"].split():
        change: dict[str, Any] = OTHERS[word] if word in OTHERS else {DAYS[word]: DAY}
        facts = replace(facts, **change)
    return facts


@pytest.mark.parametrize("row", ROWS, ids=[row["test"] for row in ROWS])
def test_the_list_follows_from_the_facts(row: dict[str, str]) -> None:
    facts = facts_from(row)
    found = rules.tasks(facts)
    assert [task.item.value for task in found if task.done] == row["done"].split()
    assert [task.item.value for task in found if task.status is Status.OPEN] == row["open"].split()
    first = rules.first_open(facts)
    assert (first.item.value if first else "") == row["first"]
    assert (first.turn.value if first else "") == row["turn"]
    assert all(task.explanation for task in found if not task.done)


def test_the_channel_decides_which_checks_apply() -> None:
    def items(channel: Channel) -> set[Item]:
        return {task.item for task in rules.tasks(Facts(channel, Stage.ACCEPTED))}

    assert Item.E_HERKENNING in items(Channel.PORTAL) & items(Channel.CSV)
    assert items(Channel.SYSTEM) >= {Item.CERTIFICATE, Item.ACCEPTANCE_TEST}
    assert not items(Channel.SYSTEM) & {Item.E_HERKENNING}
    assert not items(Channel.PORTAL) & {Item.CERTIFICATE, Item.ACCEPTANCE_TEST}


def test_a_task_is_open_since_the_last_thing_it_waited_for() -> None:
    later = DAY + timedelta(days=9)
    facts = Facts(Channel.PORTAL, Stage.SUBMITTED, submitted_on=DAY, accepted_on=later)
    authority = rules.task_of(facts, Item.AUTHORITY)
    modules = rules.task_of(facts, Item.MODULES)
    assert authority is not None
    assert authority.open_since == later
    assert modules is not None
    assert modules.open_since == DAY


def test_obstacles_are_named_in_one_sentence() -> None:
    facts = Facts(Channel.PORTAL, Stage.ACCEPTED, submitted_on=DAY, accepted_on=DAY, wants_legal_review=True)
    first = rules.obstacles(facts, Item.SIGNED)
    assert rules.still_to_do(first) == "Nog te doen: Juridische beoordeling en Tekenbevoegdheid vastgesteld."
    assert rules.obstacles(facts, Item.AUTHORITY) == []


def test_onboarding_does_not_count_for_progress() -> None:
    row = next(row for row in ROWS if row["test"] == "live without onboarding")
    done, total = rules.progress(rules.tasks(facts_from(row)))
    assert done == total


@pytest.mark.parametrize(
    ("channel", "basis", "missing"),
    [
        (Channel.PORTAL, Basis.FILES, ["een functioneel beheerder", "het aantal schulddossiers per jaar"]),
        (Channel.SYSTEM, Basis.INHABITANTS, ["een technisch contact", "de gemeenten waarvoor u werkt"]),
        (Channel.CSV, Basis.NONE, ["een functioneel beheerder"]),
    ],
)
def test_what_is_missing_depends_on_channel_and_basis(channel: Channel, basis: Basis, missing: list[str]) -> None:
    empty = Details(channel, basis, False, False, False, False, False, False)
    always = {
        "het KvK-nummer of het OIN",
        "naam, functie en e-mailadres van de tekeningsbevoegde",
        "de factuurgegevens",
    }
    assert [what for what in rules.missing_details(empty) if what not in always] == missing
    assert rules.missing_details(Details(channel, basis, True, True, True, True, True, True)) == ()
