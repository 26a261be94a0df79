"""A change of category: found, put forward, decided by another, effective from a day to come, mailed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from billing.changes import queries, services
from billing.changes.kinds import ChangeCause, ChangeStage
from billing.services import credit_invoice, issue_annual_invoice, issue_first_invoice
from billing.tariffs.queries import classification_of, numbers_of, policy_on
from billing.tariffs.rules import MEASURED
from core import approvals, clock
from core.audit import SYSTEM
from core.db import savepoint
from core.errors import Refused
from core.mail import OutboxMessage
from identity.models import Account
from participants.declarations.services import declare
from participants.kinds import MeasurementKind
from participants.models import Measurement, Participant
from tests.billing.changes.conftest import AUTUMN, JANUARY, NEXT, acts, find_and_ask, grow, the_change
from tests.billing.conftest import World
from tests.people import People

# ------------------------------------------------------------------------------------------- it does not take effect


def test_a_new_count_that_gives_another_category_does_not_take_effect_by_itself(grown: Participant) -> None:
    found = classification_of(grown, NEXT)
    assert (found.category, found.number, found.annual_fee) == ("B", 38_000, Decimal(750))
    assert found.sentence.startswith("Gemeente Groeidorp: 38.000 inwoners zoals op factuur 2025-")
    assert found.proposed is not None
    assert (found.proposed.category, found.proposed.number) == ("C", 41_000)


def test_a_new_count_within_the_category_just_counts(world: World) -> None:
    participant = grow(world, "Gemeente Gelijk", 38_000, 39_999)
    found = classification_of(participant, NEXT)
    assert (found.category, found.number, found.proposed) == ("B", 39_999, None)


def test_without_an_invoice_the_newest_number_governs(world: World) -> None:
    new = world.municipality(41_000, name="Gemeente Nieuw", connected_on=date(2025, 6, 1))
    assert classification_of(new, NEXT).category == "C"


def test_a_credited_invoice_does_not_stand(world: World) -> None:
    participant = world.municipality(None, name="Gemeente Terug", connected_on=date(2024, 5, 1))
    world.inhabitants(participant.organisation, 38_000, date(2023, 1, 1))
    with clock.at(JANUARY):
        invoice = issue_annual_invoice(participant, 2025, SYSTEM, by_mail=False)
    world.inhabitants(participant.organisation, 41_000, date(2025, 1, 1))
    credit_invoice(invoice, "verkeerde telling", SYSTEM)
    assert classification_of(participant, NEXT).category == "C"


def test_other_bounds_of_a_table_take_effect_by_themselves(grown: Participant) -> None:
    """Both numbers are compared under the table of the day: here one in which B runs to 50.000."""
    policy = policy_on(NEXT)
    rows = [
        replace(row, upper=50_000) if row.name == "B" else replace(row, lower=50_000) if row.name == "C" else row
        for row in policy.categories["shv"]
    ]
    wider = replace(policy, categories={**policy.categories, "shv": rows})
    found = classification_of(grown, NEXT, wider)
    assert (found.category, found.number, found.proposed) == ("B", 41_000, None)


def test_the_run_is_told_whom_to_park_without_queries_of_its_own(world: World, grown: Participant) -> None:
    quiet = grow(world, "Gemeente Gelijk", 38_000, 39_000)
    unknown = world.creditor(None, name="Zonder opgave", connected_on=date(2024, 1, 1))
    everybody = [grown, quiet, unknown]
    assert [row.role.label and row.organisation.name for row in everybody]
    policy, numbers = policy_on(NEXT), numbers_of(everybody, NEXT)
    with no_queries(world.session):
        found = queries.undecided(everybody, 2026, policy, numbers)
    assert set(found) == {grown.id}
    assert (found[grown.id].old_category, found[grown.id].new_category, found[grown.id].difference) == (
        "B",
        "C",
        Decimal(750),
    )
    assert found[grown.id].sentence.replace("\u00a0", " ") == (
        "De categorie zou veranderen van B (38.000 inwoners) in C (41.000 inwoners; jaartarief € 750,00 wordt"
        " € 1.500,00) en daarover is nog niet besloten. Financiën legt het voor bij Tarieven, Wijziging van categorie."
    )


@contextmanager
def no_queries(session: Session) -> Iterator[None]:
    said: list[str] = []

    def hear(_c: object, _k: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", hear)
    try:
        yield
    finally:
        event.remove(connection, "before_cursor_execute", hear)
    assert said == []


# ------------------------------------------------------------------------------------------------- finding


def test_finding_is_idempotent_and_lapses_what_no_longer_holds(world: World, grown: Participant) -> None:
    first = services.find_changes(AUTUMN)
    again = services.find_changes(AUTUMN)
    assert (first.added, again.added, again.unchanged) == (1, 0, 1)
    row = the_change(grown)
    assert (row.stage, row.cause, row.old_category, row.new_category, row.difference, row.counted_for) == (
        ChangeStage.PROPOSED,
        ChangeCause.COUNTED,
        "B",
        "C",
        Decimal(750),
        NEXT,
    )
    world.inhabitants(grown.organisation, 71_000, date(2025, 1, 1))
    third = services.find_changes(AUTUMN)
    assert (third.added, third.lapsed) == (1, 1)
    assert the_change(grown).new_category == "D"
    world.inhabitants(grown.organisation, 39_000, date(2025, 1, 1))
    assert services.find_changes(AUTUMN).lapsed == 1
    assert queries.open_change(grown.id) is None


def test_this_year_counts_while_it_is_not_invoiced(world: World, grown: Participant) -> None:
    services.find_changes(date(2026, 1, 20))
    assert the_change(grown).counted_for == NEXT


def test_a_measured_number_of_a_creditor_only_leads_to_a_proposal(
    world: World, asker: Account, checker: Account
) -> None:
    creditor = world.creditor(640, connected_on=date(2024, 5, 1))
    world.files(creditor, 1200, date(2025, 10, 1))
    world.session.add(
        Measurement(
            kind=MeasurementKind.FILES,
            participant_id=creditor.id,
            value=2600,
            measured_on=date(2025, 10, 2),
            source=MEASURED,
            recorded_at=clock.now(),
        )
    )
    world.session.commit()
    found = classification_of(creditor, NEXT)
    assert (found.category, found.number, found.proposed) == ("D", 1200, None)
    services.find_changes(AUTUMN)
    change = the_change(creditor)
    assert (change.cause, change.old_category, change.new_category) == (ChangeCause.MEASURED, "D", "E")
    assert "volgens het logboek van het knooppunt, categorie E" in change.explanation
    request = find_and_ask(asker)
    with clock.at(AUTUMN):
        approvals.approve(request.id, acts(checker))
    decided = classification_of(creditor, NEXT)
    assert (decided.category, decided.number, decided.proposed) == ("E", 2600, None)
    assert services.find_changes(AUTUMN).added == 0


# ------------------------------------------------------------------------------------------------- two people


def test_two_people_decide_and_the_participant_is_told(
    world: World, grown: Participant, asker: Account, checker: Account
) -> None:
    approval = find_and_ask(asker)
    with clock.at(AUTUMN):
        with pytest.raises(Refused, match="zelf gevraagd"):
            approvals.approve(approval.id, acts(asker))
        approvals.approve(approval.id, acts(checker))
    row = queries.changes_of(grown.id)[0]
    assert (row.stage, row.effective_on, row.decided_on) == (ChangeStage.APPROVED, NEXT, AUTUMN)
    before, after = classification_of(grown, date(2025, 12, 31)), classification_of(grown, NEXT)
    assert (before.category, before.proposed) == ("B", None)
    assert (after.category, after.annual_fee, after.proposed) == ("C", Decimal(1500), None)
    assert after.sentence == (
        "Gemeente Groeidorp: 41.000 inwoners volgens organisaties.overheid.nl, categorie C,"
        " vastgesteld op 3 november 2025"
    )
    mail = world.session.execute(select(OutboxMessage).where(OutboxMessage.participant_id == grown.id)).scalar_one()
    assert mail.recipient == "facturen@voorbeeldveld.invalid"
    assert mail.subject.endswith("Uw tariefcategorie verandert op 1 januari 2026")
    assert "categorie C (41.000 inwoners)" in mail.body
    assert queries.undecided([grown], 2026, policy_on(NEXT), numbers_of([grown], NEXT)) == {}
    with clock.at(date(2026, 1, 12)):
        assert issue_annual_invoice(grown, 2026, SYSTEM, by_mail=False).net == 1500
        assert services.find_changes(date(2026, 1, 12)).added == 0


def test_without_agreement_the_old_number_stays_until_a_later_decision(
    world: World, grown: Participant, asker: Account, checker: Account
) -> None:
    approval = find_and_ask(asker)
    with clock.at(AUTUMN):
        approvals.decline(approval.id, acts(checker), "De telling bevat een fout.")
    found = classification_of(grown, NEXT)
    assert (found.category, found.number, found.proposed) == ("B", 38_000, None)
    assert found.sentence == "Gemeente Groeidorp: 38.000 inwoners, categorie B, vastgesteld op 3 november 2025"
    assert world.session.scalar(select(func.count()).select_from(OutboxMessage)) == 0
    assert services.find_changes(AUTUMN).added == 0
    with clock.at(date(2026, 1, 12)):
        assert issue_annual_invoice(grown, 2026, SYSTEM, by_mail=False).net == 750
    assert classification_of(grown, date(2027, 1, 1)).proposed is None
    world.inhabitants(grown.organisation, 42_000, date(2026, 1, 1))
    later = classification_of(grown, date(2027, 1, 1))
    assert (later.category, later.proposed.category if later.proposed else None) == ("B", "C")
    again = find_and_ask(asker, date(2027, 1, 1), date(2026, 11, 3))
    with clock.at(date(2026, 11, 4)):
        approvals.approve(again.id, acts(checker))
    assert classification_of(grown, date(2027, 1, 1)).category == "C"


@pytest.mark.parametrize("day", [AUTUMN, date(2025, 1, 1), date(2040, 1, 1)])
def test_a_change_never_takes_effect_in_the_past(grown: Participant, asker: Account, day: date) -> None:
    with pytest.raises(Refused) as refused:
        find_and_ask(asker, day)
    assert refused.value.field == "effective_on"


def test_the_same_proposal_is_not_put_forward_twice(grown: Participant, asker: Account) -> None:
    find_and_ask(asker)
    with pytest.raises(Refused, match="ligt bij een collega"):
        find_and_ask(asker)


def test_when_the_number_is_another_one_by_now_it_cannot_be_approved(
    world: World, grown: Participant, asker: Account, checker: Account
) -> None:
    approval = find_and_ask(asker)
    world.inhabitants(grown.organisation, 71_000, date(2025, 1, 1))
    with clock.at(AUTUMN), pytest.raises(Refused, match="intussen anders bij: Gemeente Groeidorp"):
        approvals.approve(approval.id, acts(checker))


def test_a_day_that_has_passed_leaves_the_proposal_open(grown: Participant, asker: Account, checker: Account) -> None:
    approval = find_and_ask(asker)
    with clock.at(date(2026, 1, 5)), pytest.raises(Refused, match="is voorbij"), savepoint():
        approvals.approve(approval.id, acts(checker))
    with clock.at(date(2026, 1, 5)):
        approvals.decline(approval.id, acts(checker), "te laat")
    assert the_change(grown).stage is ChangeStage.PROPOSED
    assert the_change(grown).effective_on is None


@pytest.mark.parametrize(
    "statement", ["UPDATE category_changes SET new_category = 'G'", "DELETE FROM category_changes"]
)
def test_what_it_rests_on_lies_fixed(session: Session, grown: Participant, statement: str) -> None:
    services.find_changes(AUTUMN)
    with pytest.raises(DBAPIError, match=r"vast|permission denied"), session.begin_nested():
        session.execute(text(statement))


def test_a_decision_lies_fixed(session: Session, grown: Participant, asker: Account, checker: Account) -> None:
    approval = find_and_ask(asker)
    with clock.at(AUTUMN):
        approvals.approve(approval.id, acts(checker))
    with pytest.raises(DBAPIError, match="liggen vast"), session.begin_nested():
        session.execute(text("UPDATE category_changes SET stage = 'proposed'"))


# ------------------------------------------------------------------------------------------------- declarations


def test_who_agrees_with_a_declaration_agrees_with_the_category(
    world: World, people: People, asker: Account, checker: Account
) -> None:
    creditor = world.creditor(640, connected_on=date(2025, 3, 3))
    with clock.at(date(2025, 3, 3)):
        issue_first_invoice(creditor, date(2025, 3, 3), SYSTEM)
    with clock.at(AUTUMN):
        request = declare(creditor, 1200, AUTUMN, acts(asker), reason="mail van vandaag")
        assert request is not None
        assert (
            request.after["Tariefcategorie"].replace("\u00a0", " ") == "D, jaartarief € 3.000,00, vanaf 1 januari 2026"
        )
        approvals.approve(request.id, acts(checker))
    row = queries.changes_of(creditor.id)[0]
    assert (row.stage, row.cause, row.approval_id) == (ChangeStage.APPROVED, ChangeCause.DECLARED, request.id)
    assert classification_of(creditor, date(2025, 12, 31)).category == "C"
    assert classification_of(creditor, NEXT).category == "D"
    assert services.find_changes(AUTUMN).added == 0


def test_a_declaration_within_the_category_changes_nothing_else(world: World, asker: Account, checker: Account) -> None:
    creditor = world.creditor(640, connected_on=date(2025, 3, 3))
    with clock.at(date(2025, 3, 3)):
        issue_first_invoice(creditor, date(2025, 3, 3), SYSTEM)
    with clock.at(AUTUMN):
        request = declare(creditor, 700, AUTUMN, acts(asker), reason="mail van vandaag")
        assert request is not None
        assert request.after["Tariefcategorie"].endswith("(blijft gelijk)")
        approvals.approve(request.id, acts(checker))
    assert queries.changes_of(creditor.id) == []
    assert classification_of(creditor, NEXT).number == 700
