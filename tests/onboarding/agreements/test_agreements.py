"""From text to a frozen agreement, and the two signatures."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import fsspec
import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from billing.models import Invoice
from billing.queries import first_invoice
from core import clock, documents
from core.audit import SYSTEM
from core.db import transaction
from core.errors import Conflict, Refused, UserError
from core.money import ZERO
from governance.kinds import DecisionKind
from governance.queries import decisions, operator_on
from identity.kinds import ParticipantRole
from onboarding.agreements import queries, rules, services
from onboarding.agreements.drafting.services import draft_contract, file_name
from onboarding.kinds import Side
from onboarding.models import Agreement, AgreementText, Signature
from participants.kinds import Channel, ContactRole, Stage
from participants.models import Participant
from participants.queries import connection_period
from participants.services import change_participant, set_contact
from tests.onboarding.conftest import DATA, TODAY, Journey


def words(content: bytes) -> str:
    """Text of a PDF as far as its outlines and metadata show it."""
    with pikepdf.open(BytesIO(content)) as document:
        return str(document.docinfo.get("/Title", "")) + str(document.docinfo.get("/Subject", ""))


def damage(app: Flask, sha256: str) -> None:
    """Change a stored file behind the program's back."""
    settings = app.extensions["settings"]
    path = Path(settings.files_url) / sha256[:2] / sha256
    filesystem, place = fsspec.core.url_to_fs(str(path))
    with filesystem.open(place, "ab") as target:
        target.write(b" een regel erbij")


def agreement(row: Participant) -> Agreement:
    return queries.agreement_of(row.id)


# ------------------------------------------------------------------------------------------- texts


def test_a_text_is_taken_in_once(journey: Journey, session: Session) -> None:
    before = session.execute(select(AgreementText).where(AgreementText.version == "2026-1")).scalar_one()
    again = services.import_text(
        "2026-1", before.body, before.starts_on, before.operator, before.decision, SYSTEM, title=before.title
    )
    assert again is before
    with pytest.raises(Refused, match="bestaat al met een andere inhoud"):
        services.import_text(
            "2026-1", before.body + "\nMeer.\n", before.starts_on, before.operator, before.decision, SYSTEM
        )
    with pytest.raises(Refused, match="geldt al versie 2026-1"):
        services.import_text("2026-2", before.body, before.starts_on, before.operator, before.decision, SYSTEM)


def test_the_version_and_operator_of_the_day_hold(journey: Journey) -> None:
    old, new = queries.text_in_force(date(2025, 12, 31)), queries.text_in_force(date(2026, 1, 1))
    assert old is not None
    assert new is not None
    assert (old.version, old.operator.name) == ("2023-1", "Voorbeeldbeheerder A")
    assert (new.version, new.operator.name) == ("2026-1", "Voorbeeldbeheerder B")
    assert queries.text_in_force(date(2022, 12, 31)) is None


def test_a_text_cannot_be_changed_afterwards(journey: Journey, session: Session) -> None:
    with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
        session.execute(text("UPDATE agreement_texts SET body = 'x'"))


# ------------------------------------------------------------------------------------------- preparing


def test_the_agreement_is_made_with_the_facts_of_the_participant(journey: Journey) -> None:
    row = journey.prepared("creditor", Channel.SYSTEM)
    found = agreement(row)
    content = queries.content_of(found)
    assert content.operator == "Voorbeeldbeheerder B"
    assert content.participant == row.organisation.name
    assert content.role == "schuldeiser"
    assert content.channel == "een systeemkoppeling"
    assert (content.signatory_name, content.category_name) == ("Tess Tekent", "C")
    assert "600 schulddossiers per jaar volgens eigen opgave, categorie C." in content.category
    assert content.tariff_lines[0][0] == "Categorie"
    pdf = documents.read(found.document_sha256)
    assert row.organisation.name in words(pdf)
    mails = journey.mail(row, "De overeenkomst ligt klaar")
    assert [mail.recipient for mail in mails] == [journey.signatory(row).email]


def test_making_it_again_without_changes_keeps_it(journey: Journey) -> None:
    row = journey.prepared()
    before = agreement(row)
    assert services.prepare_agreement(row, journey.actor(journey.manager)) is before


