"""Connections of an older administration come in as they are; nothing is invented."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.queries import active_modules, modules_for_role
from catalogue.services import import_modules
from core import audit, clock
from core.audit import SYSTEM
from core.errors import Refused
from identity.kinds import StaffRole
from onboarding.models import Agreement
from onboarding.take_over.services import Existing, take_over, take_over_rows
from participants.kinds import Channel, OrganisationKind, Sector, Stage
from participants.models import Organisation, Participant
from participants.queries import active_participants, connection_period
from participants.services import create_organisation
from participants.works_for.queries import served_municipalities
from tests.browser import Browser
from tests.people import People

SINCE = date(2021, 3, 1)


@pytest.fixture
def municipality(session: Session) -> Organisation:
    import_modules(SYSTEM)
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
    session.commit()
    return row


def existing(organisation: Organisation, **changes: object) -> Existing:
    values: dict[str, object] = {
        "organisation_id": organisation.id,
        "role_code": "shv_phase_2",
        "connected_on": SINCE,
        "channel": Channel.SYSTEM,
        "modules": tuple(offer.code for offer in modules_for_role("shv_phase_2")),
        "reference": "dossier 2021-114",
    }
    return Existing(**{**values, **changes})  # type: ignore[arg-type]


def row_of(organisation: Organisation, **changes: str) -> dict[str, str]:
    return {
        "gemeentecode": "",
        "kvk": organisation.kvk or "",
        "rol": "shv_phase_2",
        "onderdeel": "",
        "aangesloten_op": "2021-03-01",
        "kanaal": "system",
        "modules": "debt_settlement",
        "dossier": "dossier 2021-114",
        **changes,
    }


def test_a_municipality_is_live_since_its_own_day_and_serves_itself(
    session: Session, municipality: Organisation
) -> None:
    participant = take_over(SYSTEM, existing(municipality))
    assert participant.stage is Stage.LIVE
    period = connection_period(participant.id, clock.today())
    assert period is not None
    assert (period.starts_on, period.ends_before) == (SINCE, None)
    assert [row.organisation_id for row in served_municipalities(participant.id, SINCE)] == [municipality.id]
    since = {module.name: module.since for module in active_modules(participant.id, clock.today())}
    assert since == {
        "Schuldregeling": SINCE,
        "Betalingsregeling": date(2023, 10, 1),  # nobody used it before it was released
        "Schuldinventarisatie": date(2023, 10, 1),
    }
    assert participant in active_participants(SINCE)


def test_no_agreement_is_invented_and_the_timeline_says_where_the_real_one_is(
    session: Session, municipality: Organisation
) -> None:
    participant = take_over(SYSTEM, existing(municipality))
    assert session.scalar(select(Agreement.id).where(Agreement.participant_id == participant.id)) is None
    sentences = [entry.sentence for entry in audit.timeline(participant_id=participant.id, for_staff=True)]
    assert (
        "Het systeem nam de bestaande aansluiting van Gemeente Proefstad over: aangesloten sinds 1 maart 2021,"
        " overeenkomst in dossier 2021-114."
    ) in sentences


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"connected_on": clock.today() + timedelta(days=1)}, "ligt in de toekomst"),
        ({"reference": "  "}, "waar de getekende overeenkomst ligt"),
        ({"modules": ("guarantee_loans", "onbekend")}, "Deze module bestaat niet"),
    ],
)
def test_what_does_not_fit_is_refused(
    session: Session, municipality: Organisation, changes: dict[str, object], sentence: str
) -> None:
    with pytest.raises(Refused) as refused, session.begin_nested():
        take_over(SYSTEM, existing(municipality, **changes))
    assert sentence in refused.value.message


def test_a_wrong_row_is_refused_with_its_line_and_stops_nothing(session: Session, municipality: Organisation) -> None:
    report = take_over_rows(
        SYSTEM,
        [
            row_of(municipality, kvk="00000000"),
            row_of(municipality, aangesloten_op="1 maart"),
            row_of(municipality),
            row_of(municipality),
        ],
    )
    assert (report.taken_over, report.known) == (1, 1)
    assert [reason.partition(":")[0] for reason in report.refused] == ["regel 2", "regel 3"]


def test_the_command_tells_what_it_did_and_refuses_a_file_without_its_columns(
    app: Flask, session: Session, municipality: Organisation, tmp_path: Path
) -> None:
    good, wrong = tmp_path / "goed.csv", tmp_path / "fout.csv"
    line = row_of(municipality)
    good.write_text(";".join(line) + "\n" + ";".join(line.values()) + "\n", encoding="utf-8")
    wrong.write_text("naam\nx\n", encoding="utf-8")
    runner = app.test_cli_runner()
    proof = runner.invoke(args=["take-over", "import", str(good), "--dry-run"])
    assert "1 overgenomen" in proof.output, proof.output
    assert proof.exit_code == 0
    assert session.scalar(select(Participant.id)) is None
    assert runner.invoke(args=["take-over", "import", str(wrong)]).exit_code == 2


def test_the_file_says_where_the_agreement_is_and_offers_no_application(
    session: Session, municipality: Organisation, browser: Browser, people: People
) -> None:
    participant = take_over(SYSTEM, existing(municipality))
    session.commit()
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    page = browser.get(f"/beheer/deelnemers/{participant.id}")
    assert "Eerder getekend; ligt in dossier 2021-114." in page.text
    assert "Aanmelding" not in [link.get_text(strip=True) for link in page.soup.select(".side-navigation a")]
    agreement = browser.get(page.link("Overeenkomst"))
    assert "eerder getekend" in agreement.text
    assert "dossier 2021-114" in agreement.text
    assert "nog niet gemaakt" not in agreement.text
