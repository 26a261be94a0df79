"""Ready, activation, suspension and ending in the browser."""

from __future__ import annotations

from flask import Flask

from identity.kinds import ParticipantRole, StaffRole
from onboarding.kinds import CheckKind
from onboarding.tasks.services import record_check
from participants.kinds import Stage
from tests.browser import Browser
from tests.onboarding.conftest import TODAY, Journey


def test_ready_too_early_names_what_is_missing(journey: Journey, browser: Browser) -> None:
    row = journey.countersigned()
    browser.sign_in(journey.signatory(row))
    page = browser.get(f"/mijn/{row.id}/klaar")
    assert "Dit kan nog niet Nog te doen: eHerkenning getest" in page.text
    assert page.soup.main is not None
    assert not page.soup.main.find("button")


def test_ready_then_active_then_on_the_public_list(journey: Journey, browser: Browser, app: Flask) -> None:
    row = journey.countersigned()
    record_check(row, CheckKind.E_HERKENNING_TESTED, TODAY, journey.actor(journey.manager))
    journey.session.commit()
    browser.sign_in(journey.signatory(row))
    ready = browser.get(browser.get(f"/mijn/{row.id}/taken").link("“Wij zijn klaar”"))
    done = browser.submit(ready, "Wij zijn klaar")
    assert "Bedankt. Het Schuldenknooppunt heeft bericht gekregen en activeert uw aansluiting." in done.notices
    assert "U meldde dit op 2 maart 2026." in browser.get(f"/mijn/{row.id}/klaar").text

    visitor = Browser(app)
    assert row.name not in visitor.get("/deelnemers").text
    badge = f"/keurmerk/{row.directory_id}"
    assert "nog niet actief" in visitor.get(badge).text

    staff = Browser(app).sign_in(journey.manager)
    form = staff.get(staff.get(f"/beheer/deelnemers/{row.id}/taken").link("Geactiveerd"))
    assert "Meldingen bewindvoering" in form.text
    live = staff.submit(form, "Activeren")
    assert f"{row.name} is geactiveerd en staat vanaf nu op de openbare lijst." in live.notices
    staff.submit(form, "Activeren")
    assert row.name in visitor.get("/deelnemers").text
    assert "Actief" in visitor.get(badge).text
    own = browser.get(f"/mijn/{row.id}/aansluiting")
    assert "actief sinds 2 maart 2026 met modules Meldingen bewindvoering" in own.text


def test_activating_too_early_is_refused_on_the_page(journey: Journey, browser: Browser) -> None:
    row = journey.countersigned()
    browser.sign_in(journey.manager)
    address = f"/beheer/deelnemers/{row.id}/activeren"
    page = browser.get(address)
    assert "Activeren kan nog niet" in page.text
    assert not page.soup.main.find_all("form")  # type: ignore[union-attr]  # a page has a main
    token = page.soup.select_one("input[name=csrf_token]")["value"]  # type: ignore[index]  # of signing out
    refused = browser.post(address, {"csrf_token": token}, expect=422)
    assert refused.errors == ["Dit kan nog niet. Nog te doen: eHerkenning getest en “Wij zijn klaar”."]


def test_suspend_resume_and_end(journey: Journey, browser: Browser, app: Flask) -> None:
    row = journey.live()
    browser.sign_in(journey.manager)
    page = browser.get(f"/beheer/deelnemers/{row.id}/aansluiting-en-einde")
    form = browser.get(page.link("Schorsen"))
    assert browser.submit(form, "Schorsen", expect=422).errors == ["Schrijf in één of twee zinnen waarom."]
    suspended = browser.submit(form, "Schorsen", reason="Het certificaat is verlopen.")
    assert "tijdelijk geschorst" in suspended.text
    assert row.name not in Browser(app).get("/deelnemers").text
    resumed = browser.submit(browser.get(suspended.link("Schorsing opheffen")), "Schorsing opheffen")
    assert row.name in Browser(app).get("/deelnemers").text
    ending = browser.get(resumed.link("Beëindigen"))
    wrong = browser.submit(ending, "Einde vastleggen", ends_before="1-1-2020", reason="Opgezegd.", expect=422)
    assert wrong.errors == ["Deze dag ligt in het verleden. Kies vandaag of een latere dag."]
    planned = browser.submit(ending, "Einde vastleggen", reason="Opgezegd.")
    assert "Vanaf 1 januari 2027 is deze deelnemer niet meer aangesloten." in planned.text
    assert "Beëindigen" not in [a.get_text(strip=True) for a in planned.soup.find_all("a")]
    assert journey.fresh(row).stage is Stage.LIVE


def test_who_may_not(journey: Journey, browser: Browser) -> None:
    row = journey.live()
    browser.sign_in(journey.people.staff(StaffRole.FINANCE))
    for page in ("activeren", "schorsen", "hervatten", "beeindigen"):
        browser.get(f"/beheer/deelnemers/{row.id}/{page}", expect=403)
    browser.get(f"/beheer/deelnemers/{row.id}/aansluiting-en-einde")
    browser.sign_in(journey.people.of(row, ParticipantRole.EMPLOYEE))
    browser.get(f"/mijn/{row.id}/klaar", expect=403)
    browser.get(f"/mijn/{row.id}/aansluiting")


def test_the_overview_pages_show_where_it_stands(journey: Journey, browser: Browser, app: Flask) -> None:
    row = journey.signed()
    staff = browser.sign_in(journey.manager).get(f"/beheer/deelnemers/{row.id}")
    assert "5 van de 10 onderdelen zijn klaar." in staff.text
    assert "Versie 2026-1, ondertekend." in staff.text
    own = Browser(app).sign_in(journey.signatory(row)).get(f"/mijn/{row.id}")
    assert "5 van de 10 onderdelen zijn klaar." in own.text