def test_it_cannot_be_made_before_the_authority_is_established(journey: Journey) -> None:
    row = journey.accepted()
    with pytest.raises(Refused, match="Tekenbevoegdheid vastgesteld"):
        services.prepare_agreement(row, journey.actor(journey.manager))


def test_a_text_of_a_former_operator_is_not_used(journey: Journey, session: Session) -> None:
    decision = next(row for row in decisions() if row.kind is DecisionKind.AGREEMENT_TEXT)
    body = "# Deel\n\n## Artikel\n\nTekst.\n"
    services.import_text("2026-x", body, date(2026, 2, 1), operator_on(date(2025, 1, 1)), decision, SYSTEM)
    row = journey.prepared()
    assert queries.current_agreement(row.id) is None
    why = services.why_not_prepared(row)
    assert why == "De stelselbeheerder is nu Voorbeeldbeheerder B, maar tekst 2026-x is van Voorbeeldbeheerder A."


def test_our_own_text_makes_a_whole_tagged_document(journey: Journey) -> None:
    found = rules.read_file((DATA / "overeenkomst_2026-1.md").read_text(encoding="utf-8"))
    on = date(2026, 2, 1)
    decision = next(row for row in decisions() if row.kind is DecisionKind.AGREEMENT_TEXT)
    services.import_text("2026-9", found.body, on, operator_on(on), decision, SYSTEM, title=found.title)
    row = journey.countersigned()
    for sha256 in (agreement(row).document_sha256, str(agreement(row).final_sha256)):
        with pikepdf.open(BytesIO(documents.read(sha256))) as document:
            assert len(document.pages) >= 6
            assert bool(document.Root.MarkInfo.Marked)
            assert str(document.Root.Lang) == "nl"
            assert "concept, juridisch te toetsen" in str(document.docinfo.Title)


def test_in_the_demonstration_the_document_says_that_it_is_an_example(
    journey: Journey, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], mode="demo"))
    row = journey.prepared()
    assert words(documents.read(agreement(row).document_sha256)).startswith("VOORBEELD ")
    assert file_name(row, "2026-1").startswith("voorbeeld-overeenkomst-2026-1-")
    assert journey.mail(row, "VOORBEELD: De overeenkomst ligt klaar")


def test_a_draft_can_be_read_before_anything_is_established(journey: Journey) -> None:
    assert draft_contract(journey.submitted()).startswith(b"%PDF-")


# ------------------------------------------------------------------------------------------- signing


def test_the_signatory_signs_the_document_that_was_frozen(journey: Journey) -> None:
    row = journey.prepared()
    found = agreement(row)
    signature = services.sign(row, journey.signatory(row), seen_sha256=found.document_sha256)
    assert journey.stage(row) is Stage.SIGNED
    assert (signature.name, signature.function, signature.document_sha256) == (
        "Tess Tekent",
        "directeur",
        found.document_sha256,
    )
    assert signature.statement == rules.statement("Tess Tekent", "directeur", row.organisation.name, "2026-1")
    assert journey.timeline(row, for_staff=False)[0] == f"Tess Tekent ondertekende de overeenkomst namens {row.name}."
    assert {mail.recipient for mail in journey.mail(row, "Ondertekend door")} == {
        journey.manager.email,
        journey.colleague.email,
    }
    copies = journey.mail(row, "U hebt de overeenkomst ondertekend")
    assert [part["sha256"] for part in copies[0].attachments] == [found.document_sha256]


def test_signing_twice_leaves_one_signature(journey: Journey, session: Session) -> None:
    row = journey.prepared()
    signer = journey.signatory(row)
    assert services.sign(row, signer) is services.sign(row, signer)
    assert len(session.execute(select(Signature)).scalars().all()) == 1


def test_another_representative_may_not_sign_and_that_is_audited(journey: Journey) -> None:
    row = journey.prepared()
    other = journey.other_representative(row)
    with pytest.raises(Refused, match="alleen Tess Tekent mag ondertekenen"), transaction():
        services.sign(row, other)
    row = journey.fresh(row)
    assert journey.stage(row) is Stage.ACCEPTED
    assert journey.timeline(row)[0] == (
        f"Vera Vertegenwoordigt wilde de overeenkomst van {row.name} ondertekenen; dat kon niet: "
        "alleen Tess Tekent mag ondertekenen."
    )


