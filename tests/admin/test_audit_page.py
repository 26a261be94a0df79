"""The audit trail on screen: sentences, filters, the file they are about, and the same as CSV."""

from __future__ import annotations

import csv
import io
from datetime import date
from urllib.parse import urlencode

import pytest
from sqlalchemy.orm import Session

from core import clock
from core.audit import EVENTS
from identity.kinds import StaffRole
from participants.services import write_note
from tests.admin.conftest import SignIn, rows_of
from tests.browser import Browser, Page
from tests.onboarding.conftest import TODAY, Journey
from tests.people import People

LIST = "/beheer/logboek"


@pytest.fixture
def privacy(journey: Journey, sign_in: SignIn) -> Browser:
    """Signed in after `journey`, so that the trail holds its preparation."""
    return sign_in(StaffRole.PRIVACY, name="Petra Privacy")


def trail(browser: Browser, **chosen: str) -> Page:
    return browser.get(f"{LIST}?{urlencode(chosen)}")


def sentences(page: Page) -> list[str]:
    return [cells[1] for cells in rows_of(page)]


def csv_rows(page: Page) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(page.text_of_body.removeprefix("\ufeff")), delimiter=";"))


def test_the_newest_stands_first_with_a_link_to_the_file(journey: Journey, privacy: Browser) -> None:
    row = journey.accepted()
    page = trail(privacy)
    newest = [cells[1] for cells in rows_of(page) if cells[2] == row.name]
    assert any(line.startswith("Mara Manager accepteerde") for line in newest[:3])
    assert privacy.get(page.link(row.name)).response.request.path == f"/beheer/deelnemers/{row.id}"


def test_filter_on_kind_word_and_person(journey: Journey, privacy: Browser) -> None:
    row, other = journey.accepted(), journey.accepted()
    accepted = next(name for name in EVENTS if name.endswith("application:accepted"))
    assert len(sentences(trail(privacy, soort=accepted))) == 2
    by_word = sentences(trail(privacy, q=row.name))
    assert by_word
    assert all(row.name in line for line in by_word)
    assert not any(other.name in line for line in by_word)
    assert all(line.startswith("Mara Manager") for line in sentences(trail(privacy, q="mara man")))
    assert len(sentences(trail(privacy, q="mara man"))) >= 2


def test_the_kinds_are_shown_as_sentences_not_as_codes(privacy: Browser) -> None:
    page = trail(privacy)
    options = [option.get_text(strip=True) for option in page.soup.select("#filter-soort option")]
    assert options[0] == "Alle soorten"
    assert "… gaf akkoord: …." in options
    assert not [text for text in options if text.count(":") == 2 and " " not in text]


def test_filter_on_refusals(journey: Journey, privacy: Browser, sign_in: SignIn) -> None:
    sign_in(StaffRole.BOARD, name="Bea Bestuur").get(LIST, 403)
    page = trail(privacy, geweigerd="1")
    assert sentences(page)[0].startswith("Bea Bestuur had geen recht op 'audit:view'")
    assert "Geweigerd" in page.text
    assert all("Geweigerd" in line for line in sentences(page))


def test_filter_on_days_includes_the_last_day(journey: Journey, privacy: Browser, session: Session) -> None:
    row = journey.accepted()
    for day in (date(2026, 3, 2), date(2026, 3, 5), date(2026, 3, 9)):
        with clock.at(day):
            write_note(journey.actor(journey.manager), row.id, f"Gebeld op {day}.")
    session.commit()
    noted = next(name for name in EVENTS if name.startswith("participants:note"))
    assert len(rows_of(trail(privacy, soort=noted))) == 3
    assert len(rows_of(trail(privacy, soort=noted, van="5-3-2026"))) == 2
    assert len(rows_of(trail(privacy, soort=noted, tot="5 maart 2026"))) == 2
    assert len(rows_of(trail(privacy, soort=noted, van="5-3-2026", tot="5-3-2026"))) == 1
    assert "Geen regels gevonden" in trail(privacy, soort=noted, van="6-3-2026", tot="8-3-2026").text


@pytest.mark.parametrize("typed", ["gisteren", "32-1-2026", "1-1-0001", "31-12-9999", "1-1-1", "9" * 3000])
def test_a_day_that_makes_no_sense_is_said_and_does_not_filter(privacy: Browser, typed: str) -> None:
    everything = trail(privacy)
    page = trail(privacy, van=typed)
    assert "Deze datum herkennen wij niet" in page.text
    assert len(rows_of(page)) == len(rows_of(everything))


@pytest.mark.parametrize("typed", ["%", "_", "\\", "\0", "'; --", "💩", "x" * 9000])
def test_absurd_words_are_answered(privacy: Browser, typed: str) -> None:
    assert trail(privacy, q=typed, soort="onzin" if typed == "%" else "", pagina="zeven").heading == "Logboek"


def test_a_percent_sign_is_a_percent_sign(privacy: Browser, journey: Journey) -> None:
    journey.accepted()
    assert rows_of(trail(privacy, q="%")) == []


def test_the_download_holds_exactly_the_filtered_trail(journey: Journey, privacy: Browser, session: Session) -> None:
    row = journey.accepted()
    for number in range(60):
        author = journey.colleague if number % 2 else journey.manager
        write_note(journey.actor(author), row.id, f"=1+{number}")
    session.commit()
    noted = next(name for name in EVENTS if name.startswith("participants:note"))
    page = trail(privacy, soort=noted, pagina="2", q="Mara")
    answer = privacy.get(page.link("Download als CSV"))
    assert answer.response.mimetype == "text/csv"
    assert f"logboek-{TODAY}.csv" in answer.response.headers["Content-Disposition"]
    rows = csv_rows(answer)
    assert len(rows) == 30
    assert {line["soort"] for line in rows} == {noted}
    assert all(line["zin"].startswith("Mara Manager") for line in rows)
    assert rows[0]["moment"].startswith("2026-03-02T10:00:00+01:00")
    assert rows[0]["deelnemer"] == str(row.id)


def test_who_may_read_it(journey: Journey, sign_in: SignIn, people: People) -> None:
    for role in StaffRole:
        may = role in {StaffRole.PRIVACY, StaffRole.ADMINISTRATION, StaffRole.AUDITOR}
        sign_in(role).get(LIST, 200 if may else 403)
        sign_in(role).get(f"{LIST}?als=csv", 200 if may else 403)
    Browser(journey.app).sign_in(people.of(journey.submitted())).get(LIST, 403)
    Browser(journey.app).sign_in(people.applicant()).get(LIST, 403)
