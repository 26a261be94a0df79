"""The pages of the task list."""

from __future__ import annotations

import io

from flask import Flask

from identity.kinds import ParticipantRole, StaffRole
from onboarding.tasks.queries import latest_authority
from participants.kinds import Stage
from tests.browser import Browser
from tests.onboarding.conftest import Journey


def test_applicant_and_manager_see_the_same_list(journey: Journey, browser: Browser, app: Flask) -> None:
    row = journey.accepted(wants_legal_review=True)
    own = browser.sign_in(journey.signatory(row)).get(f"/mijn/{row.id}/taken")
    staff = Browser(app).sign_in(journey.manager).get(f"/beheer/deelnemers/{row.id}/taken")
    titles = [tag.get_text(strip=True) for tag in own.soup.select(".task__title")]
    assert titles == [tag.get_text(strip=True) for tag in staff.soup.select(".task__title")]
    assert "Juridische beoordeling" in titles
    assert "Certificaat gepubliceerd" not in titles
    assert "Nu aan de beurt: Juridische beoordeling" in own.text
    assert "Aan zet: Deelnemer" in staff.text
    assert "3 van de 11 onderdelen zijn klaar." in own.text


def test_the_list_of_another_participant_does_not_exist(journey: Journey, browser: Browser) -> None:
    mine, other = journey.accepted(), journey.countersigned()
    browser.sign_in(journey.signatory(mine))
    for page in ("taken", "taken/eherkenning", "overeenkomst", "overeenkomst.pdf", "juridische-beoordeling", "klaar",
                 "aansluiting", "overeenkomst/niet-ondertekenen", "overeenkomst/ondertekenen"):  # fmt: skip
        browser.get(f"/mijn/{other.id}/{page}", expect=404)


def test_staff_pages_are_not_for_participants(journey: Journey, browser: Browser) -> None:
    row = journey.accepted()
    browser.sign_in(journey.signatory(row))
    for page in ("taken", "taken/eherkenning", "tekenbevoegdheid", "overeenkomst", "vragen", "activeren", "schorsen",
                 "hervatten", "beeindigen", "aansluiting-en-einde"):  # fmt: skip
        browser.get(f"/beheer/deelnemers/{row.id}/{page}", expect=403)
    browser.get("/beheer/voortgang", expect=403)


def test_the_board_reads_and_records_nothing(journey: Journey, browser: Browser) -> None:
    row = journey.countersigned()
    browser.sign_in(journey.people.staff(StaffRole.BOARD))
    page = browser.get(f"/beheer/deelnemers/{row.id}/taken")
    assert "Herinnering sturen" not in page.text
    browser.get(f"/beheer/deelnemers/{row.id}/taken/eherkenning", expect=403)
    browser.get("/beheer/voortgang", expect=403)


def test_a_visitor_is_sent_to_the_sign_in_page(journey: Journey, browser: Browser) -> None:
    row = journey.accepted()
    assert browser.client.get(f"/mijn/{row.id}/taken").status_code == 303


def test_the_participant_reports_that_e_herkenning_works(journey: Journey, browser: Browser) -> None:
    row = journey.countersigned()
    browser.sign_in(journey.signatory(row))
    page = browser.get(f"/mijn/{row.id}/taken")
    form = browser.get(page.link("eHerkenning getest"))
    wrong = browser.submit(form, "Vastleggen", done_on="31-2-2026", expect=422)
    assert wrong.errors == ["Deze datum bestaat niet. Controleer de dag en de maand."]
    late = browser.submit(wrong, "Vastleggen", done_on="3-3-2026", expect=422)
    assert late.errors == ["Deze dag ligt in de toekomst. Vul de dag in waarop het is gedaan."]
    done = browser.submit(late, "Vastleggen", done_on="2-3-2026")
    assert "Vastgelegd: eHerkenning getest." in done.notices
    assert "Gedaan op 2 maart 2026" in done.text


def test_an_unknown_item_or_one_of_another_channel_does_not_exist(journey: Journey, browser: Browser) -> None:
    row = journey.countersigned()
    browser.sign_in(journey.manager)
    browser.get(f"/beheer/deelnemers/{row.id}/taken/zomaar", expect=404)
    browser.get(f"/beheer/deelnemers/{row.id}/taken/certificaat", expect=404)
    browser.get("/beheer/deelnemers/999999/taken", expect=404)