def test_the_right_person_without_the_role_may_not_sign(journey: Journey) -> None:
    row = journey.prepared()
    employee = journey.people.of(row, ParticipantRole.EMPLOYEE)
    with pytest.raises(Refused, match="alleen een vertegenwoordiger"):
        services.sign(row, employee)


def test_changing_the_contact_does_not_give_somebody_else_the_pen(journey: Journey) -> None:
    row = journey.prepared()
    thief = journey.other_representative(row)
    set_contact(
        journey.actor(thief), row, ContactRole.SIGNATORY, name="Tess Tekent", function="directeur", email=thief.email
    )
    with pytest.raises(Refused, match="nog niet vastgesteld"):
        services.sign(row, thief)


def test_a_damaged_document_is_not_signed(journey: Journey, app: Flask) -> None:
    row = journey.prepared()
    damage(app, agreement(row).document_sha256)
    with pytest.raises(Refused, match="niet meer zoals het is vastgelegd"), transaction():
        services.sign(row, journey.signatory(row))
    assert "het document is niet meer zoals het is vastgelegd." in journey.timeline(row)[0]
    fresh = journey.fresh(row)
    again = services.prepare_agreement(fresh, journey.actor(journey.manager))
    assert services.sign(fresh, journey.signatory(fresh)).document_sha256 == again.document_sha256


def test_facts_that_changed_since_are_not_signed(journey: Journey) -> None:
    row = journey.prepared()
    change_participant(journey.actor(journey.manager), row, channel=Channel.CSV)
    with pytest.raises(Refused, match="gewijzigd: de manier van aansluiten"):
        services.sign(row, journey.signatory(row))


def test_who_read_an_older_document_has_to_read_again(journey: Journey) -> None:
    row = journey.prepared()
    with pytest.raises(Conflict, match="opnieuw gemaakt"):
        services.sign(row, journey.signatory(row), seen_sha256="0" * 64)


def test_the_legal_review_comes_first(journey: Journey) -> None:
    row = journey.prepared(wants_legal_review=True)
    with pytest.raises(Refused, match="Nog te doen: Juridische beoordeling"):
        services.sign(row, journey.signatory(row))


def test_not_signing_withdraws_with_a_reason(journey: Journey) -> None:
    row = journey.prepared()
    actor = journey.actor(journey.signatory(row))
    with pytest.raises(Refused, match="waarom"):
        services.decline(row, " ", actor)
    services.decline(row, "Wij wachten op de raad.", actor)
    assert journey.stage(row) is Stage.WITHDRAWN
    assert journey.timeline(row)[0].endswith("Reden: Wij wachten op de raad.")
    assert "Wij wachten op de raad." in journey.mail(row, "Ondertekent niet")[0].body


def test_signatures_cannot_be_changed(journey: Journey, session: Session) -> None:
    journey.signed()
    with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
        session.execute(text("UPDATE signatures SET name = 'x'"))


# ------------------------------------------------------------------------------------------- countersigning


def test_countersigning_starts_the_subscription_and_makes_the_first_invoice(journey: Journey) -> None:
    row = journey.signed()
    services.countersign(row, journey.colleague, function="Relatiebeheer")
    found = agreement(row)
    assert journey.stage(row) is Stage.COUNTERSIGNED
    period = connection_period(row.id, TODAY)
    assert period is not None
    assert period.starts_on == TODAY
    invoice = first_invoice(row.id)
    assert invoice is not None
    assert (invoice.issued_on, invoice.gross) == (TODAY, ZERO)
    assert found.final_sha256 not in {None, found.document_sha256}
    assert documents.read(str(found.final_sha256)).startswith(b"%PDF-")
    signature = queries.signature(found, Side.OPERATOR)
    assert signature is not None
    assert (signature.name, signature.document_sha256) == ("Coen Collega", found.document_sha256)
    assert "mede namens Voorbeeldbeheerder B" in signature.statement


