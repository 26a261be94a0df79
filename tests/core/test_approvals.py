"""Four eyes: the maker is never the checker."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Barrier

import pytest
from sqlalchemy import select

from core import approvals, audit
from core.approvals import Approval, Kind, Outcome, approve, decline, request_approval
from core.audit import SYSTEM, Actor, AuditEvent, Person
from core.db import session, transaction
from core.errors import NotFound, Refused
from tests.core.conftest import Installation


@pytest.fixture
def kind() -> Iterator[Kind]:
    """A change that renames a person."""

    def carry_out(row: Approval, _actor: Actor) -> None:
        if row.payload["to"] == "fout":
            raise Refused("Deze naam kan niet.")
        session().add(Person(name=row.payload["to"]))

    yield approvals.register(Kind("tests:rename", "Naam wijzigen", "role:approve", carry_out))
    del approvals.KINDS["tests:rename"]


@pytest.fixture
def maker(installation: Installation) -> Actor:
    return somebody("Marieke")


@pytest.fixture
def checker(installation: Installation) -> Actor:
    return somebody("Karim")


def somebody(name: str) -> Actor:
    with transaction():
        person = Person(name=name)
        session().add(person)
    return Actor("staff", person.key)


def asked(kind: Kind, maker: Actor, to: str = "Nieuw") -> int:
    with transaction():
        row = request_approval(kind, maker, f"naam wordt {to}", {"to": to}, before={"naam": "Oud"}, after={"naam": to})
    return row.id


def sentences() -> list[str]:
    rows = session().execute(
        select(AuditEvent, Person.name).outerjoin(Person, Person.key == AuditEvent.actor_key).order_by(AuditEvent.id)
    )
    return [audit.sentence(row, audit.actor_name(row, name, for_staff=True)) for row, name in rows]


def made() -> bool:
    return session().scalar(select(Person).where(Person.name == "Nieuw")) is not None


def test_a_request_changes_nothing_until_a_colleague_approves(kind: Kind, maker: Actor, checker: Actor) -> None:
    number = asked(kind, maker)
    assert not made()
    assert [row.id for row in approvals.waiting()] == [number]
    with transaction():
        row = approve(number, checker)
    assert (row.outcome, row.decided_by, made()) == (Outcome.APPROVED, checker.person, True)
    assert approvals.waiting() == []
    assert sentences() == [
        "Marieke vroeg een collega om akkoord: naam wordt Nieuw.",
        "Karim gaf akkoord: naam wordt Nieuw.",
    ]


def test_the_maker_is_refused_and_that_is_on_the_trail(kind: Kind, maker: Actor) -> None:
    number = asked(kind, maker)
    with pytest.raises(Refused, match="U hebt dit zelf gevraagd"), transaction():
        approve(number, maker)
    with pytest.raises(Refused, match="zelf gevraagd"), transaction():
        decline(number, maker, "Toch niet.")
    assert not made()
    assert session().get_one(Approval, number).outcome is Outcome.WAITING
    refusal = "Marieke wilde het eigen verzoek goedkeuren (naam wordt Nieuw); dat mag alleen een collega."
    assert sentences()[1:] == [refusal, refusal]


def test_the_system_approves_nothing_and_asks_nothing(kind: Kind, maker: Actor) -> None:
    number = asked(kind, maker)
    with pytest.raises(Refused), transaction():
        approve(number, SYSTEM)
    with pytest.raises(Refused, match="Alleen een medewerker"), transaction():
        request_approval(kind, SYSTEM, "iets", {}, before={}, after={})
    assert not made()


def test_a_colleague_who_declines_says_why(kind: Kind, maker: Actor, checker: Actor) -> None:
    number = asked(kind, maker)
    with pytest.raises(Refused) as refused, transaction():
        decline(number, checker, "  ")
    assert refused.value.field == "reason"
    with transaction():
        decline(number, checker, " De naam klopt niet. ")
    assert session().get_one(Approval, number).reason == "De naam klopt niet."
    assert not made()
    assert sentences()[-1] == "Karim gaf geen akkoord: naam wordt Nieuw. Reden: De naam klopt niet."


def test_what_was_decided_stays_decided(kind: Kind, maker: Actor, checker: Actor) -> None:
    number = asked(kind, maker)
    with transaction():
        decline(number, checker, "Nee.")
    with pytest.raises(Refused, match="al over besloten"), transaction():
        approve(number, checker)
    assert not made()


def test_a_change_that_cannot_be_carried_out_is_not_approved(kind: Kind, maker: Actor, checker: Actor) -> None:
    number = asked(kind, maker, "fout")
    with pytest.raises(Refused, match="Deze naam kan niet"), transaction():
        approve(number, checker)
    assert session().get_one(Approval, number).outcome is Outcome.WAITING


def test_a_request_of_a_kind_that_no_longer_exists_can_only_be_declined(
    kind: Kind, maker: Actor, checker: Actor
) -> None:
    number = asked(kind, maker)
    with transaction():
        session().get_one(Approval, number).kind = "tests:gone"
    with pytest.raises(Refused, match="soort die niet meer bestaat"), transaction():
        approve(number, checker)
    with transaction():
        decline(number, checker, "Bestaat niet meer.")


def test_a_request_that_does_not_exist_is_not_found(checker: Actor) -> None:
    with pytest.raises(NotFound), transaction():
        approve(12345, checker)


def test_two_colleagues_who_approve_at_once_carry_it_out_once(
    installation: Installation, kind: Kind, maker: Actor, checker: Actor
) -> None:
    number = asked(kind, maker)
    third = somebody("Fatima")
    together = Barrier(2)

    def approving(actor: Actor) -> str:
        assert session().get_one(Approval, number).outcome is Outcome.WAITING  # the page was read before
        together.wait(5)
        try:
            with transaction():
                approve(number, actor)
        except Refused as refused:
            return refused.message
        return "akkoord"

    outcomes = installation.at_once(lambda: approving(checker), lambda: approving(third))
    assert sorted(future.result() for future in outcomes) == ["Een collega heeft hier al over besloten.", "akkoord"]
    assert len(session().scalars(select(Person).where(Person.name == "Nieuw")).all()) == 1
