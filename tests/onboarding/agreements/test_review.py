"""Reading along by lawyers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock
from core.errors import NotFound, Refused
from onboarding.agreements.review import queries, services
from onboarding.agreements.review.queries import LinkExpired
from participants.kinds import Stage
from tests.browser import Browser
from tests.onboarding.conftest import Journey


def test_a_link_works_for_thirty_days_and_only_its_hash_is_stored(journey: Journey) -> None:
    row = journey.accepted()
    token = services.share(row, journey.actor(journey.signatory(row)))
    link = queries.link_of(token)
    assert token not in link.token_hash
    with clock.at(clock.now() + timedelta(days=29, hours=23)):
        assert queries.link_of(token).id == link.id
    with clock.at(clock.now() + timedelta(days=30)), pytest.raises(LinkExpired, match="verlopen"):
        queries.link_of(token)
    assert journey.timeline(row)[0] == "Tess Tekent maakte een link om mee te lezen, geldig tot 1 april 2026."


def test_a_revoked_or_unknown_link_shows_nothing(journey: Journey) -> None:
    row = journey.accepted()
    actor = journey.actor(journey.signatory(row))
    token = services.share(row, actor)
    services.revoke(queries.link_of(token), actor)
    with pytest.raises(LinkExpired, match="ingetrokken"):
        queries.link_of(token)
    with pytest.raises(NotFound):
        queries.link_of(token[:-1])


def test_a_closed_application_gives_no_links(journey: Journey) -> None:
    row = journey.accepted()
    row.stage = Stage.WITHDRAWN
    with pytest.raises(Refused, match="gesloten"):
        services.share(row, journey.actor(journey.manager))


def test_a_question_and_its_answer_are_mailed(journey: Journey) -> None:
    row = journey.accepted()
    token = services.share(row, journey.actor(journey.signatory(row)), email="jurist@kantoor.invalid")
    assert token in journey.mail(row, "Lees mee")[0].body
    question = services.ask(queries.link_of(token), "Mr. J. Jurist", "Wat als?", email="jurist@kantoor.invalid")
    assert "Wat als?" in journey.mail(row, "Vraag over de overeenkomst")[0].body
    assert journey.timeline(row)[0] == "Een meelezer stelde een vraag over de overeenkomst."
    services.answer(question, "Dan zo.", journey.actor(journey.colleague))
    answers = journey.mail(row, "Antwoord op een vraag")
    assert [mail.recipient for mail in answers] == [journey.signatory(row).email, "jurist@kantoor.invalid"]
    with pytest.raises(Refused, match="al beantwoord"):
        services.answer(question, "Of zo.", journey.actor(journey.manager))


def test_the_participant_shares_a_lawyer_reads_and_staff_answer(journey: Journey, browser: Browser) -> None:
    row = journey.accepted(wants_legal_review=True)
    browser.sign_in(journey.signatory(row))
    page = browser.get(browser.get(f"/mijn/{row.id}/taken").link("Juridische beoordeling"))
    wrong = browser.submit(page, "Link maken", email="geen adres", expect=422)
    assert wrong.errors == ["Dit is geen e-mailadres. Een e-mailadres ziet eruit als naam@organisatie.nl."]
    made = browser.submit(wrong, "Link maken", email="")
    address = made.notices[0].rpartition("http://localhost")[2]

    lawyer = Browser(journey.app)
    reading = lawyer.get(address)
    assert reading.heading == f"Meelezen met {row.name}"
    pdf = lawyer.client.get(reading.link("Aansluit- en verwerkersovereenkomst (PDF)"))
    assert pdf.data.startswith(b"%PDF-")
    dpia = lawyer.get(reading.link("Samenvatting van de DPIA"))
    assert "concept" in dpia.text.lower()
    empty = lawyer.submit(reading, "Vraag versturen", expect=422)
    assert empty.errors == ["Vul uw naam in.", "Schrijf uw vraag op."]
    asked = lawyer.submit(empty, "Vraag versturen", asked_by="Mr. Jurist", question="<script>alert(1)</script>\nTweede")
    assert "<script>alert(1)</script>" in asked.text
    assert asked.notices == ["Uw vraag is verstuurd. Het antwoord komt op deze pagina te staan."]

    staff = Browser(journey.app).sign_in(journey.colleague)
    questions = staff.get(f"/beheer/deelnemers/{row.id}/vragen")
    answering = staff.get(questions.link("Beantwoorden : vraag van Mr. Jurist"))
    staff.submit(answering, "Antwoord versturen", answer="Dat regelt artikel 12.")
    assert "Dat regelt artikel 12." in lawyer.get(address).text

    ready = browser.get(browser.get(f"/mijn/{row.id}/juridische-beoordeling").link("Juridische beoordeling is klaar"))
    browser.submit(ready, "Vastleggen", done_on="2-3-2026")
    revoked = browser.submit(browser.get(f"/mijn/{row.id}/juridische-beoordeling"), None)
    assert "De link is ingetrokken." in revoked.notices
    lawyer.get(address, expect=410)


def test_nobody_guesses_a_link(journey: Journey, browser: Browser) -> None:
    journey.accepted()
    browser.get("/meelezen/zomaar", expect=404)
    browser.get("/meelezen/zomaar/overeenkomst.pdf", expect=404)
    browser.get("/meelezen/zomaar/dpia", expect=404)


def test_a_question_of_another_participant_does_not_exist(journey: Journey, browser: Browser) -> None:
    row, other = journey.accepted(), journey.accepted()
    link = queries.link_of(services.share(row, journey.actor(journey.manager)))
    question = services.ask(link, "Jurist", "Vraag?")
    journey.session.commit()
    browser.sign_in(journey.manager)
    browser.get(f"/beheer/deelnemers/{row.id}/vragen/{question.id}")
    browser.get(f"/beheer/deelnemers/{other.id}/vragen/{question.id}", expect=404)
    browser.sign_in(journey.signatory(other))
    form = browser.get(f"/mijn/{other.id}/juridische-beoordeling").form("Link maken")
    field = form.find("input", attrs={"name": "csrf_token"})
    assert field is not None
    token = str(field["value"])
    for owner in (other.id, row.id):
        path = f"/mijn/{owner}/juridische-beoordeling/{link.id}/intrekken"
        browser.post(path, {"csrf_token": token}, expect=404)
    assert link.revoked_at is None
