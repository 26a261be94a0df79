"""Signing and countersigning in the browser."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from core import clock
from identity.kinds import ParticipantRole, StaffRole
from onboarding.agreements import queries, services
from onboarding.kinds import AuthorityBasis, Side
from onboarding.tasks.services import record_authority
from participants.kinds import Channel, ContactRole, Stage
from participants.services import change_participant, remove_contact, set_contact
from tests.browser import Browser
from tests.onboarding.conftest import Journey


def test_the_signatory_reads_ticks_and_signs(journey: Journey, browser: Browser) -> None:
    row = journey.prepared()
    browser.sign_in(journey.signatory(row))
    page = browser.get(f"/mijn/{row.id}/overeenkomst")
    assert "Artikel 16. Opdracht" in page.text
    pdf = browser.client.get(page.link("Overeenkomst als PDF"))
    assert pdf.mimetype == "application/pdf"
    form = browser.get(page.link("Naar ondertekenen"))
    statement = f"Ik, Tess Tekent (directeur), mag {row.organisation.name} vertegenwoordigen."
    assert statement in form.text
    empty = browser.submit(form, "Ondertekenen", expect=422)
    assert empty.errors == ["Zet het vinkje als u het hiermee eens bent."]
    done = browser.submit(empty, "Ondertekenen", agreed="y")
    assert "U hebt de overeenkomst ondertekend. U krijgt een kopie per mail." in done.notices
    assert journey.fresh(row).stage is Stage.SIGNED
    again = browser.submit(form, "Ondertekenen", agreed="y")
    assert again.heading == "Overeenkomst"
    assert len(queries.agreement_of(row.id).signatures) == 1


def test_signing_asks_for_a_fresh_second_factor(journey: Journey, browser: Browser) -> None:
    row = journey.prepared()
    browser.sign_in(journey.signatory(row))
    with clock.at(clock.now() + timedelta(minutes=16)):
        answer = browser.client.get(f"/mijn/{row.id}/overeenkomst/ondertekenen")
        assert answer.status_code == 303
        assert "ondertekenen" in answer.headers["Location"]
    countersigning = journey.signed()
    browser.sign_in(journey.colleague)
    with clock.at(clock.now() + timedelta(minutes=16)):
        answer = browser.client.get(f"/beheer/deelnemers/{countersigning.id}/overeenkomst/medeondertekenen")
        assert answer.status_code == 303


def test_another_representative_sees_who_signs(journey: Journey, browser: Browser) -> None:
    row = journey.prepared()
    browser.sign_in(journey.other_representative(row))
    page = browser.get(f"/mijn/{row.id}/overeenkomst")
    assert "Tess Tekent kan inloggen en de overeenkomst hier ondertekenen." in page.text
    assert "Naar ondertekenen" not in page.text
    form = browser.get(f"/mijn/{row.id}/overeenkomst/ondertekenen")
    assert "Alleen Tess Tekent mag ondertekenen." in form.text


def test_an_employee_reads_but_does_not_sign(journey: Journey, browser: Browser) -> None:
    row = journey.prepared()
    browser.sign_in(journey.people.of(row, ParticipantRole.EMPLOYEE))
    assert "Artikel 16. Opdracht" in browser.get(f"/mijn/{row.id}/overeenkomst").text
    browser.get(f"/mijn/{row.id}/overeenkomst/ondertekenen", expect=403)


def test_changed_facts_ask_for_a_new_agreement(journey: Journey, browser: Browser) -> None:
    row = journey.prepared()
    browser.sign_in(journey.signatory(row))
    form = browser.get(f"/mijn/{row.id}/overeenkomst/ondertekenen")
    change_participant(journey.actor(journey.manager), row, channel=Channel.CSV)
    journey.session.commit()
    refused = browser.submit(form, "Ondertekenen", agreed="y", expect=422)
    assert refused.errors == ["Dit kan niet: sinds het vastleggen is gewijzigd: de manier van aansluiten."]
    again = browser.submit(refused, "Overeenkomst opnieuw maken")
    assert "De overeenkomst is gemaakt met de gegevens van nu." in again.notices
    stale = browser.submit(form, "Ondertekenen", agreed="y", expect=422)
    assert stale.errors == ["De overeenkomst is intussen opnieuw gemaakt. Lees de nieuwe versie en onderteken die."]
    browser.submit(stale, "Ondertekenen", agreed="y")
    assert journey.fresh(row).stage is Stage.SIGNED


def test_not_signing_with_a_reason(journey: Journey, browser: Browser) -> None:
    row = journey.prepared()
    browser.sign_in(journey.signatory(row))
    form = browser.get(browser.get(f"/mijn/{row.id}/overeenkomst").link("Ik onderteken niet"))
    button = "Niet ondertekenen en aanmelding intrekken"
    assert browser.submit(form, button, expect=422).errors == ["Schrijf in één of twee zinnen waarom."]
    done = browser.submit(form, button, reason="De raad besluit later.")
    assert "Er is niets meer te doen." in done.text
    assert journey.fresh(row).stage is Stage.WITHDRAWN


def test_a_colleague_countersigns(journey: Journey, browser: Browser) -> None:
    row = journey.signed()
    browser.sign_in(journey.colleague)
    page = browser.get(f"/beheer/deelnemers/{row.id}/overeenkomst")
    assert "Tess Tekent, directeur" in page.text
    form = browser.get(page.link("Naar medeondertekenen"))
    assert "Ik, Coen Collega (Relatiebeheer), mag Voorbeeldbeheerder B vertegenwoordigen." in form.text
    done = browser.submit(form, "Medeondertekenen", agreed="y")
    assert done.heading == "Taken"
    assert "Factuur 2026-00001." in done.text
    again = browser.submit(form, "Medeondertekenen", agreed="y")
    assert "De overeenkomst is medeondertekend." in again.notices
    pdf = browser.client.get(f"/beheer/deelnemers/{row.id}/overeenkomst.pdf")
    assert pdf.data.startswith(b"%PDF-")


def test_who_accepted_is_told_and_refused(journey: Journey, browser: Browser) -> None:
    row = journey.signed()
    browser.sign_in(journey.manager)
    page = browser.get(f"/beheer/deelnemers/{row.id}/overeenkomst")
    assert "U hebt de aanmelding zelf geaccepteerd." in page.text
    assert "Naar medeondertekenen" not in page.text
    form = browser.get(f"/beheer/deelnemers/{row.id}/overeenkomst/medeondertekenen")
    refused = browser.submit(form, "Medeondertekenen", agreed="y", expect=422)
    assert refused.errors == [
        "Dit kan niet: u hebt de aanmelding zelf geaccepteerd. Laat een collega medeondertekenen."
    ]
    assert "dat kon niet: u hebt de aanmelding zelf geaccepteerd" in journey.timeline(row)[0]
    assert queries.signature(queries.agreement_of(row.id), Side.OPERATOR) is None


def test_what_billing_misses_is_said_on_the_page(journey: Journey, browser: Browser) -> None:
    row = journey.signed("shv_phase_1")
    browser.sign_in(journey.colleague)
    form = browser.get(f"/beheer/deelnemers/{row.id}/overeenkomst/medeondertekenen")
    refused = browser.submit(form, "Medeondertekenen", agreed="y", expect=422)
    assert "geen aantal inwoners bekend" in refused.errors[0]
    assert journey.fresh(row).stage is Stage.SIGNED


def test_sending_back_for_a_new_signature(journey: Journey, browser: Browser) -> None:
    row = journey.signed()
    browser.sign_in(journey.colleague)
    form = browser.get(browser.get(f"/beheer/deelnemers/{row.id}/overeenkomst").link("Terugsturen"))
    done = browser.submit(form, "Terugsturen", reason="Het adres klopt niet.")
    assert "De overeenkomst is teruggestuurd. De deelnemer heeft bericht gekregen." in done.notices
    assert journey.fresh(row).stage is Stage.ACCEPTED


def test_finance_reads_and_does_not_countersign(journey: Journey, browser: Browser) -> None:
    row = journey.signed()
    browser.sign_in(journey.people.staff(StaffRole.FINANCE))
    assert "Naar medeondertekenen" not in browser.get(f"/beheer/deelnemers/{row.id}/overeenkomst").text
    browser.get(f"/beheer/deelnemers/{row.id}/overeenkomst/medeondertekenen", expect=403)
    browser.get(f"/beheer/deelnemers/{row.id}/overeenkomst/terugsturen", expect=403)


def test_before_it_is_made_the_page_says_what_is_awaited(journey: Journey, browser: Browser, app: Flask) -> None:
    row = journey.accepted()
    own = browser.sign_in(journey.signatory(row)).get(f"/mijn/{row.id}/overeenkomst")
    assert "De overeenkomst is nog niet gemaakt." in own.text
    browser.get(f"/mijn/{row.id}/overeenkomst/ondertekenen", expect=404)
    staff = Browser(app).sign_in(journey.manager).get(f"/beheer/deelnemers/{row.id}/overeenkomst")
    assert "Nog te doen: Tekenbevoegdheid vastgesteld." in staff.text


def test_staff_make_the_agreement_again(journey: Journey, browser: Browser) -> None:
    row = journey.prepared()
    before = queries.agreement_of(row.id).id
    change_participant(journey.actor(journey.manager), row, unit_name="Incasso")
    journey.session.commit()
    browser.sign_in(journey.manager)
    page = browser.submit(
        browser.get(f"/beheer/deelnemers/{row.id}/overeenkomst"), "Opnieuw maken met de gegevens van nu"
    )
    assert "het onderdeel Incasso" in page.text
    assert queries.agreement_of(row.id).id != before
    assert services.why_not_prepared(journey.fresh(row)) is None


def test_details_that_came_later_let_the_participant_have_it_made(journey: Journey, browser: Browser) -> None:
    row = journey.accepted()
    signatory = journey.signatory(row)
    change_participant(journey.actor(journey.manager), row, channel=Channel.SYSTEM)
    remove_contact(journey.actor(journey.manager), row, ContactRole.TECHNICAL)
    record_authority(row, AuthorityBasis.OTHER, "Gezien.", journey.actor(journey.manager), reference="Besluit 2026-12")
    journey.session.commit()
    browser.sign_in(signatory)
    assert "Overeenkomst maken" not in browser.get(f"/mijn/{row.id}/overeenkomst").text
    set_contact(journey.actor(signatory), row, ContactRole.TECHNICAL, name="Tom", email="tom@deelnemer.invalid")
    journey.session.commit()
    made = browser.submit(browser.get(f"/mijn/{row.id}/overeenkomst"), "Overeenkomst maken")
    assert "Lees de overeenkomst. Daarna kan Tess Tekent ondertekenen." in made.text
