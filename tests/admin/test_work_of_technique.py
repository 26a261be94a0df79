"""My work of who looks after the technique, of colleagues who are asked to agree, and of who only reads."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from admin.kinds import WorkKind
from admin.work import ACTING, may_act
from core import clock
from core.jobs import JOBS, JobHeartbeat
from core.mail import Delivery, OutboxMessage
from identity.kinds import STAFF_PERMISSIONS, StaffRole
from identity.models import Account
from identity.services import actor_of
from identity.staff.services import request_role_change
from participants.models import Participant
from tests.admin.conftest import WORK, SignIn, about, kinds, rows_of
from tests.browser import Page
from tests.onboarding.conftest import Journey
from tests.people import People

# ------------------------------------------------------------------------------------------- technique and four eyes


@pytest.fixture
def healthy(session: Session, today: date) -> None:
    """All background jobs succeeded just now."""
    for name in JOBS:
        session.add(JobHeartbeat(name=name, started_at=clock.now(), succeeded_at=clock.now(), duration_ms=1))
    session.commit()


def failed_mail(session: Session, participant: Participant | None = None) -> OutboxMessage:
    row = OutboxMessage(
        queued_at=clock.now() - timedelta(hours=3),
        recipient="weg@deelnemer.invalid",
        subject="Uw aanmelding",
        body="tekst",
        attachments=[],
        participant_id=participant.id if participant else None,
        delivery=Delivery.FAILED,
        last_error="550 unknown",
    )
    session.add(row)
    session.commit()
    return row


def test_failed_mail_waits_on_who_can_send_it_again(healthy: None, sign_in: SignIn, session: Session) -> None:
    failed_mail(session)
    page = sign_in(StaffRole.ADMINISTRATION).get(WORK)
    assert about(page, WorkKind.MAIL) == ["Uw aanmelding Aan weg@deelnemer.invalid."]
    assert rows_of(sign_in(StaffRole.RELATIONS).get(WORK)) == []


def test_failed_mail_about_a_file_also_waits_on_who_can_mend_the_address(
    healthy: None, journey: Journey, sign_in: SignIn, session: Session
) -> None:
    failed_mail(session, journey.prepared())
    for role in (StaffRole.RELATIONS, StaffRole.ADMINISTRATION):
        assert kinds(sign_in(role).get(WORK)) == [WorkKind.MAIL.label]
    assert rows_of(sign_in(StaffRole.AUDITOR).get(WORK)) == []


def test_late_and_failed_jobs_wait_on_who_looks_after_the_technique(
    healthy: None, sign_in: SignIn, session: Session
) -> None:
    late, failed = sorted(JOBS)[:2]
    session.get_one(JobHeartbeat, late).succeeded_at = clock.now() - 3 * JOBS[late].every - timedelta(minutes=5)
    row = session.get_one(JobHeartbeat, failed)
    row.failed_at, row.last_error = clock.now(), "OSError: schijf vol"
    session.commit()
    page = sign_in(StaffRole.ADMINISTRATION).get(WORK)
    found = about(page, WorkKind.JOB)
    assert len(found) == 2
    assert any(text.startswith(JOBS[late].label) and "Lukte niet op tijd." in text for text in found)
    assert any(text.startswith(JOBS[failed].label) and "OSError: schijf vol" in text for text in found)
    assert rows_of(sign_in(StaffRole.RELATIONS, StaffRole.FINANCE).get(WORK)) == []


def test_a_job_that_never_ran_waits_too(today: date, sign_in: SignIn) -> None:
    found = about(sign_in(StaffRole.ADMINISTRATION).get(WORK), WorkKind.JOB)
    assert len(found) == len(JOBS)
    assert all("Nog nooit gelukt." in text for text in found)


def test_a_request_waits_on_a_colleague_but_not_on_the_maker_nor_on_whom_it_is_about(
    healthy: None, people: People, app: object, session: Session, sign_in: SignIn
) -> None:
    ada = people.staff(StaffRole.ADMINISTRATION, name="Ada")
    bob = people.staff(StaffRole.ADMINISTRATION, name="Bob")
    request_role_change(bob, StaffRole.FINANCE, actor_of(ada), grant=True, reason="Vervanging.")
    session.commit()

    def work(account: Account) -> Page:
        return sign_in().sign_in(account).get(WORK)

    assert rows_of(work(ada)) == []
    assert rows_of(work(bob)) == []
    page = work(people.staff(StaffRole.ADMINISTRATION, name="Cor"))
    assert kinds(page) == [WorkKind.APPROVAL.label]
    text = about(page, WorkKind.APPROVAL)[0]
    assert text.startswith("Rol Financiën geven aan account")
    assert "Bob (" in text
    assert text.endswith(". Gevraagd door Ada.")


# ------------------------------------------------------------------------------------------- who only reads


@pytest.mark.parametrize("role", [StaffRole.BOARD, StaffRole.AUDITOR])
def test_who_only_reads_is_told_so(journey: Journey, sign_in: SignIn, session: Session, role: StaffRole) -> None:
    failed_mail(session, journey.submitted())
    page = sign_in(role).get(WORK)
    assert rows_of(page) == []
    assert "U hoeft hier niets te doen" in page.text
    assert role.label in page.text


def test_the_acting_permissions_exist_and_tell_the_acting_roles_from_the_others(sign_in: SignIn) -> None:
    held = frozenset().union(*STAFF_PERMISSIONS.values())
    assert held >= ACTING
    acting = {role for role in StaffRole if STAFF_PERMISSIONS[role] & ACTING}
    assert acting == {StaffRole.RELATIONS, StaffRole.FINANCE, StaffRole.PRIVACY, StaffRole.ADMINISTRATION}
    assert callable(may_act)


def test_somebody_without_a_role_cannot_open_it(sign_in: SignIn) -> None:
    sign_in().get(WORK, 403)
