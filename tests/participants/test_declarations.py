"""What a participant declares: the first number at once, a later one after a colleague of finance agreed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import approvals, audit, clock
from core.approvals import Approval, Outcome
from core.audit import SYSTEM
from core.db import transaction
from core.errors import Refused
from identity.kinds import ParticipantRole, StaffRole
from identity.models import Account
from identity.services import actor_of
from participants import queries, services
from participants.declarations.services import declare
from participants.kinds import MeasurementKind, Stage
from participants.models import Participant
from tests.browser import Browser, Page
from tests.participants.conftest import MakeParticipant
from tests.people import People

TODAY = date(2026, 11, 3)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def participant(make_participant: MakeParticipant) -> Participant:
    return make_participant(stage=Stage.LIVE)


@pytest.fixture
def subscribed(participant: Participant, session: Session) -> Participant:
    """With a running subscription and 4200 files per year."""
    services.open_connection(SYSTEM, participant.id, date(2024, 1, 1))
    services.record_measurement(
        SYSTEM,
        MeasurementKind.FILES,
        4200,
        measured_on=date(2024, 1, 1),
        source="eigen opgave",
        participant_id=participant.id,
    )
    session.commit()
    return participant


@pytest.fixture
def ria(people: People) -> Account:
    return people.staff(StaffRole.RELATIONS, name="Ria Relatie")


@pytest.fixture
def fred(people: People) -> Account:
    return people.staff(StaffRole.FINANCE, name="Fred Financiën")


def files(participant: Participant) -> int | None:
    found = queries.latest_measurement(MeasurementKind.FILES, participant_id=participant.id)
    return found.value if found else None


def fill_in(browser: Browser, participant: Participant, button: str, expect: int = 200, **answers: str) -> Page:
    page = browser.get(f"/beheer/deelnemers/{participant.id}/opgave")
    values = {"value": "12.000", "measured_on": "1-11-2026", "reason": "Mail van 1 november.", **answers}
    return browser.submit(page, button, expect, **values)


def test_the_first_number_is_recorded_at_once(browser: Browser, participant: Participant, ria: Account) -> None:
    browser.sign_in(ria)
    start = browser.get(f"/beheer/deelnemers/{participant.id}")
    assert browser.get(start.link("Opgave vastleggen")).heading == "Opgave vastleggen"
    page = fill_in(browser, participant, "Opgave vastleggen")
    assert "De opgave is vastgelegd." in page.text
    assert files(participant) == 12000
    assert "Opgave van 12.000 schulddossiers per jaar: Mail van 1 november." in page.text
    lines = [line.sentence for line in audit.timeline(participant_id=participant.id, for_staff=True)]
    assert any("12.000" in line and line.startswith("Ria Relatie") for line in lines)


def test_zero_is_a_number(browser: Browser, participant: Participant, ria: Account) -> None:
    fill_in(browser.sign_in(ria), participant, "Opgave vastleggen", value="0")
    assert files(participant) == 0


def test_another_number_waits_for_finance_once_a_subscription_runs(
    app: Flask, browser: Browser, subscribed: Participant, ria: Account, fred: Account, session: Session
) -> None:
    page = fill_in(browser.sign_in(ria), subscribed, "Akkoord vragen")
    assert "De opgave telt pas mee na akkoord." in page.text
    assert files(subscribed) == 4200
    approval = session.execute(select(Approval)).scalar_one()
    finance = Browser(app).sign_in(fred)
    request = finance.get(f"/beheer/akkoord/{approval.id}")
    assert "4.200 (opgave van 1-1-2024) 12.000 (opgave van 1-11-2026)" in request.text
    finance.submit(request, "Akkoord geven")
    assert files(subscribed) == 12000
    lines = [line.sentence for line in audit.timeline(participant_id=subscribed.id, for_staff=True)]
    assert any("12.000" in line and line.startswith("Fred Financiën") for line in lines)


def test_a_second_request_waits_for_the_first(browser: Browser, subscribed: Participant, ria: Account) -> None:
    form = browser.sign_in(ria).get(f"/beheer/deelnemers/{subscribed.id}/opgave")
    fill_in(browser, subscribed, "Akkoord vragen")
    answers = {"value": "1", "measured_on": "1-11-2026", "reason": "Nog een."}
    page = browser.submit(form, "Akkoord vragen", 422, **answers)
    assert page.errors == ["Er ligt al een opgave bij een collega. Wacht op het besluit daarover."]
    assert "U kunt nu geen opgave vastleggen" in browser.get(f"/beheer/deelnemers/{subscribed.id}/opgave").text


def test_who_asked_does_not_agree(subscribed: Participant, people: People, session: Session) -> None:
    both = people.staff(StaffRole.RELATIONS, StaffRole.FINANCE)
    with transaction():
        request = declare(subscribed, 9, TODAY, actor_of(both), reason="Mail.")
    assert request is not None
    with pytest.raises(Refused, match="U hebt dit zelf gevraagd"), transaction():
        approvals.approve(request.id, actor_of(both))
    assert files(subscribed) == 4200


def test_a_participant_that_ended_meanwhile_is_left_alone(
    subscribed: Participant, ria: Account, fred: Account, session: Session
) -> None:
    with transaction():
        request = declare(subscribed, 9, TODAY, actor_of(ria), reason="Mail.")
        subscribed.stage = Stage.ENDED
    assert request is not None
    with pytest.raises(Refused, match="gesloten"), transaction():
        approvals.approve(request.id, actor_of(fred))
    session.expire_all()
    assert (files(subscribed), request.outcome) == (4200, Outcome.WAITING)


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"value": ""}, "Vul het aantal schulddossiers per jaar in."),
        ({"value": "veel"}, "Vul een heel getal in, zonder komma, bijvoorbeeld 1250."),
        ({"value": "-1"}, "Vul een getal in van 0 tot en met 10.000.000."),
        ({"value": "12,5"}, "Vul een heel getal in, zonder komma, bijvoorbeeld 1250."),
        ({"value": "9" * 40}, None),
        ({"measured_on": "4-11-2026"}, "Deze dag ligt in de toekomst. Vul de dag van de opgave in."),
        ({"measured_on": "1-1-1900"}, "Deze dag ligt te ver in het verleden. Controleer het jaar."),
        ({"measured_on": "30-2-2026"}, None),
        ({"reason": ""}, "Schrijf waar de opgave te vinden is."),
        ({"reason": "x" * 1001}, None),
        ({"reason": "a\0b"}, None),
    ],
)
def test_wrong_answers_are_explained_and_change_nothing(
    browser: Browser, participant: Participant, ria: Account, answers: dict[str, str], message: str | None
) -> None:
    page = fill_in(browser.sign_in(ria), participant, "Opgave vastleggen", 422, **answers)
    assert len(page.errors) == 1
    assert message is None or page.errors == [message]
    assert files(participant) is None


def test_a_role_that_is_not_counted_by_files_has_no_declaration(
    browser: Browser, make_participant: MakeParticipant, ria: Account
) -> None:
    row = make_participant(role_code="shv_phase_2")
    browser.sign_in(ria)
    assert "Opgave vastleggen" not in browser.get(f"/beheer/deelnemers/{row.id}").text
    page = browser.get(f"/beheer/deelnemers/{row.id}/opgave")
    assert "telt het aantal schulddossiers niet mee" in page.text
    with pytest.raises(Refused, match="telt het aantal schulddossiers niet mee"):
        declare(row, 1, TODAY, actor_of(ria), reason="Mail.")


def test_who_may(app: Flask, participant: Participant, people: People) -> None:
    address = f"/beheer/deelnemers/{participant.id}/opgave"
    for role in StaffRole:
        Browser(app).sign_in(people.staff(role)).get(address, 200 if role is StaffRole.RELATIONS else 403)
    Browser(app).sign_in(people.of(participant, ParticipantRole.REPRESENTATIVE)).get(address, 403)
    Browser(app).sign_in(people.staff(StaffRole.RELATIONS)).get("/beheer/deelnemers/999999/opgave", 404)
