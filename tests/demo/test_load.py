"""The example data go through the services of the product, and end where they should."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from billing.models import Invoice
from core import clock
from core.audit import SYSTEM
from demo import journeys as steps
from demo import load
from demo.fictional import Fictional, administrators, creditors, debt_counsellors
from demo.journeys import Colleagues, Journey
from demo.reference import load_rules
from onboarding.kinds import ApplicationStage
from onboarding.models import Application
from participants.kinds import MeasurementKind, OrganisationKind, Sector, Stage
from participants.models import Organisation, Participant
from participants.services import create_organisation, record_measurement


@pytest.fixture
def colleagues(session: Session) -> Colleagues:
    load_rules()
    return load.staff()


@pytest.fixture
def municipality(session: Session) -> Organisation:
    row = create_organisation(
        SYSTEM,
        name="Gemeente Proefstad",
        short_name="Proefstad",
        kind=OrganisationKind.MUNICIPALITY,
        sector=Sector.MUNICIPALITY,
        kvk="99999999",
        municipality_code="GM9999",
        fictional=True,
    )
    record_measurement(
        SYSTEM,
        MeasurementKind.INHABITANTS,
        70_361,
        measured_on=clock.today(),
        source="organisaties.overheid.nl",
        organisation_id=row.id,
    )
    session.commit()
    return row


def run(who: Fictional, reach: int, colleagues: Colleagues, *, ending: str | None = None, serves: int = 0) -> Journey:
    ago = 20 if ending is None else 260
    journey = Journey(
        who, "", [serves] if serves else [], clock.today() - timedelta(days=ago), reach, ending, colleagues
    )
    load.simulate([journey], lambda _label, _steps: None)
    return journey


@pytest.mark.parametrize(
    ("reach", "stage"),
    [
        (steps.SUBMITTED, Stage.SUBMITTED),
        (steps.AUTHORITY, Stage.ACCEPTED),
        (steps.SIGNED, Stage.SIGNED),
        (steps.COUNTERSIGNED, Stage.COUNTERSIGNED),
        (steps.LIVE, Stage.LIVE),
    ],
)
def test_a_creditor_gets_as_far_as_it_should(
    session: Session, colleagues: Colleagues, reach: int, stage: Stage
) -> None:
    journey = run(creditors()[0], reach, colleagues)
    participant = session.get_one(Participant, journey.participant_id)
    assert participant.stage is stage
    assert participant.organisation.fictional


def test_a_draft_is_complete_but_not_sent(session: Session, colleagues: Colleagues) -> None:
    journey = run(administrators()[1], steps.DRAFT, colleagues)
    application = session.get_one(Application, journey.application_id)
    assert (application.stage, application.participant_id) == (ApplicationStage.DRAFT, None)


@pytest.mark.parametrize(
    ("reach", "ending", "stage"),
    [
        (steps.SUBMITTED, "refused", Stage.REFUSED),
        (steps.ACCEPTED, "withdrawn", Stage.WITHDRAWN),
        (steps.LIVE, "suspended", Stage.SUSPENDED),
        (steps.LIVE, "ended", Stage.ENDED),
    ],
)
def test_some_journeys_end_badly(
    session: Session, colleagues: Colleagues, reach: int, ending: str, stage: Stage
) -> None:
    journey = run(creditors()[3], reach, colleagues, ending=ending)
    assert session.get_one(Participant, journey.participant_id).stage is stage


def test_a_debt_counsellor_is_classed_by_whom_it_serves_and_invoiced(
    session: Session, colleagues: Colleagues, municipality: Organisation
) -> None:
    who = next(one for one in debt_counsellors() if one.role == "shv_phase_2")
    journey = run(who, steps.COUNTERSIGNED, colleagues, serves=municipality.id)
    invoice = session.execute(select(Invoice).where(Invoice.participant_id == journey.participant_id)).scalar_one()
    assert invoice.lines[0].category == "D"
    assert invoice.document["example"] is True


def test_who_was_connected_before_is_taken_over_with_a_declared_number(
    session: Session, colleagues: Colleagues
) -> None:
    who = replace(creditors()[5], units=("",))
    journey = Journey(who, "", [], load.TAKEN_OVER_ON, steps.LIVE, None, colleagues)
    load.fictional_from_before([journey], lambda _label, _steps: None)
    load.simulate([], lambda _label, _steps: None)
    participant = session.get_one(Participant, journey.participant_id)
    assert participant.stage is Stage.LIVE
    years = session.execute(
        select(Invoice.year).where(Invoice.participant_id == participant.id).order_by(Invoice.year)
    ).scalars()
    assert list(years) == list(range(load.FIRST_INVOICED, clock.today().year + 1))
