"""What holds for every public page: no cookie, an entity tag, nothing about who looks."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from core import clock
from core.audit import SYSTEM
from governance.models import Operator
from governance.privacy.retention.rules import RULES
from governance.privacy.retention.services import set_term
from identity.kinds import StaffRole
from participants.kinds import Stage
from register import answers
from tests.browser import Browser
from tests.people import People
from tests.register.conftest import MakeParticipant

DAY = date(2026, 11, 3)
PATHS = ["/", "/deelnemers", "/deelnemers.csv", "/deelnemers.json", "/toegankelijkheid", "/privacy"]


@pytest.fixture
def paths(participant: MakeParticipant) -> list[str]:
    made = participant("Voorbeeld Incasso")
    return [*PATHS, f"/keurmerk/{made.directory_id}", f"/keurmerk/{made.directory_id}.svg", "/keurmerk/bestaat-niet"]


def test_no_public_page_reads_or_sets_a_cookie(browser: Browser, paths: list[str]) -> None:
    for path in paths:
        response = browser.client.get(path)
        assert "Set-Cookie" not in response.headers, path
        assert "Cookie" not in response.headers.get("Vary", ""), path  # Flask adds it when anything reads the session
        assert response.headers["Cache-Control"].startswith("public, max-age="), path


def test_who_is_signed_in_sees_the_same_page(browser: Browser, people: People, paths: list[str]) -> None:
    before = {path: browser.client.get(path).get_data() for path in paths}
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    for path in paths:
        assert browser.client.get(path).get_data() == before[path], path


def test_an_unchanged_page_is_answered_with_304(browser: Browser, paths: list[str]) -> None:
    for path in paths[:-1]:
        first = browser.client.get(path)
        tag = first.headers["ETag"]
        assert not tag.startswith("W/"), path
        again = browser.client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.get_data()) == (304, b""), path
        assert again.headers["ETag"] == tag
        assert browser.client.get(path, headers={"If-None-Match": '"iets anders"'}).status_code == 200


def test_the_entity_tag_changes_with_the_list(browser: Browser, session: Session, participant: MakeParticipant) -> None:
    made = participant("Eerst Zo BV")
    tags = {path: browser.client.get(path).headers["ETag"] for path in PATHS[:4]}
    made.organisation.name = "Nu Zo BV"
    session.commit()
    for path in PATHS[1:4]:
        fresh = browser.client.get(path, headers={"If-None-Match": tags[path]})
        assert fresh.status_code == 200, path
        assert "Nu Zo BV" in fresh.get_data(as_text=True)


def test_no_public_page_takes_a_post(browser: Browser) -> None:
    assert browser.client.post("/deelnemers").status_code in {400, 405}


def test_the_texts_say_who_to_write_to(browser: Browser, session: Session) -> None:
    session.add(
        Operator(name="Stichting Voorbeeldknooppunt", starts_on=date(2020, 1, 1), email="vraag@voorbeeld.invalid")
    )
    session.commit()
    for path in ("/privacy", "/toegankelijkheid"):
        page = browser.get(path)
        assert page.link("vraag@voorbeeld.invalid") == "mailto:vraag@voorbeeld.invalid"


def test_the_text_on_privacy_follows_the_retention_schedule(browser: Browser, session: Session) -> None:
    page = browser.get("/privacy").text
    assert "Tot het account wordt gesloten, en daarna nog 24 maanden" in page
    assert "nog niet vastgesteld" not in page
    set_term(RULES["identity:names"], 1, SYSTEM, starts_on=clock.today(), reason="Voorbeeldbesluit")
    session.commit()
    assert "en daarna nog 1 maand" in browser.get("/privacy").text


def test_every_page_leads_to_the_open_data_and_the_check_of_e_invoices(browser: Browser) -> None:
    page = browser.get("/privacy")
    assert (page.link("Open data"), page.link("E-factuur controleren")) == ("/open-data", "/e-factuur-controleren")


def test_old_answers_are_pushed_out() -> None:
    memory = answers.Memory(max_bytes=10)
    made: list[str] = []

    def make(key: str) -> answers.Answer:
        def now() -> answers.Answer:
            made.append(key)
            return answers.answer("1234")

        return memory.answer(key, now)

    for key in ("a", "b", "a", "c", "b", "a"):
        make(key)
    assert made == ["a", "b", "c", "b", "a"]


# ------------------------------------------------------------------------------------------- badge


@pytest.mark.parametrize(
    ("stage", "sentence"),
    [
        (Stage.COUNTERSIGNED, "overeenkomst getekend, nog niet actief"),
        (Stage.LIVE, "actief sinds 3 november 2026 met modules Schuldregeling"),
        (Stage.SUSPENDED, "tijdelijk geschorst"),
        (Stage.ENDED, "beëindigd op "),
    ],
)
def test_the_page_of_a_badge_tells_the_state_of_today(
    browser: Browser, participant: MakeParticipant, stage: Stage, sentence: str
) -> None:
    made = participant("Voorbeeld Incasso", stage=stage, since=None if stage is Stage.COUNTERSIGNED else DAY)
    page = browser.get(f"/keurmerk/{made.directory_id}")
    assert page.heading == "Keurmerk van Voorbeeld Incasso"
    assert sentence in page.text
    assert "Geheimstraat" not in page.text


@pytest.mark.parametrize("stage", [Stage.SUBMITTED, Stage.ACCEPTED, Stage.SIGNED, Stage.REFUSED, Stage.WITHDRAWN])
def test_before_countersigning_there_is_no_badge(browser: Browser, participant: MakeParticipant, stage: Stage) -> None:
    made = participant("Nog Niet BV", stage=stage, since=None)
    for suffix in ("", ".svg"):
        page = browser.get(f"/keurmerk/{made.directory_id}{suffix}", expect=404)
        assert page.heading == "Dit keurmerk is niet geldig"
        assert "Nog Niet" not in page.text


@pytest.mark.parametrize(
    "key", ["x", "00000000-0000-4000-8000-000000000000", "%00", "a" * 3000, "{00000000-0000-4000-8000-000000000000}"]
)
def test_an_unknown_badge_is_not_valid(browser: Browser, key: str) -> None:
    assert browser.get(f"/keurmerk/{key}", expect=404).heading == "Dit keurmerk is niet geldig"


def test_the_badge_of_somebody_not_listed_is_not_found_by_search_engines(
    browser: Browser, participant: MakeParticipant
) -> None:
    hidden, shown = participant("Liever Niet", list_publicly=False), participant("Graag")
    page = browser.get(f"/keurmerk/{hidden.directory_id}")
    assert page.soup.find("meta", attrs={"name": "robots"})
    assert "Liever Niet" not in page.text
    assert not browser.get(f"/keurmerk/{shown.directory_id}").soup.find("meta", attrs={"name": "robots"})


def test_the_picture_follows_the_state(browser: Browser, session: Session, participant: MakeParticipant) -> None:
    made = participant("Voorbeeld Incasso")
    address = f"/keurmerk/{made.directory_id}.svg"
    picture = browser.client.get(address)
    assert picture.mimetype == "image/svg+xml"
    assert "Aangesloten bij" in picture.get_data(as_text=True)
    assert "VOORBEELD" not in picture.get_data(as_text=True)
    made.stage = Stage.ENDED
    session.commit()
    assert "Niet actief bij" in browser.client.get(address).get_data(as_text=True)


def test_the_picture_of_example_data_says_so(demo_browser: Browser) -> None:
    key = demo_browser.client.get("/deelnemers.json").get_json()["deelnemers"][0]["id"]
    assert "VOORBEELD" in demo_browser.client.get(f"/keurmerk/{key}.svg").get_data(as_text=True)
