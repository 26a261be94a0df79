"""My work shows each role what it can move on now, and nothing else; the oldest first."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.kinds import WorkKind
from billing.models import Invoice
from billing.services import credit_invoice
from catalogue.queries import modules_for_role
from catalogue.services import choose_modules
from core import clock
from core.audit import SYSTEM
from core.db import next_id
from identity.kinds import StaffRole
from identity.services import actor_of
from onboarding.agreements.review.services import ask
from onboarding.applications.services import register_interest
from onboarding.going_live.services import suspend
from onboarding.kinds import CheckKind
from onboarding.models import Agreement, ShareLink
from onboarding.take_over.services import Existing, take_over
from onboarding.tasks.services import record_check
from participants.kinds import Channel, MeasurementKind, OrganisationKind, Sector
from participants.models import Participant
from participants.services import create_organisation, hand_over, record_measurement, set_invoice_details
from tests.admin.conftest import WORK, about, action, kinds, rows_of
from tests.browser import Browser
from tests.onboarding.conftest import TODAY, Journey
from tests.people import People

# ------------------------------------------------------------------------------------------- relations


def test_a_new_application_waits_for_relations_with_a_way_to_decide(journey: Journey, relations: Browser) -> None:
    participant = journey.submitted()
    page = relations.get(WORK)
    assert kinds(page) == [WorkKind.APPLICATION.label]
    assert relations.get(action(page, participant)).heading == participant.name
    assert relations.get(page.link(participant.name)).response.request.path == f"/beheer/deelnemers/{participant.id}"


def test_interest_waits_for_relations(journey: Journey, relations: Browser, session: Session) -> None:
    register_interest("Woonstichting Rand", "Wim Wonen", "wim@rand.invalid", "Wat kost het?", SYSTEM)
    session.commit()
    page = relations.get(WORK)
    assert kinds(page) == [WorkKind.INTEREST.label]
    assert "Woonstichting Rand" in about(page, WorkKind.INTEREST)[0]


@pytest.mark.parametrize(
    ("stage", "kind", "heading"),
    [
        ("accepted", WorkKind.AUTHORITY, "Tekenbevoegdheid"),
        ("signed", WorkKind.COUNTERSIGN, "Overeenkomst"),
        ("ready", WorkKind.ACTIVATE, "Activeren"),
        ("live", WorkKind.ONBOARDING, "Onboarding gehouden"),
    ],
)
def test_each_step_of_ours_leads_to_the_page_where_it_is_done(
    journey: Journey, relations: Browser, stage: str, kind: WorkKind, heading: str
) -> None:
    participant = getattr(journey, stage)()
    page = relations.get(WORK)
    assert kinds(page) == [kind.label]
    assert relations.get(action(page, participant)).heading.startswith(heading)


@pytest.mark.parametrize("stage", ["prepared", "countersigned"])
def test_what_the_participant_has_to_do_does_not_wait_on_us(journey: Journey, relations: Browser, stage: str) -> None:
    getattr(journey, stage)()
    assert rows_of(relations.get(WORK)) == []


def test_who_accepted_does_not_see_the_countersigning_but_a_colleague_does(
    journey: Journey, relations: Browser
) -> None:
    journey.signed()
    manager = Browser(journey.app).sign_in(journey.manager)
    assert rows_of(manager.get(WORK)) == []
    assert kinds(relations.get(WORK)) == [WorkKind.COUNTERSIGN.label]


def test_authority_waits_on_us_also_while_the_lawyers_of_the_participant_read(
    journey: Journey, relations: Browser
) -> None:
    journey.accepted(wants_legal_review=True)
    assert kinds(relations.get(WORK)) == [WorkKind.AUTHORITY.label]


def test_an_agreement_that_was_not_made_waits_on_us(journey: Journey, relations: Browser, session: Session) -> None:
    participant = journey.prepared()
    agreement = session.execute(select(Agreement).where(Agreement.participant_id == participant.id)).scalar_one()
    agreement.replaced_at = clock.now()
    session.commit()
    page = relations.get(WORK)
    assert kinds(page) == [WorkKind.AGREEMENT.label]
    assert relations.get(action(page, participant)).heading == "Overeenkomst"


def test_the_onboarding_is_done_when_it_is_recorded(journey: Journey, relations: Browser, session: Session) -> None:
    participant = journey.live()
    record_check(participant, CheckKind.ONBOARDING_HELD, TODAY, journey.actor(journey.manager))
    session.commit()
    assert rows_of(relations.get(WORK)) == []


def test_a_suspended_participant_needs_no_onboarding_now(
    journey: Journey, relations: Browser, session: Session
) -> None:
    suspend(journey.live(), "Storing bij de leverancier.", journey.actor(journey.manager))
    session.commit()
    assert rows_of(relations.get(WORK)) == []


def test_a_legal_question_leads_to_its_answer(journey: Journey, relations: Browser, session: Session) -> None:
    participant = journey.prepared(wants_legal_review=True)
    link = ShareLink(
        id=next_id(ShareLink),
        token_hash="0" * 64,
        participant_id=participant.id,
        created_at=clock.now(),
        expires_at=clock.now() + timedelta(days=30),
    )
    session.add(link)
    session.flush()
    ask(link, "mr. J. Urist", "Wie is verwerker?")
    session.commit()
    page = relations.get(WORK)
    assert kinds(page) == [WorkKind.QUESTION.label]
    assert "Gevraagd door mr. J. Urist." in about(page, WorkKind.QUESTION)[0]
    assert "Wie is verwerker?" in relations.get(action(page, participant)).text


def test_a_module_that_a_live_participant_asks_for_waits_on_us(
    journey: Journey, relations: Browser, session: Session
) -> None:
    participant = journey.live()
    record_check(participant, CheckKind.ONBOARDING_HELD, TODAY, journey.actor(journey.manager))
    offers = modules_for_role("creditor")
    choose_modules(participant, [offer.code for offer in offers[:2]], SYSTEM)
    session.commit()
    page = relations.get(WORK)
    assert kinds(page) == [WorkKind.MODULE.label]
    assert f"Gevraagd: {offers[1].name}." in about(page, WorkKind.MODULE)[0]
    assert relations.get(action(page, participant)).heading == "Modules"


@pytest.mark.parametrize(
    ("stage", "waits_for"),
    [
        ("submitted", "Schuldenknooppunt"),
        ("accepted", "Schuldenknooppunt"),
        ("prepared", "Aanmelder"),
        ("signed", "Schuldenknooppunt"),
        ("countersigned", "Aanmelder"),
        ("ready", "Schuldenknooppunt"),
    ],
)
def test_the_list_of_applications_agrees_about_whose_turn_it_is(
    journey: Journey, relations: Browser, stage: str, waits_for: str
) -> None:
    participant = getattr(journey, stage)()
    rows = rows_of(relations.get("/beheer/aanmeldingen"))
    assert [(row[1], row[-1]) for row in rows] == [(participant.name, waits_for)]
    by_turn = {
        "Schuldenknooppunt": relations.get("/beheer/aanmeldingen?wacht-op=operator"),
        "Aanmelder": relations.get("/beheer/aanmeldingen?wacht-op=applicant"),
    }
    assert {turn for turn, page in by_turn.items() if rows_of(page)} == {waits_for}
    assert bool(rows_of(relations.get(WORK))) == (waits_for == "Schuldenknooppunt")


# ------------------------------------------------------------------------------------------- order and filters


def test_what_waits_longest_stands_first_with_its_days(journey: Journey, relations: Browser) -> None:
    with clock.at(date(2026, 2, 20)):
        old = journey.submitted()
    with clock.at(date(2026, 3, 1)):
        newer = journey.submitted()
    newest = journey.submitted()
    rows = rows_of(relations.get(WORK))
    assert [row[1].partition(" A-2026")[0] for row in rows] == [old.name, newer.name, newest.name]
    assert [row[2] for row in rows] == ["20-2-2026 (10 dagen)", "1-3-2026 (1 dag)", "2-3-2026 (vandaag)"]


def test_it_can_be_narrowed_to_a_kind_and_to_ones_own_files(journey: Journey, people: People, session: Session) -> None:
    mine, other = journey.submitted(), journey.accepted()
    me = people.staff(StaffRole.RELATIONS, name="Mia Mijn")
    hand_over(actor_of(me), mine, me)
    session.commit()
    browser = Browser(journey.app).sign_in(me)
    assert {row[3] for row in rows_of(browser.get(WORK))} == {"Mia Mijn", "niemand"}
    assert mine.name in browser.get(f"{WORK}?bij=mij").text
    assert other.name not in browser.get(f"{WORK}?bij=mij").text
    assert mine.name not in browser.get(f"{WORK}?bij=niemand").text
    assert kinds(browser.get(f"{WORK}?soort=authority")) == [WorkKind.AUTHORITY.label]
    assert "Niets gevonden met deze keuze" in browser.get(f"{WORK}?soort=authority&bij=mij").text
    assert len(rows_of(browser.get(f"{WORK}?soort=onzin&bij=%00&pagina=99"))) == 2


# ------------------------------------------------------------------------------------------- finance


def test_a_subscription_with_an_invoice_over_this_year_does_not_wait_on_finance(
    journey: Journey, finance: Browser
) -> None:
    journey.live()
    page = finance.get(WORK)
    assert rows_of(page) == []
    assert "Er wacht niets op u" in page.text


def test_a_credited_invoice_waits_on_finance(journey: Journey, finance: Browser, session: Session) -> None:
    participant = journey.live()
    invoice = session.execute(select(Invoice).where(Invoice.participant_id == participant.id)).scalar_one()
    credit_invoice(invoice, "Verkeerde tenaamstelling.", SYSTEM)
    session.commit()
    page = finance.get(WORK)
    assert kinds(page) == [WorkKind.INVOICE.label]
    assert "de factuur over 2026 is nog niet gemaakt" in about(page, WorkKind.INVOICE)[0]
    assert finance.get(action(page, participant)).heading == "Factuur over 2026 maken"


@pytest.fixture
def taken_over(journey: Journey, session: Session) -> Participant:
    """A creditor that was connected before, of which nobody recorded a number of files."""
    organisation = create_organisation(
        SYSTEM, name="Voorbeeld Nuts", kind=OrganisationKind.COMPANY, sector=Sector.OTHER, fictional=True
    )
    existing = Existing(organisation.id, "creditor", date(2024, 5, 1), Channel.PORTAL, (), "dossier 2024-7")
    row = take_over(SYSTEM, existing)
    session.commit()
    return row


def test_a_subscription_that_cannot_be_classified_waits_on_finance_with_the_reason(
    taken_over: Participant, finance: Browser
) -> None:
    page = finance.get(WORK)
    assert kinds(page) == [WorkKind.INVOICE.label]
    assert "Van Voorbeeld Nuts is nog niet bekend: schulddossiers per jaar." in about(page, WorkKind.INVOICE)[0]
    assert rows_of(page)[0][2] == "1-1-2026 (60 dagen)"
    assert finance.get(action(page, taken_over)).heading == "Tarief"


def test_missing_invoice_details_are_the_reason_when_the_number_is_known(
    taken_over: Participant, finance: Browser, session: Session
) -> None:
    record_measurement(
        SYSTEM, MeasurementKind.FILES, 600, measured_on=TODAY, source="eigen opgave", participant_id=taken_over.id
    )
    session.commit()
    page = finance.get(WORK)
    assert "De factuurgegevens ontbreken." in about(page, WorkKind.INVOICE)[0]
    assert finance.get(action(page, taken_over)).heading == "Voorbeeld Nuts"


def test_relations_mend_what_keeps_finance_from_invoicing(
    taken_over: Participant, relations: Browser, session: Session
) -> None:
    page = relations.get(WORK)
    assert kinds(page) == [WorkKind.FACTS.label]
    assert relations.get(action(page, taken_over)).heading == "Opgave vastleggen"
    record_measurement(
        SYSTEM, MeasurementKind.FILES, 600, measured_on=TODAY, source="eigen opgave", participant_id=taken_over.id
    )
    session.commit()
    page = relations.get(WORK)
    assert "De factuurgegevens ontbreken." in about(page, WorkKind.FACTS)[0]
    assert relations.get(action(page, taken_over)).heading == "Factuurgegevens"
    set_invoice_details(
        SYSTEM,
        taken_over,
        street="Postbus 1",
        postal_code="9999 XX",
        city="Voorbeeldstad",
        email="facturen@deelnemer.invalid",
    )
    session.commit()
    assert rows_of(relations.get(WORK)) == []
