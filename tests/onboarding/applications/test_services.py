"""Filling in, submitting, deciding: without the web."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import clock
from core import db as database
from core.audit import SYSTEM
from core.db import scoped, transaction
from core.errors import Refused, UserError
from core.mail import OutboxMessage
from identity.services import actor_of
from onboarding.applications import queries, services
from onboarding.applications.drafts import ChangedMeanwhile
from onboarding.applications.duplicates import AlreadyApplied
from onboarding.applications.kinds import Step
from onboarding.applications.services import AlreadyReceived
from onboarding.kinds import ApplicationStage
from onboarding.models import Application
from participants import queries as participants
from participants.models import Organisation, Participant
from tests.onboarding.applications.conftest import (
    CREDITOR,
    EMAIL,
    SIGNATORY,
    MakeApplication,
    applicant,
    applicant_actor,
    company,
)
from tests.people import People

Mails = Callable[[str], list[OutboxMessage]]
Events = Callable[[], list[str]]


def submit(session: Session, row: Application, key: str = "the key of one page") -> Participant:
    return services.submit(row, applicant_actor(session, row), key)


# ------------------------------------------------------------------------------------------- filling in


def test_a_page_is_stored_as_a_whole_and_leaves_a_sentence(
    session: Session, filled_in: MakeApplication, events: Events
) -> None:
    row = filled_in(unit=None, channel=None)
    before = events().count("onboarding:application:step_saved")

    services.save_step(row, Step.CHANNEL, {"channel": "portal"})
    services.save_step(row, Step.CHANNEL, {"channel": "portal"})

    assert row.answers["channel"] == {"channel": "portal"}
    assert events().count("onboarding:application:step_saved") == before + 1, "the same answer again changes nothing"
    with pytest.raises(UserError):
        services.save_step(row, Step.SIGNATORY, {**SIGNATORY, "function": ""})
    assert row.answers["signatory"] == SIGNATORY


@pytest.mark.parametrize(
    ("step", "values", "field"),
    [
        (Step.ORGANISATION, {"organisation_id": 999_999_999}, "organisation_id"),
        (Step.ORGANISATION, {"new": company(kind="municipality")}, "kind"),
        (Step.ROLE, {"code": "court"}, "code"),
        (Step.ROLE, {"code": "king"}, "code"),
        (Step.MODULES, {"codes": ["administration_notices"]}, "codes"),
        (Step.MODULES, {"codes": ["national_pause"]}, "codes"),
        (Step.MUNICIPALITIES, {"ids": [999_999_999]}, "ids"),
    ],
)
def test_what_does_not_exist_or_does_not_fit_is_refused(
    step: Step, values: dict[str, object], field: str, filled_in: MakeApplication
) -> None:
    with pytest.raises(UserError) as refused:
        services.save_step(filled_in(), step, values)

    assert refused.value.field == field


def test_a_page_of_another_kind_of_application_cannot_be_stored(filled_in: MakeApplication) -> None:
    with pytest.raises(UserError, match="hoort niet bij deze aanmelding"):
        services.save_step(filled_in(), Step.FILES, {"number": 12})


def test_a_dissolved_organisation_cannot_be_chosen(
    session: Session, filled_in: MakeApplication, neighbour: Organisation
) -> None:
    row = filled_in()
    neighbour.ends_before = clock.today()
    session.commit()

    with pytest.raises(UserError, match="bestaat niet meer"):
        services.save_step(row, Step.ORGANISATION, {"organisation_id": neighbour.id})


def test_a_page_that_was_changed_meanwhile_is_not_overwritten(filled_in: MakeApplication) -> None:
    row = filled_in()
    seen = queries.progress(row).fingerprint(Step.SIGNATORY)
    services.save_step(row, Step.SIGNATORY, {**SIGNATORY, "name": "Iemand Anders"}, seen=seen)

    with pytest.raises(ChangedMeanwhile, match="Een collega heeft dit intussen gewijzigd"):
        services.save_step(row, Step.SIGNATORY, SIGNATORY, seen=seen)


# ------------------------------------------------------------------------------------------- submitting


def test_submitting_makes_a_participant_for_who_applied(
    session: Session, filled_in: MakeApplication, events: Events, mails: Mails
) -> None:
    row = filled_in()

    made = submit(session, row)

    assert (row.stage, row.participant_id) == (ApplicationStage.SUBMITTED, made.id)
    assert row.submitted_at is not None
    allowed = participants.permissions_of(applicant(session, row).id, clock.today())[made.id]
    assert "own:users" in allowed
    assert "own:sign" not in allowed, "somebody else is the signatory"
    assert "onboarding:application:submitted" in events()
    assert row.number in mails(EMAIL)[-1].body


def test_sending_twice_stores_once(session: Session, filled_in: MakeApplication) -> None:
    row = filled_in()
    submit(session, row, "the key of one page")
    session.commit()

    for key in ("the key of one page", "the key of another page"):
        with pytest.raises(AlreadyReceived) as refused, transaction():
            submit(session, row, key)
        assert refused.value.message == (
            f"Uw aanmelding was al ontvangen (nummer {row.number}). Er is niets dubbel opgeslagen."
        )
    assert session.scalar(select(func.count()).select_from(Participant)) == 1


def test_an_incomplete_application_says_which_page_is_missing(session: Session, filled_in: MakeApplication) -> None:
    row = filled_in(invoice=None)

    with pytest.raises(UserError, match="Vul eerst 'Factuurgegevens' in"):
        submit(session, row)


def test_applying_again_for_the_same_unit_is_refused_with_the_way_to_the_first(
    session: Session, filled_in: MakeApplication, submitted: MakeApplication, events: Events
) -> None:
    with clock.at(clock.now()):
        first = submitted()
        day = f"{clock.today().day} "
    with pytest.raises(AlreadyApplied) as refused, transaction():
        filled_in()

    assert refused.value.message.startswith(f"U bent al aangemeld als schuldhulpverlener (ingediend op {day}")
    assert refused.value.message.endswith("Bekijk die aanmelding.")
    assert refused.value.number == first.number
    assert "onboarding:application:duplicate_refused" in events()


def test_somebody_else_hears_that_the_organisation_applied_without_a_link(
    filled_in: MakeApplication, submitted: MakeApplication
) -> None:
    submitted()
    row = filled_in(email="ander@voorbeeldveld.invalid", unit={"name": "Wijkteam Zuid"})

    with pytest.raises(AlreadyApplied) as refused, transaction():
        services.save_step(row, Step.UNIT, {"name": None})

    assert refused.value.message.startswith("Uw organisatie is al aangemeld als schuldhulpverlener (ingediend op ")
    assert refused.value.number is None


def test_another_unit_or_another_role_may_apply(session: Session, submitted: MakeApplication) -> None:
    submitted()
    submitted(unit={"name": "Wijkteam Zuid"})
    submitted(role={"code": "shv_phase_1"}, modules={"codes": ["debt_inventory"]})

    assert session.scalar(select(func.count()).select_from(Participant)) == 3


def test_two_drafts_for_the_same_unit_end_in_one_participant(session: Session, filled_in: MakeApplication) -> None:
    one, other = filled_in(), filled_in(email="ander@voorbeeldveld.invalid")
    submit(session, one, "the key of one page")
    session.commit()

    with pytest.raises(AlreadyApplied), transaction():
        submit(session, other, "the key of another page")


def test_a_known_kvk_number_makes_no_second_organisation(session: Session, submitted: MakeApplication) -> None:
    creditor = {"role": {"code": "creditor"}, "municipalities": None, **CREDITOR}
    one = submitted(organisation={"new": company()}, **creditor)
    two = submitted(organisation={"new": company(name="V.I. Incasso")}, unit={"name": "Noord"}, **creditor)

    assert one.participant is not None
    assert two.participant is not None
    assert one.participant.organisation_id == two.participant.organisation_id
    assert two.participant.organisation.name == "Voorbeeld Incasso B.V."


def test_an_applicant_submits_in_his_own_scope(session: Session, filled_in: MakeApplication) -> None:
    row = filled_in(email=SIGNATORY["email"])
    account, number = applicant(session, row), row.number
    session.commit()

    with scoped(database.participant(account.id, ())), transaction():
        services.submit(queries.application(number), actor_of(account), "the key of one page")

    row = queries.application(number)
    allowed = participants.permissions_of(account.id, clock.today())
    assert "own:sign" in allowed[row.participant_id or 0], "the applicant is the signatory"


def test_a_stranger_sees_no_application(session: Session, submitted: MakeApplication, people: People) -> None:
    submitted()
    stranger = people.applicant()

    for scope in (database.participant(stranger.id, ()), database.VISITOR, database.PUBLIC):
        with scoped(scope):
            session.expire_all()
            assert session.scalar(select(func.count()).select_from(Application)) == 0


def test_only_a_municipality_that_regulates_debts_gets_a_companion(
    session: Session, submitted: MakeApplication
) -> None:
    row = submitted()
    companion = services.start_companion(row, applicant_actor(session, row))
    again = services.start_companion(row, applicant_actor(session, row))

    assert companion.id == again.id
    assert companion.companion_of_id == row.id
    assert companion.answers["role"] == {"code": "creditor"}
    assert companion.answers["invoice"] == row.answers["invoice"]
    assert queries.progress(companion).first_open is Step.UNIT
    with pytest.raises(Refused):
        services.start_companion(companion, SYSTEM)
