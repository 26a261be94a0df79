"""Deciding on applications, withdrawing them, and the job that clears drafts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import clock
from core import db as database
from core.audit import SYSTEM, AuditEvent
from core.db import scoped, transaction
from core.errors import Refused
from core.jobs import run
from core.mail import OutboxMessage
from identity.kinds import StaffRole
from identity.models import Account
from identity.services import actor_of
from onboarding.applications import services
from onboarding.applications.kinds import Step
from onboarding.kinds import ApplicationStage
from participants import queries as participants
from participants.kinds import Stage
from tests.onboarding.applications.conftest import (
    EMAIL,
    SIGNATORY,
    MakeApplication,
    applicant_actor,
)
from tests.people import People

Mails = Callable[[str], list[OutboxMessage]]
Events = Callable[[], list[str]]


# ------------------------------------------------------------------------------------------- deciding


@pytest.fixture
def colleague(people: People) -> Account:
    return people.staff(StaffRole.RELATIONS, name="Ria Relatie")


def test_accepting_remembers_who_did_and_invites_the_signatory(
    session: Session, submitted: MakeApplication, colleague: Account, mails: Mails, events: Events
) -> None:
    row = submitted()
    assert row.participant_id is not None

    with scoped(database.staff(colleague.id)), transaction():
        services.accept(row.participant_id, actor_of(colleague))

    session.expire_all()
    assert row.participant is not None
    assert row.participant.stage is Stage.ACCEPTED
    assert row.accepted_by == colleague.person_key
    signatory = session.execute(select(Account).where(Account.email == SIGNATORY["email"])).scalar_one()
    allowed = participants.permissions_of(signatory.id, clock.today())
    assert "own:sign" in allowed[row.participant_id]
    assert "/link/" in mails(SIGNATORY["email"])[-1].body
    assert "Tine Tekenaar" in mails(EMAIL)[-1].body
    assert "onboarding:application:accepted" in events()


def test_refusing_needs_a_reason_that_is_kept_and_mailed(
    session: Session, submitted: MakeApplication, colleague: Account, mails: Mails
) -> None:
    row = submitted(
        contacts={
            **dict.fromkeys(("technical", "financial", "privacy"), "applicant"),
            "functional": "other",
            "functional_name": "Fien Functioneel",
            "functional_email": "fien@voorbeeldveld.invalid",
        }
    )
    assert row.participant_id is not None
    with pytest.raises(Refused, match="Schrijf in één of twee zinnen waarom"), transaction():
        services.refuse(row.participant_id, actor_of(colleague), "  ")

    services.refuse(row.participant_id, actor_of(colleague), "Het KvK-nummer hoort bij een ander.")

    assert row.participant is not None
    assert row.participant.stage is Stage.REFUSED
    assert row.refusal_reason == "Het KvK-nummer hoort bij een ander."
    for email in (EMAIL, "fien@voorbeeldveld.invalid"):
        assert "Het KvK-nummer hoort bij een ander." in mails(email)[-1].body


def test_a_refused_organisation_may_apply_again_and_the_first_request_stays(
    session: Session, submitted: MakeApplication, colleague: Account
) -> None:
    first = submitted()
    services.refuse(first.participant_id or 0, actor_of(colleague), "Verkeerde rol.")
    session.commit()

    second = submitted()

    assert second.participant_id != first.participant_id
    assert first.refusal_reason == "Verkeerde rol."


def test_the_second_of_two_deciding_colleagues_hears_that_he_is_late(
    submitted: MakeApplication, colleague: Account, people: People, session: Session
) -> None:
    row = submitted()
    services.accept(row.participant_id or 0, actor_of(colleague))
    session.commit()
    other = people.staff(StaffRole.RELATIONS)

    with pytest.raises(Refused, match="de stand is nu 'geaccepteerd'"), transaction():
        services.refuse(row.participant_id or 0, actor_of(other), "Te laat.")

    assert session.scalar(select(func.count()).where(AuditEvent.name == "core:transition:refused")) == 1
    assert row.refusal_reason is None


def test_a_signatory_with_the_address_of_our_staff_is_noticed(submitted: MakeApplication, colleague: Account) -> None:
    row = submitted(signatory={**SIGNATORY, "email": colleague.email})

    with pytest.raises(Refused, match="hoort bij een medewerker"), transaction():
        services.accept(row.participant_id or 0, actor_of(colleague))


def test_the_system_cannot_accept(submitted: MakeApplication) -> None:
    with pytest.raises(Refused, match="Alleen een medewerker"):
        services.accept(submitted().participant_id or 0, SYSTEM)


def test_withdrawing_keeps_the_request_and_frees_the_unit(
    session: Session, submitted: MakeApplication, mails: Mails
) -> None:
    row = submitted()

    services.withdraw(row, applicant_actor(session, row), "Toch niet.")
    session.commit()

    assert row.participant is not None
    assert row.participant.stage is Stage.WITHDRAWN
    assert mails(EMAIL)[-1].subject == f"Uw aanmelding is ingetrokken ({row.number})"
    assert submitted().number != row.number


def test_after_signing_nobody_withdraws_an_application(session: Session, submitted: MakeApplication) -> None:
    row = submitted()
    assert row.participant is not None
    row.participant.stage = Stage.SIGNED

    with pytest.raises(Refused), transaction():
        services.withdraw(row, applicant_actor(session, row))


def test_a_draft_is_withdrawn_without_a_participant(session: Session, filled_in: MakeApplication) -> None:
    row = filled_in()

    services.withdraw(row, applicant_actor(session, row))

    assert (row.stage, row.participant_id) == (ApplicationStage.WITHDRAWN, None)
    with pytest.raises(Refused):
        services.save_step(row, Step.ROLE, {"code": "creditor"})


def test_interest_becomes_a_draft_by_an_invitation(
    session: Session, colleague: Account, mails: Mails, modules: None
) -> None:
    row = services.register_interest("Voorbeeld Incasso", "Bea", "bea@incasso.invalid", None, SYSTEM)

    with scoped(database.staff(colleague.id)):
        services.invite(row, actor_of(colleague))

    assert row.stage is ApplicationStage.DRAFT
    assert row.account_id is not None
    assert "/link/" in mails("bea@incasso.invalid")[-1].body
    with pytest.raises(Refused), transaction():
        services.invite(row, actor_of(colleague))


# ------------------------------------------------------------------------------------------- the job


def test_drafts_that_nobody_touched_for_ninety_days_are_withdrawn_with_a_mail(
    session: Session, filled_in: MakeApplication, mails: Mails
) -> None:
    with clock.at(clock.now() - timedelta(days=91)):
        old = filled_in()
    with clock.at(clock.now() - timedelta(days=89)):
        young = filled_in(email="jong@voorbeeldveld.invalid")

    assert run("onboarding:withdraw_untouched_drafts") == 1
    assert run("onboarding:withdraw_untouched_drafts") == 0

    session.expire_all()
    assert (old.stage, young.stage) == (ApplicationStage.WITHDRAWN, ApplicationStage.DRAFT)
    assert mails(EMAIL)[-1].subject == f"Uw aanmelding is gestopt ({old.number})"
