"""The page of a participant, the list of a day in the past, and what changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from governance.models import Setting
from participants.kinds import Channel, OrganisationKind, Stage
from participants.models import LivePeriod, Participant
from tests.browser import Browser
from tests.register.conftest import MakeOrganisation, MakeParticipant

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def today() -> object:
    with clock.at(TODAY):
        yield


# ------------------------------------------------------------------------------------------- one participant


def test_the_page_of_a_participant_tells_what_is_public(
    browser: Browser, municipality: MakeOrganisation, participant: MakeParticipant, serve: Callable[..., None]
) -> None:
    zeist = municipality("GM0355", "Zeist")
    made = participant(zeist, "shv_phase_2", since=date(2024, 5, 1), modules=("debt_settlement", "debt_inventory"))
    taxes = participant(zeist, "creditor", unit_name="Belastingen", modules=())
    serve(made, municipality("GM0312", "Bunnik"))
    page = browser.get("/deelnemers")
    assert page.link("Gemeente Zeist") == f"/deelnemers/{made.directory_id}"
    page = browser.get(page.link("Gemeente Zeist"))
    assert page.heading == "Gemeente Zeist"
    assert "Aangesloten op het Schuldenknooppunt sinds 1 mei 2024." in page.text.replace("\xa0", " ")
    assert "Schuldregeling 1 mei 2024" in page.text.replace("\xa0", " ")
    assert "Werkt voor Bunnik" in page.text
    assert page.link("Belastingen") == f"/deelnemers/{taxes.directory_id}"
    for secret in ("Geheimstraat", "Postbus", "Webportaal", "Aansluiting"):
        assert secret not in page.text
    page = browser.get(f"/deelnemers/{taxes.directory_id}")
    assert page.heading == "Gemeente Zeist – Belastingen"
    assert "Er staan nu geen modules aan." in page.text


def test_the_channel_is_told_from_the_day_that_a_setting_says_so(
    browser: Browser, session: Session, participant: MakeParticipant
) -> None:
    made = participant("Voorbeeld Incasso")
    for value, day in (("no", "2020-01-01"), ("yes", "2026-11-20")):
        session.add(
            Setting(
                name="channel_is_public",
                value=value,
                starts_on=date.fromisoformat(day),
                source="test",
                to_confirm=True,
            )
        )
    session.commit()
    assert Channel.PORTAL.label in browser.get(f"/deelnemers/{made.directory_id}").text
    with clock.at(date(2026, 11, 19)):
        assert Channel.PORTAL.label not in browser.get(f"/deelnemers/{made.directory_id}").text


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.LIVE])
def test_who_is_not_on_the_list_has_no_page_and_nothing_tells_why(
    browser: Browser, participant: MakeParticipant, stage: Stage
) -> None:
    made = participant("Nog Niet BV", stage=stage)
    page = browser.get(f"/deelnemers/{made.directory_id}", expect=404)
    assert page.heading == "Deze deelnemer staat niet op de lijst"
    assert page.link("Terug naar de deelnemers") == "/deelnemers"
    unknown = browser.get("/deelnemers/00000000-0000-4000-8000-000000000000", expect=404)
    assert unknown.text_of_body == page.text_of_body


# ------------------------------------------------------------------------------------------- a day in the past


@pytest.fixture
def three(participant: MakeParticipant, session: Session) -> dict[str, Participant]:
    """One that stayed, one that left, and one that is away now."""
    made = {
        "stayed": participant("Blijft BV", since=date(2023, 5, 1)),
        "left": participant("Gaat Weg BV", since=date(2024, 1, 1), stage=Stage.ENDED),
        "away": participant("Even Weg BV", since=date(2024, 3, 1), stage=Stage.SUSPENDED),
    }
    ends = {"left": date(2026, 11, 1), "away": date(2026, 11, 10)}
    for name, day in ends.items():
        period = session.scalars(select(LivePeriod).where(LivePeriod.participant_id == made[name].id)).one()
        period.ends_before = day
    session.commit()
    return made


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2023-05-01", ["Blijft BV"]),
        ("2024-02-29", ["Blijft BV", "Gaat Weg BV"]),
        ("2026-10-31", ["Blijft BV", "Even Weg BV", "Gaat Weg BV"]),
        ("2026-11-01", ["Blijft BV", "Even Weg BV"]),
        ("2026-11-20", ["Blijft BV"]),
    ],
)
@pytest.mark.usefixtures("three")
def test_who_took_part_on_a_day(browser: Browser, day: str, expected: list[str]) -> None:
    page = browser.get(f"/deelnemers/op/{day}")
    assert [cell.get_text(strip=True) for cell in page.soup.select("tbody th")] == expected


@pytest.mark.usefixtures("three")
def test_a_day_can_be_typed(browser: Browser) -> None:
    page = browser.get("/deelnemers/op?dag=1+mei+2023")
    assert page.response.request.path == "/deelnemers/op/2023-05-01"
    assert page.heading.replace("\xa0", " ") == "Wie deed mee op 1 mei 2023?"
    assert "Eén deelnemer" in page.text


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/deelnemers/op/2023-04-30", 404, "Op die dag deed nog niemand mee. De eerste deelnemer kwam op 1-5-2023."),
        ("/deelnemers/op/2026-11-21", 404, "Deze dag is nog niet geweest."),
        ("/deelnemers/op/9999-12-31", 404, "Deze dag is nog niet geweest."),
        ("/deelnemers/op/2024-02-30", 404, "Deze dag bestaat niet."),
        ("/deelnemers/op/2024-W18-3", 404, "Deze dag bestaat niet."),
        ("/deelnemers/op/gisteren", 404, "Deze dag bestaat niet."),
        ("/deelnemers/op?dag=gisteren", 400, "Schrijf de datum als dag-maand-jaar"),
        ("/deelnemers/op?dag=31-2-2024", 400, "Deze datum bestaat niet."),
        ("/deelnemers/op?dag=%3Cscript%3E", 400, "Schrijf de datum als dag-maand-jaar"),
        ("/deelnemers/op", 200, "De eerste deelnemer kwam op"),
    ],
)
@pytest.mark.usefixtures("three")
def test_a_day_without_an_answer_says_why(browser: Browser, path: str, status: int, sentence: str) -> None:
    page = browser.get(path, expect=status)
    assert sentence in page.text
    assert page.heading == "Wie deed mee op een dag?"


def test_before_anybody_came_there_is_nothing_to_look_back_at(browser: Browser) -> None:
    assert "nog nooit iemand aangesloten" in browser.get("/deelnemers/op/2026-11-19", expect=404).text


def test_changes_of_the_last_month(
    browser: Browser, three: dict[str, Participant], participant: MakeParticipant
) -> None:
    participant("Kersvers BV", since=date(2026, 11, 12))
    rows = [row.get_text(" ", strip=True) for row in browser.get("/deelnemers/wijzigingen").soup.select("tbody tr")]
    assert [row.replace("\xa0", " ") for row in rows] == [
        "12 november 2026 Kersvers BV Nieuw op de lijst Schuldregeling",
        "10 november 2026 Even Weg BV Van de lijst af –",
        "1 november 2026 Gaat Weg BV Van de lijst af –",
    ]


def test_a_month_without_changes_says_so(browser: Browser) -> None:
    assert "Er is niets gewijzigd" in browser.get("/deelnemers/wijzigingen").text


def test_who_may_not_be_named_is_not_in_the_past_either(
    browser: Browser, session: Session, participant: MakeParticipant, organisation: MakeOrganisation
) -> None:
    trader = organisation("Bewindvoering Vos", kind=OrganisationKind.SOLE_TRADER)
    participant(trader, "administrator", modules=(), since=date(2026, 11, 2), list_publicly=False)
    hidden = participant("Liever Niet BV", since=date(2026, 11, 2))
    participant("Blijft BV", since=date(2023, 5, 1))
    tag = browser.client.get("/deelnemers/wijzigingen").headers["ETag"]
    hidden.name_withdrawn_at = clock.now()
    session.commit()
    fresh = browser.client.get("/deelnemers/wijzigingen", headers={"If-None-Match": tag})
    assert fresh.status_code == 200
    for path in ("/deelnemers/wijzigingen", "/deelnemers/op/2026-11-03", "/deelnemers/op/2026-11-20"):
        text = browser.get(path).text
        assert "Vos" not in text
        assert "Liever Niet" not in text
    browser.get(f"/deelnemers/{hidden.directory_id}", expect=404)


def test_days_of_an_organisation_that_exists_are_not_invented(demo_browser: Browser) -> None:
    page = demo_browser.get("/deelnemers/wijzigingen")
    assert "Voorbeeld Incasso" not in page.text  # in this installation it counts as an organisation that exists
    page = demo_browser.get("/deelnemers")
    page = demo_browser.get(page.link("Voorbeeld Incasso"))
    assert "Aangesloten (voorbeeld)" in page.text
    assert "2026" not in page.text