def test_staff_establish_authority_with_an_uploaded_proof(journey: Journey, browser: Browser) -> None:
    row = journey.accepted()
    browser.sign_in(journey.manager)
    page = browser.get(browser.get(f"/beheer/deelnemers/{row.id}/taken").link("Tekenbevoegdheid vastgesteld"))
    assert "Tess Tekent" in page.text
    empty = browser.submit(page, "Bevoegdheid vastleggen", expect=422)
    assert empty.errors == ["Kies een grond.", "Schrijf in één of twee zinnen wat u hebt gezien."]
    wrong = browser.submit(
        empty,
        "Bevoegdheid vastleggen",
        basis="mandate",
        explanation="Gezien.",
        proof=(io.BytesIO(b"geen pdf"), "bewijs.pdf"),
        expect=422,
    )
    assert wrong.errors == ["Dit bestand is geen PDF, PNG of JPG. Sla het bewijsstuk zo op en probeer het opnieuw."]
    done = browser.submit(
        wrong,
        "Bevoegdheid vastleggen",
        basis="mandate",
        explanation="Gezien.",
        proof=(io.BytesIO(b"%PDF-1.7"), "bewijs.pdf"),
    )
    assert "De tekenbevoegdheid is vastgelegd." in done.notices
    latest = latest_authority(row.id)
    assert latest is not None
    proof = browser.client.get(f"/beheer/deelnemers/{row.id}/tekenbevoegdheid/{latest.id}/bewijs")
    assert (proof.status_code, proof.data, proof.mimetype) == (200, b"%PDF-1.7", "application/pdf")
    assert "attachment" in proof.headers["Content-Disposition"]
    other = journey.accepted()
    browser.get(f"/beheer/deelnemers/{other.id}/tekenbevoegdheid/{latest.id}/bewijs", expect=404)


def test_progress_shows_who_waits_on_whom_and_reminds(journey: Journey, browser: Browser) -> None:
    waiting, signing = journey.submitted(), journey.prepared()
    browser.sign_in(journey.manager)
    page = browser.get("/beheer/voortgang")
    assert waiting.name in page.text
    assert "Overeenkomst ondertekend" in page.text
    only = browser.get("/beheer/voortgang?aan_zet=participant")
    assert signing.name in only.text
    assert waiting.name not in only.text
    assert browser.get("/beheer/voortgang?aan_zet=' OR 1").status == 200
    again = browser.submit(only, f"Herinneren {signing.name}")
    assert again.heading == "Voortgang"
    assert any(notice.startswith("Herinnering gestuurd aan") for notice in again.notices)
    twice = browser.submit(again, f"Herinneren {signing.name}")
    assert "Vandaag is al een herinnering verstuurd" in twice.text


def test_finance_sees_progress_but_does_not_remind(journey: Journey, browser: Browser) -> None:
    row = journey.prepared()
    browser.sign_in(journey.people.staff(StaffRole.FINANCE))
    assert "Herinneren" not in browser.get("/beheer/voortgang").text
    browser.get(f"/beheer/deelnemers/{row.id}/tekenbevoegdheid", expect=403)


def test_an_employee_sees_the_list_without_forms(journey: Journey, browser: Browser) -> None:
    row = journey.countersigned()
    browser.sign_in(journey.people.of(row, ParticipantRole.EMPLOYEE))
    page = browser.get(f"/mijn/{row.id}/taken")
    assert "eHerkenning getest" in page.text
    assert not [a for a in page.soup.select(".task__title a") if "eHerkenning" in a.get_text()]
    browser.get(f"/mijn/{row.id}/taken/eherkenning", expect=403)


def test_a_withdrawn_application_has_nothing_to_do(journey: Journey, browser: Browser) -> None:
    row = journey.accepted()
    row.stage = Stage.WITHDRAWN
    journey.session.commit()
    page = browser.sign_in(journey.signatory(row)).get(f"/mijn/{row.id}/taken")
    assert "Er is niets meer te doen." in page.text
    assert "Vervallen" in page.text


def test_a_task_leads_to_where_it_is_done(journey: Journey, browser: Browser, app: Flask) -> None:
    row = journey.countersigned()
    own = browser.sign_in(journey.signatory(row)).get(f"/mijn/{row.id}/taken")
    assert own.link("Modules gekozen") == f"/mijn/{row.id}/modules"
    assert own.link("Eerste factuur gemaakt") == f"/mijn/{row.id}/facturen"
    staff = Browser(app).sign_in(journey.manager)
    page = staff.get(f"/beheer/deelnemers/{row.id}/taken")
    for task in ("Gegevens compleet", "Aanmelding beoordeeld", "Tekenbevoegdheid vastgesteld", "eHerkenning getest",
                 "Overeenkomst ondertekend", "Eerste factuur gemaakt", "Modules gekozen", "Geactiveerd"):  # fmt: skip
        staff.get(page.link(task))
