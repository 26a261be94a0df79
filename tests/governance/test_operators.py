"""The operator over time: completed by two, with its logo and who may sign."""

from __future__ import annotations

import io
from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from core import approvals
from core.audit import SYSTEM, Actor
from core.errors import Refused
from governance import queries
from governance.operators import services
from governance.services import import_operators
from identity.kinds import StaffRole
from identity.models import Account
from tests.browser import Browser
from tests.governance.conftest import OPERATORS
from tests.governance.test_papers import LOGO
from tests.people import People

IBAN = "NL02ABNA0123456789"


@pytest.fixture
def real(session: Session, today: date) -> int:
    """The operator of today, with what the registers say and no more."""
    import_operators(OPERATORS, SYSTEM, example=False)
    session.commit()
    return queries.operator_on(today).id


def actor(account: Account) -> Actor:
    return Actor("staff", account.person_key)


def test_what_is_unknown_is_completed_by_two(app: Flask, people: People, session: Session, real: int) -> None:
    maker = Browser(app).sign_in(people.staff(StaffRole.FINANCE))
    page = maker.get("/beheer/stelselbeheerder")
    assert "3 nog onbekend" in page.text
    form = maker.get(f"/beheer/stelselbeheerder/{real}/aanvullen")
    assert not form.soup.select("[name=kvk]"), "what is known lies fixed"
    page = maker.submit(form, "Akkoord vragen", expect=422, iban="NL00ABNA0123456789", vat_id="NL1")
    assert "Dit IBAN klopt niet. Controleer de cijfers." in page.errors
    assert any(error.startswith("Dit btw-nummer klopt niet.") for error in page.errors)
    page = maker.submit(form, "Akkoord vragen", iban="NL02 ABNA 0123 4567 89", logo=(io.BytesIO(LOGO), "logo.svg"))
    assert queries.operator_on(date(2026, 11, 20)).iban is None
    request = services.waiting(real)[0]
    own = maker.get(f"/beheer/akkoord/{request.id}")
    assert "U hebt dit zelf gevraagd" in own.text
    maker.post(f"/beheer/akkoord/{request.id}", {"besluit": "akkoord"}, expect=400)
    checker = Browser(app).sign_in(people.staff(StaffRole.ADMINISTRATION))
    page = checker.get(f"/beheer/akkoord/{request.id}")
    assert "NL02 ABNA 0123 4567 89" in page.text
    checker.submit(page, "Akkoord geven")
    session.expire_all()
    assert queries.operator_on(date(2026, 11, 20)).iban == IBAN
    page = checker.get("/beheer/stelselbeheerder")
    assert "NL02 ABNA 0123 4567 89" in page.text
    answer = checker.client.get(f"/beheer/stelselbeheerder/{real}/logo")
    assert (answer.data, answer.mimetype) == (LOGO, "image/svg+xml")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_the_maker_is_never_the_checker(people: People, session: Session, real: int) -> None:
    row, maker = services.operator(real), people.staff(*StaffRole)
    request = services.propose_completion(row, {"iban": IBAN}, None, actor(maker))
    with pytest.raises(Refused, match="zelf gevraagd"):
        approvals.approve(request.id, actor(maker))
    with pytest.raises(Refused, match="ligt al een verzoek"):
        services.propose_completion(row, {"iban": IBAN}, None, actor(maker))


def test_nothing_or_what_is_known_is_not_asked(people: People, session: Session, real: int) -> None:
    row, maker = services.operator(real), actor(people.staff(StaffRole.FINANCE))
    with pytest.raises(Refused, match="Vul ten minste één gegeven in"):
        services.propose_completion(row, {"iban": None}, None, maker)
    with pytest.raises(Refused, match="KvK-nummer is al bekend"):
        services.propose_completion(row, {"kvk": "99000010"}, None, maker)


def test_signatories_come_and_go(app: Flask, people: People, session: Session, real: int, today: date) -> None:
    maker = Browser(app).sign_in(people.staff(StaffRole.ADMINISTRATION))
    form = maker.get(f"/beheer/stelselbeheerder/{real}/tekeningsbevoegden")
    page = maker.submit(form, "Akkoord vragen", expect=422, name="Voorbeeldpersoon A", function="directeur")
    assert page.errors == ["Vul de eerste dag in."]
    page = maker.submit(page, "Akkoord vragen", expect=422, starts_on="31-12-2025")
    assert page.errors == [
        "Bureau InformatieDiensten Nederland (BIDN) is stelselbeheerder vanaf 1 januari 2026. Controleer de datum."
    ]
    maker.submit(page, "Akkoord vragen", starts_on="1-1-2026")
    request = services.waiting(real)[0]
    approvals.approve(request.id, actor(people.staff(StaffRole.FINANCE)))
    session.commit()
    page = maker.get("/beheer/stelselbeheerder")
    assert "Voorbeeldpersoon A directeur 1-1-2026" in page.text
    with pytest.raises(Refused, match="mag in die tijd al tekenen"):
        services.propose_signatory(
            services.operator(real), "Voorbeeldpersoon A", "x", date(2026, 6, 1), None, actor(people.staff())
        )
    form = maker.get(page.link("Laatste dag vastleggen van Voorbeeldpersoon A"))
    page = maker.submit(form, "Vastleggen", last_day="31-10-2026")
    assert "31-10-2026 niet nu" in page.text


def test_who_only_reads_completes_nothing(browser: Browser, people: People, real: int) -> None:
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    assert "Gegevens aanvullen" not in browser.get("/beheer/stelselbeheerder").text
    browser.get(f"/beheer/stelselbeheerder/{real}/aanvullen", expect=403)
    browser.get(f"/beheer/stelselbeheerder/{real}/logo", expect=404)
