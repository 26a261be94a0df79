"""The rules of versions, messages and switching on, by the examples in CSV."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from catalogue.activation.rules import Applicant, Offered, objection
from catalogue.messages.kinds import MessageKind, Party
from catalogue.messages.rules import Sending, may_send, why_parties_are_refused
from catalogue.rules import chain_of_versions
from catalogue.versions.kinds import Gate, VersionState
from catalogue.versions.rules import Days, GateFacts, shut_gates, state_of, waits_for_decision, why_not_released
from participants.kinds import Channel

EXAMPLES = Path(__file__).parent / "examples"
DAY = date(2026, 11, 1)


def examples(name: str) -> list[dict[str, str]]:
    with (EXAMPLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_name(name: str) -> pytest.MarkDecorator:
    rows = examples(name)
    return pytest.mark.parametrize("row", rows, ids=[row["name"] for row in rows])


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def facts_of(row: dict[str, str]) -> GateFacts:
    def since(name: str) -> date | None:
        return DAY if row[name] == "ja" else None

    return GateFacts(
        since("messages"),
        int(row["message_types"]),
        since("agreements"),
        int(row["process_agreements"]),
        since("built"),
        since("tested"),
        since("dpia"),
        since("security"),
        since("decided"),
    )


@by_name("which_gates_are_shut")
def test_which_gates_are_shut(row: dict[str, str]) -> None:
    shut = shut_gates(facts_of(row))
    assert [gate.value for gate in shut] == row["shut"].split()
    assert waits_for_decision(facts_of(row)) == (row["shut"] == "decision")


def test_the_sentence_names_every_gate_that_is_shut_and_who_can_lift_it() -> None:
    sentence = why_not_released("Voorbeeldmodule 1.0", list(Gate))
    for gate in Gate:
        assert gate.in_a_sentence in sentence
        assert gate.lifted_by in sentence


@by_name("who_may_send_which_message")
def test_who_may_send_which_message(row: dict[str, str]) -> None:
    message = Sending(MessageKind(row["kind"]), frozenset(Party(name) for name in row["senders"].split()))
    assert may_send(row["role"], message) == (row["may"] == "ja")


@pytest.mark.parametrize(
    ("kind", "senders", "receivers", "answer"),
    [
        (MessageKind.BALANCE_REQUEST, [Party.CREDITOR], [Party.DEBT_COUNSELLOR], "Schuldeiser mag dit soort bericht"),
        (MessageKind.PROPOSAL_ANSWER, [Party.DEBT_COUNSELLOR], [Party.CREDITOR], "Alleen een schuldeiser mag dat."),
        (MessageKind.NOTICE, [], [Party.CREDITOR], "ten minste één afzender"),
        (MessageKind.NOTICE, [Party.CREDITOR], [], "ten minste één afzender"),
        (MessageKind.NOTICE, [Party.CREDITOR], [Party.ADMINISTRATOR], None),
    ],
)
def test_parties_that_do_not_fit_are_refused(
    kind: MessageKind, senders: list[Party], receivers: list[Party], answer: str | None
) -> None:
    why = why_parties_are_refused(kind, senders, receivers)
    assert (why is None) if answer is None else (why is not None and answer in why)


@by_name("when_a_version_may_be_switched_on")
def test_when_a_version_may_be_switched_on(row: dict[str, str]) -> None:
    version = Offered(
        "Voorbeeldmodule 1.0",
        day(row["released_on"]),
        tuple(Gate(name) for name in row["shut"].split()),
        day(row["announced_on"]),
        day(row["retires_on"]),
        frozenset(Channel(name) for name in row["channels"].split()),
        row["addendum"] == "ja",
    )
    participant = Applicant(
        Channel(row["channel"]),
        row["accepted"] == "ja",
        row["product"] or None,
        row["supports"] == "ja",
        row["tested"] == "ja",
    )
    found = objection(version, participant, date.fromisoformat(row["on"]))
    if row["answer"]:
        assert found is not None
        assert row["answer"] in found.sentence
        assert found.lifted_by.endswith(".")
    else:
        assert found is None


@by_name("how_far_a_version_is")
def test_how_far_a_version_is(row: dict[str, str]) -> None:
    days = Days(
        *(day(row[name]) for name in ("started_on", "released_on", "announced_on", "retires_on", "successor_on"))
    )
    assert state_of(days, date.fromisoformat(row["on"])) is VersionState(row["state"])


@by_name("which_version_was_used_when")
def test_which_version_was_used_when(row: dict[str, str]) -> None:
    released = [date.fromisoformat(text) for text in row["released_on"].split()]
    chain = chain_of_versions(released, date.fromisoformat(row["since"]))
    told = "|".join(f"{n} {start} {end or '-'}" for n, start, end in chain)
    assert told == row["periods"]
