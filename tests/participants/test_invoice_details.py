"""Invoice details of who sits abroad, reads English or wants another kind of e-invoice."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.audit import SYSTEM
from core.errors import UserError
from identity.kinds import ParticipantRole, StaffRole
from participants import services
from participants.kinds import Language, Profile
from participants.models import Participant
from tests.browser import Browser, Page
from tests.participants.conftest import MakeParticipant
from tests.people import People

ABROAD: dict[str, Any] = {
    "street": "Rue de la Loi 16",
    "postal_code": "1000",
    "city": "Bruxelles",
    "country": "BE",
    "vat_id": "BE 0411.905.847",
    "email": "factures@deelnemer.invalid",
}


@pytest.fixture
def participant(session: Session, make_participant: MakeParticipant) -> Participant:
    row = make_participant()
    session.commit()
    return row


@pytest.fixture
def own(browser: Browser, people: People, participant: Participant) -> Browser:
    return browser.sign_in(people.of(participant, ParticipantRole.FINANCIAL))


def form(browser: Browser, participant: Participant) -> Page:
    return browser.get(f"/mijn/{participant.id}/factuurgegevens")


def test_at_first_it_is_a_dutch_invoice_to_the_netherlands_for_nlcius(own: Browser, participant: Participant) -> None:
    page = own.submit(
        form(own, participant), "Bewaren", street="Plein 1", postal_code="1234ab", city="Ergens", email="a@b.invalid"
    )

    found = participant.invoice_details
    assert found is not None
    assert (found.postal_code, found.country, found.vat_id) == ("1234 AB", "NL", None)
    assert (found.language, found.e_invoice_profile) == (Language.DUTCH, Profile.NLCIUS)
    assert "Plein 1, 1234 AB Ergens" in page.text
    assert "Ergens, Nederland" not in page.text


def test_a_participant_says_in_which_country_language_and_format(own: Browser, participant: Participant) -> None:
    page = own.submit(form(own, participant), "Bewaren", **ABROAD, language="en", e_invoice_profile="peppol")

    found = participant.invoice_details
    assert found is not None
    assert (found.postal_code, found.country, found.vat_id) == ("1000", "BE", "BE0411905847")
    assert (found.language, found.e_invoice_profile) == (Language.ENGLISH, Profile.PEPPOL)
    for shown in ("Rue de la Loi 16, 1000 Bruxelles, België", "BE0411905847", "Engels", "Peppol BIS Billing 3.0"):
        assert shown in page.text
    assert 'value="BE"' in str(form(own, participant).soup.select_one("select[name=country] option[selected]"))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"country": "NL"}, "Een postcode heeft vier cijfers en twee letters"),
        ({"country": "QQ"}, "Maak een keuze uit de lijst."),
        ({"country": ""}, "Kies een land uit de lijst."),
        ({"vat_id": "BE0411905848"}, "Dit btw-nummer klopt niet."),
        ({"vat_id": "NL810207357B01"}, "Dit btw-nummer hoort niet bij België."),
        ({"country": "CH"}, "alleen nodig voor een adres in de Europese Unie"),
        ({"postal_code": "1" * 13}, "Een postcode mag hoogstens 12 tekens hebben."),
        ({"language": "fr"}, "Maak een keuze uit de lijst."),
        ({"e_invoice_profile": "x"}, "Maak een keuze uit de lijst."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    own: Browser, participant: Participant, wrong: dict[str, Any], sentence: str
) -> None:
    page = own.submit(form(own, participant), "Bewaren", **ABROAD | wrong, expect=422)

    assert any(sentence in error for error in page.errors), page.errors
    assert participant.invoice_details is None


def test_staff_change_the_same(browser: Browser, people: People, participant: Participant) -> None:
    browser.sign_in(people.staff(StaffRole.RELATIONS))

    page = browser.submit(browser.get(f"/beheer/deelnemers/{participant.id}/factuurgegevens"), "Bewaren", **ABROAD)

    assert "Rue de la Loi 16, 1000 Bruxelles, België" in page.text
    assert "BE0411905847" in page.text


def test_a_change_names_the_fields(session: Session, participant: Participant, own: Browser) -> None:
    services.set_invoice_details(SYSTEM, participant, **ABROAD)
    session.commit()

    page = own.submit(form(own, participant), "Bewaren", language="en")

    assert "wijzigde de factuurgegevens: taal van de factuur." in page.text


def test_the_service_refuses_what_the_form_would(participant: Participant) -> None:
    for wrong in ({"country": "Nederland"}, {"vat_id": "x"}, {"country": "NL"}):
        with pytest.raises(UserError):
            services.set_invoice_details(SYSTEM, participant, **ABROAD | wrong)
