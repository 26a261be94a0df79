"""The pictures of a badge: two forms of one drawing, safe to show on any website."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from core import clock
from onboarding.going_live.rules import Badge
from participants.kinds import Stage
from register.badges.pictures import HEIGHT, SHARPNESS, WIDTH, draw_png
from tests.browser import Browser
from tests.register.conftest import MakeParticipant


def badge(stage: Stage = Stage.LIVE, standing: str = "actief sinds 3 november 2026", **values: bool) -> Badge:
    flags = {"is_named": True, "is_withdrawn": False} | values
    return Badge("7d1f0c5e-3f6b-4c0a-9a55-0b8a2d1c6e42", "Voorbeeld", "Schuldeiser", stage, standing, **flags)


def test_the_same_badge_gives_the_same_bytes() -> None:
    assert draw_png(badge(), is_demo=False) == draw_png(badge(), is_demo=False)


def test_every_standing_has_a_picture_of_its_own() -> None:
    standings = [
        badge(),
        badge(Stage.COUNTERSIGNED, "overeenkomst getekend, nog niet actief"),
        badge(Stage.SUSPENDED, "tijdelijk geschorst"),
        badge(Stage.ENDED, "beëindigd op 3 november 2026"),
        badge(standing="niet openbaar", is_withdrawn=True),
    ]
    pictures = [draw_png(one, is_demo=demo) for one in standings for demo in (False, True)]
    assert len(set(pictures)) == len(pictures)
    for picture in pictures:
        image = Image.open(io.BytesIO(picture))
        assert image.size == (WIDTH * SHARPNESS, HEIGHT * SHARPNESS)
        assert not image.info.get("Software")
        assert len(picture) < 15_000


def test_no_text_runs_out_of_the_frame() -> None:
    longest = badge(standing="overeenkomst getekend, nog niet actief en nog wat")
    picture = Image.open(io.BytesIO(draw_png(longest, is_demo=True))).convert("L")
    assert min(picture.crop((624, 20, 634, 170)).tobytes()) > 250


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_a_picture_runs_nothing_and_may_be_shown_anywhere(
    browser: Browser, participant: MakeParticipant, ending: str
) -> None:
    made = participant("Voorbeeld Incasso")
    response = browser.client.get(f"/keurmerk/{made.directory_id}.{ending}")
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response.headers
    again = browser.client.get(
        f"/keurmerk/{made.directory_id}.{ending}", headers={"If-None-Match": response.headers["ETag"]}
    )
    assert again.status_code == 304
    if ending == "svg":
        text = response.get_data(as_text=True)
        assert not re.search(r"<script|javascript:|href|on\w+=|foreignObject|<style|url\(", text)
        assert "Voorbeeld Incasso" not in text  # whoever copies the picture copies no name with it


def test_the_picture_changes_with_the_standing(
    browser: Browser, session: Session, participant: MakeParticipant
) -> None:
    made = participant("Voorbeeld Incasso")
    for ending in ("svg", "png"):
        made.stage = Stage.LIVE
        session.commit()
        tag = browser.client.get(f"/keurmerk/{made.directory_id}.{ending}").headers["ETag"]
        made.stage = Stage.SUSPENDED
        session.commit()
        fresh = browser.client.get(f"/keurmerk/{made.directory_id}.{ending}", headers={"If-None-Match": tag})
        assert fresh.status_code == 200, ending


@pytest.mark.parametrize(
    "key",
    [
        "00000000-0000-4000-8000-000000000000",
        "echt%20aangesloten",
        "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "%00",
        "x" * 2000,
        "..%2f..%2fetc",
        "é",
    ],
)
@pytest.mark.parametrize("ending", ["", ".svg", ".png"])
def test_an_id_that_is_not_ours_is_never_shown_again(browser: Browser, key: str, ending: str) -> None:
    page = browser.get(f"/keurmerk/{key}{ending}", expect=404)
    assert page.heading == "Dit keurmerk is niet geldig"
    same = browser.get(f"/keurmerk/11111111-1111-4111-8111-111111111111{ending}", expect=404)
    assert page.text_of_body == same.text_of_body


def test_another_spelling_of_an_id_is_not_valid(browser: Browser, participant: MakeParticipant) -> None:
    made = participant("Voorbeeld Incasso")
    for key in (str(made.directory_id).upper(), made.directory_id.hex, f"urn:uuid:{made.directory_id}"):
        assert browser.get(f"/keurmerk/{key}", expect=404).heading == "Dit keurmerk is niet geldig"


def test_the_page_says_how_to_see_that_it_is_real(browser: Browser, participant: MakeParticipant) -> None:
    page = browser.get(f"/keurmerk/{participant('Voorbeeld Incasso').directory_id}")
    assert "Daar hoort te staan: localhost ." in page.text
    assert "Vergelijk de naam hierboven" in page.text
    terms = browser.get(page.link("voorwaarden van het keurmerk"))
    assert "Concept, te toetsen" in terms.text


def test_the_badge_of_a_withdrawn_name_says_only_that(
    browser: Browser, session: Session, participant: MakeParticipant
) -> None:
    made = participant("Liever Niet BV")
    made.name_withdrawn_at = clock.now()
    session.commit()
    page = browser.get(f"/keurmerk/{made.directory_id}")
    assert "niet openbaar" in page.text
    for secret in ("Liever Niet", "Schuldeiser", "actief sinds", "Schuldregeling", "2026"):
        assert secret not in page.soup.main.get_text(" "), secret  # type: ignore[union-attr]  # every page has one
    picture = browser.client.get(f"/keurmerk/{made.directory_id}.svg").get_data(as_text=True)
    assert "niet openbaar" in picture
    assert "Aangesloten" not in picture