def test_both_sides_get_the_final_document_the_badge_and_instructions(journey: Journey) -> None:
    row = journey.countersigned()
    mails = journey.mail(row, "De overeenkomst is door beide partijen ondertekend")
    assert len(mails) == 2
    assert {part["sha256"] for mail in mails for part in mail.attachments} == {agreement(row).final_sha256}
    assert f"http://localhost/keurmerk/{row.directory_id}" in mails[0].body
    assert "EH3" in mails[0].body
    staff = journey.mail(row, "Medeondertekend")
    assert staff
    assert all(mail.attachments for mail in staff)


@pytest.mark.parametrize(
    ("channel", "expected", "not_expected"),
    [
        (Channel.PORTAL, "EH3", "CSV-bestanden"),
        (Channel.CSV, "hoogstens 4 MB", "acceptatietest"),
        (Channel.SYSTEM, "ontwikkelcertificaat", "EH3"),
    ],
)
def test_instructions_fit_the_channel(journey: Journey, channel: Channel, expected: str, not_expected: str) -> None:
    row = journey.countersigned("shv_other" if channel is not Channel.CSV else "creditor", channel)
    mail = journey.mail(row, "De overeenkomst is door beide")[0]
    assert expected in mail.body
    assert not_expected not in mail.body
    assert not re.search(r"\n{3,}", mail.body)


def test_who_accepted_does_not_countersign_and_that_is_audited(journey: Journey) -> None:
    row = journey.signed()
    with pytest.raises(Refused, match="zelf geaccepteerd"), transaction():
        services.countersign(row, journey.manager)
    row = journey.fresh(row)
    assert journey.stage(row) is Stage.SIGNED
    assert journey.timeline(row)[0].startswith("Mara Manager wilde de overeenkomst met")
    assert queries.signature(agreement(row), Side.OPERATOR) is None


def test_countersigning_twice_leaves_one_signature_and_one_invoice(journey: Journey, session: Session) -> None:
    row = journey.signed()
    assert services.countersign(row, journey.colleague) is services.countersign(row, journey.colleague)
    with pytest.raises(Refused, match="Een collega heeft al medeondertekend"):
        services.countersign(row, journey.manager)
    assert len(session.execute(select(Invoice)).scalars().all()) == 1


def test_a_missing_number_leaves_nothing_half_done(journey: Journey, session: Session) -> None:
    row = journey.signed("shv_phase_1")
    with pytest.raises(UserError) as refused, transaction():
        services.countersign(row, journey.colleague)
    assert "geen aantal inwoners bekend" in refused.value.message
    row = journey.fresh(row)
    found = agreement(row)
    assert journey.stage(row) is Stage.SIGNED
    assert found.final_sha256 is None
    assert queries.signature(found, Side.OPERATOR) is None
    assert connection_period(row.id, TODAY) is None
    assert first_invoice(row.id) is None
    assert journey.mail(row, "De overeenkomst is door beide") == []
    assert "medeondertekend" not in " ".join(journey.timeline(row))


def test_a_change_after_signing_stops_the_countersignature_until_it_is_signed_again(journey: Journey) -> None:
    row, actor = journey.signed(), journey.actor(journey.colleague)
    change_participant(actor, row, unit_name="Incasso")
    with pytest.raises(Refused, match="gewijzigd: het bedrijfsonderdeel"):
        services.countersign(row, journey.colleague)
    again = services.return_for_signing(row, "Het onderdeel ontbrak.", actor)
    assert again is not None
    assert queries.content_of(again).unit == "het onderdeel Incasso"
    assert journey.stage(row) is Stage.ACCEPTED
    assert "Het onderdeel ontbrak." in journey.mail(row, "De overeenkomst moet opnieuw")[0].body
    services.sign(row, journey.signatory(row))
    services.countersign(row, journey.colleague)
    assert journey.stage(row) is Stage.COUNTERSIGNED


def test_a_new_operator_means_signing_anew(journey: Journey) -> None:
    with clock.at(date(2025, 12, 30)):
        row = journey.signed()
        assert queries.content_of(agreement(row)).operator == "Voorbeeldbeheerder A"
    with pytest.raises(Refused, match="de versie van de tekst, de stelselbeheerder"):
        services.countersign(row, journey.colleague)


def test_an_unsigned_agreement_is_not_countersigned(journey: Journey) -> None:
    row = journey.prepared()
    with pytest.raises(Refused, match="nog niet ondertekend"):
        services.countersign(row, journey.colleague)
