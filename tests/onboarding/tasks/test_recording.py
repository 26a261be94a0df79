"""Recording checks and authority, and reminding."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core import clock, documents
from core.errors import Conflict, Refused
from identity.kinds import ParticipantRole
from onboarding.agreements.queries import current_agreement
from onboarding.kinds import AuthorityBasis, CheckKind, Turn
from onboarding.models import AuthorityRecord
from onboarding.tasks import queries
from onboarding.tasks.kinds import Item, Status
from onboarding.tasks.rules import task_of
from onboarding.tasks.services import LARGEST_PROOF, Proof, nudge, record_authority, record_check
from participants.kinds import Channel, ContactRole, Stage
from participants.models import Participant
from participants.queries import permissions_of
from participants.services import set_contact
from tests.onboarding.conftest import TODAY, Journey

PDF = b"%PDF-1.7 bewijs"


def record(journey: Journey, row: Participant, **how: object) -> AuthorityRecord:
    return record_authority(
        row,
        AuthorityBasis.MANDATE,
        "Gezien in het mandaatregister.",
        journey.actor(journey.manager),
        **how,  # type: ignore[arg-type]
    )


def status(row: Participant, item: Item) -> Status | None:
    task = task_of(queries.facts_of(row.id), item)
    return task.status if task else None


def test_a_check_is_recorded_once_with_its_sentence(journey: Journey) -> None:
    row, actor = journey.countersigned(), journey.actor(journey.manager)
    first = record_check(row, CheckKind.E_HERKENNING_TESTED, TODAY, actor, explanation="Ingelogd door de beheerder")
    assert record_check(row, CheckKind.E_HERKENNING_TESTED, TODAY, actor) is first
    assert status(row, Item.E_HERKENNING) is Status.DONE
    assert journey.timeline(row)[0] == "Mara Manager legde vast: eHerkenning getest, op 2 maart 2026."
    assert journey.timeline(row, for_staff=False)[0].startswith("Het Schuldenknooppunt legde vast")


def test_a_check_in_the_future_is_refused(journey: Journey) -> None:
    row = journey.countersigned()
    with pytest.raises(Refused, match="toekomst") as refused:
        record_check(row, CheckKind.E_HERKENNING_TESTED, TODAY + timedelta(days=1), journey.actor(journey.manager))
    assert refused.value.field == "done_on"


def test_a_check_of_another_channel_is_refused(journey: Journey) -> None:
    row = journey.countersigned("creditor", Channel.SYSTEM)
    with pytest.raises(Refused, match="hoort niet bij deze deelnemer"):
        record_check(row, CheckKind.E_HERKENNING_TESTED, TODAY, journey.actor(journey.manager))


def test_a_check_before_its_turn_says_what_comes_first(journey: Journey) -> None:
    row = journey.prepared()
    with pytest.raises(Refused, match="Nog te doen: Overeenkomst medeondertekend"):
        record_check(row, CheckKind.E_HERKENNING_TESTED, TODAY, journey.actor(journey.manager))


def test_the_participant_reports_what_is_its_turn(journey: Journey) -> None:
    row = journey.accepted(wants_legal_review=True)
    record_check(row, CheckKind.LEGAL_REVIEW_DONE, TODAY, journey.actor(journey.signatory(row)))
    assert status(row, Item.LEGAL_REVIEW) is Status.DONE


def test_ready_is_not_recorded_as_a_check(journey: Journey) -> None:
    row = journey.countersigned()
    with pytest.raises(Refused, match="andere plaats"):
        record_check(row, CheckKind.DECLARED_READY, TODAY, journey.actor(journey.manager))


def test_onboarding_is_held_after_activation(journey: Journey) -> None:
    row, actor = journey.ready(), journey.actor(journey.manager)
    with pytest.raises(Refused, match="Geactiveerd"):
        record_check(row, CheckKind.ONBOARDING_HELD, TODAY, actor)
    live = journey.live()
    with pytest.raises(Refused, match="niet vóór 2 maart 2026"):
        record_check(live, CheckKind.ONBOARDING_HELD, date(2026, 3, 1), actor)
    record_check(live, CheckKind.ONBOARDING_HELD, TODAY, actor)
    assert status(live, Item.ONBOARDING) is Status.DONE


# ------------------------------------------------------------------------------------------- authority


def test_authority_with_a_file_gives_access_and_makes_the_agreement(journey: Journey) -> None:
    row = journey.accepted()
    found = record(journey, row, proof=Proof("C:\\stukken\\mandaat.pdf", PDF))
    assert found.proof_name == "mandaat.pdf"
    assert found.proof_sha256 is not None
    assert documents.read(found.proof_sha256) == PDF
    assert status(row, Item.AUTHORITY) is Status.DONE
    assert current_agreement(row.id) is not None
    assert "own:sign" in permissions_of(journey.signatory(row).id, TODAY)[row.id]
    sentence = f"de tekeningsbevoegde van {row.name} mag tekenen (grond: Mandaat- of volmachtbesluit)."
    assert any(line.endswith(sentence) for line in journey.timeline(row))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html>geen pdf</html>", "geen PDF, PNG of JPG"),
        (b"MZ\x90 ook niet", "geen PDF, PNG of JPG"),
        (b"", "geen PDF, PNG of JPG"),
        (b"%PDF-" + b"x" * LARGEST_PROOF, "hoogstens 10 MB"),
    ],
)
def test_a_proof_is_checked_by_its_content(journey: Journey, content: bytes, sentence: str) -> None:
    row = journey.accepted()
    with pytest.raises(Refused, match=sentence):
        record(journey, row, proof=Proof("bewijs.pdf", content))


def test_authority_without_proof_is_refused(journey: Journey) -> None:
    row = journey.accepted()
    with pytest.raises(Refused, match="Voeg een bewijsstuk toe"):
        record(journey, row, reference="   ")


def test_authority_before_acceptance_is_refused(journey: Journey) -> None:
    row = journey.submitted()
    with pytest.raises(Refused, match="Aanmelding beoordeeld"):
        record(journey, row, reference="Staatscourant 2026, 1")


def test_a_participant_cannot_establish_its_own_authority(journey: Journey) -> None:
    row = journey.accepted()
    actor = journey.actor(journey.signatory(row))
    with pytest.raises(Refused, match="Alleen een medewerker"):
        record_authority(row, AuthorityBasis.OTHER, "Ik mag dat.", actor, reference="mijzelf")


def test_authority_is_about_the_person_who_was_shown(journey: Journey) -> None:
    row = journey.accepted()
    with pytest.raises(Conflict, match="intussen gewijzigd"):
        record(journey, row, reference="register", about="iemand.anders@deelnemer.invalid")


def test_a_new_signatory_asks_for_a_new_check(journey: Journey) -> None:
    row = journey.prepared()
    set_contact(
        journey.actor(journey.signatory(row)),
        row,
        ContactRole.SIGNATORY,
        name="Nora Nieuw",
        function="wethouder",
        email="nora@deelnemer.invalid",
    )
    task = task_of(queries.facts_of(row.id), Item.AUTHORITY)
    assert task is not None
    assert task.status is Status.OPEN
    assert "gewijzigd" in task.explanation
    record(journey, row, reference="register")
    agreement = current_agreement(row.id)
    assert agreement is not None
    assert agreement.signatory_name == "Nora Nieuw"
    assert "own:sign" in permissions_of(journey.signatory(row).id, TODAY)[row.id]
    assert any("want er is gewijzigd: de tekeningsbevoegde" in line for line in journey.timeline(row))


# ------------------------------------------------------------------------------------------- what is stuck


def test_who_waits_longest_stands_first_with_whose_turn_it_is(journey: Journey) -> None:
    signing, live = journey.prepared(), journey.live()
    with clock.at(TODAY - timedelta(days=1)):
        waiting = journey.submitted()
    found = queries.stuck(TODAY + timedelta(days=5))
    assert [one.participant.id for one in found] == [waiting.id, signing.id]
    assert [(one.task.item, one.turn, one.days) for one in found] == [
        (Item.REVIEWED, Turn.OPERATOR, 6),
        (Item.SIGNED, Turn.PARTICIPANT, 5),
    ]
    assert live.id not in {one.participant.id for one in found}
    assert [one.participant.id for one in queries.stuck(TODAY, Turn.PARTICIPANT)] == [signing.id]


def test_a_reminder_goes_once_a_day_to_who_has_to_act(journey: Journey) -> None:
    row, actor = journey.prepared(), journey.actor(journey.manager)
    assert nudge(row, actor) == [journey.signatory(row).email]
    mails = journey.mail(row, "Herinnering")
    assert [mail.recipient for mail in mails] == [journey.signatory(row).email]
    assert "Overeenkomst ondertekend" in mails[0].body
    with pytest.raises(Refused, match="Vandaag is al een herinnering"):
        nudge(row, actor)
    assert journey.timeline(row)[0] == "Mara Manager stuurde een herinnering: Overeenkomst ondertekend."


def test_no_reminder_when_the_operator_has_to_act(journey: Journey) -> None:
    row = journey.submitted()
    with pytest.raises(Refused, match="zelf aan zet"):
        nudge(row, journey.actor(journey.manager))


def test_a_participant_of_before_has_no_list(journey: Journey) -> None:
    row = journey.submitted()
    assert not queries.is_taken_over(row)
    application = queries.application_of(row.id)
    assert application is not None
    application.participant_id = None
    row.stage = Stage.LIVE
    journey.session.flush()
    assert queries.is_taken_over(row)


def test_an_employee_may_not_report(journey: Journey) -> None:
    row = journey.countersigned()
    account = journey.people.of(row, ParticipantRole.EMPLOYEE)
    assert "own:edit" not in permissions_of(account.id, TODAY)[row.id]
