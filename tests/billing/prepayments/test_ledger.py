"""A prepayment is entered by two, used on invoices, given back by credit notes, and never goes below zero."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from billing import queries as invoices
from billing.e_invoice.checks import check
from billing.e_invoice.documents import EInvoice
from billing.e_invoice.ubl import write
from billing.issuing.queries import Circumstances
from billing.missing.queries import planned
from billing.missing.services import issue_missing_invoice
from billing.models import Invoice
from billing.prepayments import queries
from billing.prepayments.kinds import Available, EntryKind, Use
from billing.prepayments.models import Prepayment, PrepaymentUse
from billing.prepayments.services import propose
from billing.runs.kinds import RunScope
from billing.runs.planning.queries import plans
from billing.services import credit_invoice, issue_annual_invoice, issue_first_invoice
from billing.statements.queries import statement_of
from core import approvals, clock
from core.audit import SYSTEM, AuditEvent
from core.db import db
from core.errors import Refused
from core.money import ZERO
from governance.models import Decision
from identity.models import Account
from participants.kinds import Profile
from participants.models import Participant
from tests.billing.conftest import World
from tests.billing.prepayments.conftest import Prepay, actor, entry

TODAY = date(2026, 3, 2)
D = Decimal


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def left(participant: Participant) -> tuple[Decimal, Decimal]:
    found = queries.available_to(participant.id)
    return found.paid, found.benefit


# ------------------------------------------------------------------------------------------------- entering


def test_an_entry_counts_when_a_colleague_agreed(
    participant: Participant, two: tuple[Account, Account], session: Session
) -> None:
    decision = session.execute(select(Decision).limit(1)).scalar_one()
    request = propose(participant, entry("3630", "500", decision_id=decision.id, note="Eerste jaar"), actor(two[0]))
    session.commit()
    assert left(participant) == (ZERO, ZERO)
    with pytest.raises(Refused, match="zelf gevraagd"):
        approvals.approve(request.id, actor(two[0]))
    approvals.approve(request.id, actor(two[1]))
    assert queries.available_to(participant.id) == Available(D("3630.00"), D("500.00"), decision.id)
    told = session.execute(select(AuditEvent.facts).where(AuditEvent.name == "billing:prepayment:entered")).scalar_one()
    assert told["source"] == "Voorbeeldafspraak van 1 september 2020"


@pytest.mark.parametrize(
    ("paid", "benefit", "changes", "why"),
    [
        ("0", "0", {}, "Vul in hoeveel er is betaald"),
        ("-1", "10", {}, "Vul in hoeveel er is betaald"),
        ("10", "-1", {}, "Vul in hoeveel er is betaald"),
        ("10", "0", {"received_on": date(2026, 3, 3)}, "in de toekomst"),
        ("10", "0", {"received_on": date(2017, 12, 31)}, "te ver in het verleden"),
        ("10", "0", {"kind": EntryKind.CONTRIBUTION}, "horen geen bedragen"),
        ("0", "0", {"kind": EntryKind.CORRECTION}, "erbij komt of eraf gaat"),
        ("-0.01", "0", {"kind": EntryKind.CORRECTION}, "minder over dan u eraf haalt"),
    ],
)
def test_an_entry_that_cannot_be(
    participant: Participant,
    two: tuple[Account, Account],
    paid: str,
    benefit: str,
    changes: dict[str, object],
    why: str,
) -> None:
    with pytest.raises(Refused, match=why):
        propose(participant, entry(paid, benefit, **changes), actor(two[0]))


def test_a_correction_takes_off_no_more_than_is_left(
    participant: Participant, prepay: Prepay, two: tuple[Account, Account]
) -> None:
    prepay(participant, "1000", "200")
    waiting = propose(participant, entry("-1000", "0", kind=EntryKind.CORRECTION), actor(two[0]))
    prepay(participant, "-600", "-200", kind=EntryKind.CORRECTION, in_start_period=False)
    assert left(participant) == (D("400.00"), ZERO)
    with pytest.raises(Refused, match="minder over"):
        approvals.approve(waiting.id, actor(two[1]))


def test_a_contributor_is_marked_once_and_may_have_paid_nothing(
    participant: Participant, prepay: Prepay, two: tuple[Account, Account], world: World
) -> None:
    prepay(participant, kind=EntryKind.CONTRIBUTION)
    with pytest.raises(Refused, match="al gemerkt"):
        propose(participant, entry(kind=EntryKind.CONTRIBUTION), actor(two[0]))
    other = world.creditor(name="Later Betaald B.V.")
    prepay(other, "100", in_start_period=False)
    assert [row.participant.id for row in queries.holdings(only_start_period=True)] == [participant.id]
    assert {row.participant.id for row in queries.holdings()} == {participant.id, other.id}


# ------------------------------------------------------------------------------------------------- using


def test_it_is_used_on_one_invoice_after_another(participant: Participant, prepay: Prepay, world: World) -> None:
    with clock.at(date(2025, 1, 12)):
        prepay(participant, "4000", "500")
        first = issue_annual_invoice(participant, 2025, SYSTEM)
    second = issue_annual_invoice(participant, 2026, SYSTEM)
    one, two = invoices.document_of(first), invoices.document_of(second)
    assert (one.net, one.gross, one.prepaid, one.to_pay, one.due_on) == (
        D("2500.00"),
        D("3025.00"),
        D("3025.00"),
        ZERO,
        None,
    )
    assert one.seller.iban is None
    assert (two.net, two.gross, two.prepaid, two.to_pay) == (D("3000.00"), D("3630.00"), D("975.00"), D("2655.00"))
    assert two.due_on == date(2026, 4, 1)
    assert left(participant) == (ZERO, ZERO)
    assert [(line.invoice_number, line.left.paid) for line in queries.ledger(participant.id)] == [
        (None, D("4000.00")),
        (first.number, D("975.00")),
        (second.number, ZERO),
    ]


def test_the_first_invoice_uses_it_too(world: World, prepay: Prepay) -> None:
    with clock.at(date(2025, 10, 1)):
        row = world.creditor(640, connected_on=date(2025, 10, 1))
        prepay(row, "200", "1000")
        document = invoices.document_of(issue_first_invoice(row, date(2025, 10, 1), SYSTEM))
    assert [line.net for line in document.lines] == [D("150.00"), D("375.00"), D("-375.00")]
    assert (document.gross, document.prepaid, document.to_pay) == (D("181.50"), D("181.50"), ZERO)
    assert left(row) == (D("18.50"), D("625.00"))


def test_what_is_shown_before_issue_is_what_is_issued(participant: Participant, prepay: Prepay) -> None:
    prepay(participant, "1000", "500")
    plan = planned(participant, 2026, TODAY)
    assert plan.document is not None
    assert (plan.net, plan.document.to_pay) == (D("2500.00"), D("2025.00"))
    assert issue_missing_invoice(participant, 2026, plan.net, SYSTEM).net == D("2500.00")


def test_a_run_counts_it_in_without_asking_for_each(world: World, prepay: Prepay) -> None:
    rows = [world.municipality(70_361, name=f"Gemeente {n}", connected_on=date(2024, 1, 1)) for n in "ABCDEF"]
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    def asked() -> int:
        statements.clear()
        found = plans(2026, RunScope.EVERYBODY, Circumstances.now())
        assert len(found) == 6
        return sum("prepayment" in statement for statement in statements)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert asked() == 1
        for row in rows[:4]:
            prepay(row, "100", "50")
        assert asked() == 2
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    found = {plan.name: plan for plan in plans(2026, RunScope.EVERYBODY, Circumstances.now())}
    used = found["Gemeente A"].draft
    assert used is not None
    assert (used.use, used.document.to_pay) == (Use(D("100.00"), D("50.00")), D("3469.50"))
    assert found["Gemeente A"].content_hash != found["Gemeente F"].content_hash


@pytest.mark.parametrize(("paid", "benefit"), [("1000", "500"), ("9000", "0"), ("0", "9000"), ("0", "333.33")])
def test_the_e_invoice_of_it_follows_all_rules(
    participant: Participant, prepay: Prepay, paid: str, benefit: str
) -> None:
    document = invoices.document_of(_issued(participant, prepay, paid, benefit))
    seller = replace(
        document.seller,
        vat_id="NL810207357B01",
        iban=document.seller.iban and "NL91ABNA0417164300",
        oin="00000099000000001000",
    )
    buyer = replace(document.buyer, kvk="99000002", oin="00000099000000002000")
    assert check(write(EInvoice.of(replace(document, seller=seller, buyer=buyer), Profile.NLCIUS))) == []


def _issued(participant: Participant, prepay: Prepay, paid: str, benefit: str) -> Invoice:
    prepay(participant, paid, benefit)
    return issue_annual_invoice(participant, 2026, SYSTEM)


# ------------------------------------------------------------------------------------------------- giving back


def test_crediting_gives_it_back_and_a_new_invoice_uses_it_again(participant: Participant, prepay: Prepay) -> None:
    invoice = _issued(participant, prepay, "1000", "500")
    assert left(participant) == (ZERO, ZERO)
    credit_invoice(invoice, "Verkeerde tenaamstelling.", SYSTEM)
    assert left(participant) == (D("1000.00"), D("500.00"))
    statement = statement_of(participant.id, TODAY)
    assert statement.balance == ZERO
    again = issue_annual_invoice(participant, 2026, SYSTEM)
    assert (again.net, invoices.document_of(again).prepaid) == (invoice.net, D("1000.00"))
    assert statement_of(participant.id, TODAY).balance == D("2025.00")


def test_a_part_gives_back_what_no_longer_fits(participant: Participant, prepay: Prepay) -> None:
    invoice = _issued(participant, prepay, "3000", "500")
    assert left(participant) == (ZERO, ZERO)
    credit_invoice(invoice, "Deel.", SYSTEM, {1: D("1000.00")})
    assert left(participant) == (D("1185.00"), ZERO)
    credit_invoice(invoice, "Korting telt anders.", SYSTEM, {1: D("1000.00"), 2: D("-200.00")})
    assert left(participant) == (D("2153.00"), D("200.00"))
    credit_invoice(invoice, "De rest.", SYSTEM)
    assert left(participant) == (D("3000.00"), D("500.00"))
    assert queries.used_on(invoice.id) == Use(ZERO, ZERO)


def test_a_part_on_top_of_a_discount_is_refused(participant: Participant, prepay: Prepay) -> None:
    invoice = _issued(participant, prepay, "0", "500")
    with pytest.raises(Refused, match="omdat er ook een korting op staat"):
        credit_invoice(invoice, "Alles.", SYSTEM, {1: D("3000.00")})


# ------------------------------------------------------------------------------------------------- the database

INSERT = (
    "INSERT INTO prepayment_uses (participant_id, invoice_id, credit_note_id, paid, benefit, used_at)"
    " VALUES (:participant, :invoice, :note, :paid, :benefit, now())"
)


def put(session: Session, **values: object) -> None:
    with session.begin_nested():
        session.execute(text(INSERT), {"note": None, "paid": 0, "benefit": 0, **values})


def test_the_database_lets_nobody_use_more_than_there_is(
    participant: Participant, prepay: Prepay, world: World, session: Session
) -> None:
    invoice = issue_annual_invoice(participant, 2026, SYSTEM)
    prepay(participant, "100", "50")
    base = {"participant": participant.id, "invoice": invoice.id}
    for amounts in ({"paid": 10_001}, {"benefit": 5_001}):
        with pytest.raises(DBAPIError, match="minder vooruitbetaald"):
            put(session, **base, **amounts)
    other = world.creditor(name="Iemand Anders B.V.")
    prepay(other, "100", "50")
    with pytest.raises(DBAPIError, match="dezelfde deelnemer"):
        put(session, participant=other.id, invoice=invoice.id, paid=1)
    with pytest.raises(DBAPIError, match="ck_prepayment_uses"):
        put(session, **base, paid=-1)
    put(session, **base, paid=10_000)
    with pytest.raises(DBAPIError, match="uq_prepayment_uses_once"):
        put(session, **base, benefit=1)


def test_the_database_gives_back_no_more_than_was_used(
    participant: Participant, prepay: Prepay, session: Session
) -> None:
    invoice = _issued(participant, prepay, "1000", "500")
    second = issue_first_invoice(participant, date(2024, 4, 15), SYSTEM)
    note = credit_invoice(second, "Dubbel.", SYSTEM)
    base = {"participant": participant.id, "invoice": invoice.id}
    with pytest.raises(DBAPIError, match="creditnota van dezelfde factuur"):
        put(session, **base, note=note.id, paid=-1)
    part = credit_invoice(invoice, "Deel.", SYSTEM, {1: D("1.00")})
    with pytest.raises(DBAPIError, match="niet meer terug dan erop is gebruikt"):
        put(session, **base, note=part.id, paid=-100_001)


def test_rows_are_never_changed_or_removed(participant: Participant, prepay: Prepay, session: Session) -> None:
    _issued(participant, prepay, "1000", "500")
    for statement in (
        "UPDATE prepayments SET paid = 1",
        "DELETE FROM prepayments",
        "UPDATE prepayment_uses SET paid = 1",
        "DELETE FROM prepayment_uses",
    ):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(text(statement))
    assert len(session.execute(select(Prepayment)).all()) == len(session.execute(select(PrepaymentUse)).all()) == 1
