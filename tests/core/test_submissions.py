"""A form that is sent twice acts once."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock, submissions
from core import db as database
from core.audit import Person
from core.db import scoped, transaction
from core.db import session as current_session
from core.errors import UserError
from core.submissions import Submission, first_time, new_key, remember, result_of
from tests.core.conftest import Installation


def act(key: str) -> str:
    """What a view does: act at the first sending, otherwise tell what came of it."""
    with transaction():
        if not first_time(key):
            return f"Uw aanmelding was al ontvangen (nummer {result_of(key)})."
        current_session().add(Person(name="Aangemeld"))
        remember(key, "A-7")
        return "gedaan"


def people() -> int:
    return len(current_session().scalars(select(Person)).all())


def test_the_second_sending_hears_what_the_first_led_to(installation: Installation) -> None:
    key = new_key()
    assert act(key) == "gedaan"
    assert act(key) == "Uw aanmelding was al ontvangen (nummer A-7)."
    assert act(new_key()) == "gedaan"
    assert people() == 2


def test_two_sendings_at_the_same_moment_act_once(installation: Installation) -> None:
    key, together = new_key(), Barrier(4)

    def send() -> str:
        together.wait(5)
        return act(key)

    outcomes = sorted(future.result() for future in installation.at_once(*[send] * 4))
    assert outcomes == ["Uw aanmelding was al ontvangen (nummer A-7)."] * 3 + ["gedaan"]
    assert people() == 1


def test_a_sending_that_failed_may_be_sent_again(installation: Installation) -> None:
    key = new_key()
    with pytest.raises(ZeroDivisionError), transaction():
        assert first_time(key)
        raise ZeroDivisionError
    assert act(key) == "gedaan"


def test_a_visitor_may_send(installation: Installation) -> None:
    with scoped(database.VISITOR):
        key = new_key()
        with transaction():
            assert first_time(key)
        with transaction():
            assert not first_time(key)


@pytest.mark.parametrize("key", [None, "", "kort", "x" * 15, "\x00" * 30, "é" * 30])
def test_a_key_that_we_did_not_make_is_refused(session: Session, key: str | None) -> None:
    with pytest.raises(UserError, match="Ververs de pagina"):
        first_time(key)


def test_a_key_of_five_megabytes_is_cut(session: Session) -> None:
    assert first_time("x" * 5_000_000)
    assert session.scalars(select(Submission.key)).one() == "x" * 200


def test_keys_differ() -> None:
    assert len({new_key() for _ in range(1000)}) == 1000


def test_old_keys_are_forgotten(session: Session) -> None:
    with clock.at(clock.now() - timedelta(days=31)):
        first_time(old := new_key())
    first_time(fresh := new_key())
    assert submissions.forget_old() == 1
    assert first_time(old)
    assert not first_time(fresh)
