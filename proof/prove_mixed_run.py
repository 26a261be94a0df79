"""Two thousand e-invoices of a mixed run pass the schema, EN 16931 without fatals and our Dutch rules without warnings.

Nothing is made up for the rules: participants stand in a database, runs invoice them over three years, invoices are
credited whole and in part and made by hand, and what was issued is written as UBL and checked.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select

from app import create_app
from billing import queries, services
from billing.by_hand.documents import ByHand, HandLine
from billing.by_hand.queries import draft_by_hand
from billing.documents import InvoiceDocument
from billing.e_invoice.checks import Finding, check
from billing.e_invoice.kinds import Layer
from billing.e_invoice.services import ubl
from billing.issuing.queries import Circumstances
from billing.kinds import VatCategory
from billing.models import Invoice
from billing.runs.execution.services import issue_batch
from billing.runs.kinds import RunScope
from billing.runs.services import calculate, put_forward, start_run
from core import approvals, clock
from core import db as database
from core.audit import SYSTEM, Actor
from core.db import db, scoped, session, transaction
from governance.models import Setting
from identity.kinds import StaffRole
from participants.kinds import Language, Profile
from participants.models import InvoiceDetails, Participant
from tests.billing.conftest import World, load_tariffs
from tests.conftest import settings_for
from tests.database import Databases
from tests.people import People

WANTED = 2_000
PARTICIPANTS = 560
BEFORE = date(2024, 6, 1)
NAMES = (
    "Gemeente Súdwest-Fryslân voorbij",
    "Gemeente 's-Hertogenvoorbeeld & Omstreken",
    'Coöperatie "Ĳsselmeer" Zürich-Øst',
    "Stichting <Voorbeeld> & Zonen",
    "Gemeenschappelijke Regeling Intergemeentelijke Sociale Dienst Voorbeeldveld, Proefdorp, Fictieveen en Omstreken",
)
ODD = ("Ünïcode", "ﬁ-ligatuur", "emoji 🙂", "Łódź", "名前", "tab\tin een naam")


def prove_two_thousand_e_invoices_pass_all_rules(databases: Databases, tmp_path: Path) -> None:
    chance = random.Random(16931)  # noqa: S311  no secret
    with databases.copy() as urls:
        app = create_app(settings_for(urls.app, tmp_path))
        with app.app_context(), scoped(database.JOB):
            with clock.at(date(2025, 1, 6)), transaction():
                load_tariffs()
            _participants(chance)
            people = People(session())
            finance = [Actor("staff", people.staff(StaffRole.FINANCE).person_key) for _ in range(2)]
            for year, treatment in ((2025, "standard"), (2026, "standard"), (2027, "exempt")):
                with clock.at(date(year, 1, 6)):
                    _run(year, treatment, finance)
            with clock.at(date(2027, 2, 1)):
                _afterwards(chance)
            seen, wrong = _check_all()
            db.session.remove()
            db.engine.dispose()
    print(f"\n{sum(seen.values())} UBL documents: {dict(sorted(seen.items()))}; wrong: {len(wrong)}")
    assert sum(seen.values()) >= WANTED
    assert not wrong, wrong[:5]
    for part in ("credit_note", "zero", "exempt", "reverse_charge", "negative line", "order only", "peppol", "english"):
        assert seen_of(seen, part) > 20, part


def seen_of(seen: Counter[str], part: str) -> int:
    return sum(count for name, count in seen.items() if part in name)


def _participants(chance: random.Random) -> None:
    world = World(session())
    for number in range(PARTICIPANTS):
        name = f"{NAMES[number % len(NAMES)]} {number} {ODD[number % len(ODD)] if number % 7 == 0 else ''}".strip()
        if number % 3 == 0:
            participant = world.creditor(chance.choice([5, 12, 640, 3_000, 20_000]), name=name, connected_on=BEFORE)
        else:
            participant = world.municipality(
                chance.choice([9_000, 15_000, 70_361, 200_000, 1_000_000]), name=name, connected_on=BEFORE
            )
        details = participant.invoice_details
        assert details is not None
        _wishes(details, number, abroad=number % 21 == 0)
    with transaction():
        session().flush()
    session().expunge_all()


def _wishes(details: InvoiceDetails, number: int, *, abroad: bool) -> None:
    if number % 4 == 1:
        details.buyer_reference = None  # an order number alone
    if number % 4 == 2:
        details.purchase_order_number = None
    if number % 5 == 0:
        details.e_invoice_profile = Profile.PEPPOL
    if number % 9 == 0:
        details.language = Language.ENGLISH
    if abroad:
        details.country, details.vat_id, details.postal_code = "BE", "BE0428759497", "1000"


def _run(year: int, treatment: str, finance: list[Actor]) -> None:
    with transaction():
        if treatment != "standard":
            session().add(
                Setting(
                    name="vat_treatment",
                    value=treatment,
                    starts_on=date(year, 1, 1),
                    source="bewijs",
                    to_confirm=False,
                )
            )
        run = start_run(year, RunScope.EVERYBODY, finance[0])
        calculate(run, SYSTEM)
        approvals.approve(put_forward(run, finance[0]).id, finance[1])
        now = Circumstances.now()
        while issue_batch(run, now):
            pass
    session().expunge_all()


def _afterwards(chance: random.Random) -> None:
    """Credit notes, whole and in part, and invoices by hand with a line below zero."""
    to_credit = list(session().execute(select(Invoice.id).where(Invoice.series_number % 7 == 0)).scalars())
    for key in to_credit:
        with transaction():
            invoice = session().get_one(Invoice, key)
            parts = {1: (invoice.lines[0].net / 3).quantize(Decimal("0.01"))} if key % 2 and invoice.net else None
            services.credit_invoice(invoice, "Voorbeeld: verkeerd berekend & hersteld.", SYSTEM, parts)
    keys = list(session().execute(select(Participant.id).where(Participant.id % 6 == 0)).scalars())
    for key in keys:
        with transaction():
            participant = session().get_one(Participant, key)
            charged = Decimal(chance.randrange(10_000, 500_000)) / 100
            back = -(charged / 3).quantize(Decimal("0.01"))
            asked = ByHand(
                reason="Voorbeeld: herrekening over het vorige jaar.",
                lines=(HandLine("Nieuw berekend", charged), HandLine("Al gefactureerd", back)),
                starts_on=date(2026, 1, 1),
                ends_on=date(2026, 12, 31),
                decision_id=None,
            )
            services.issue_one(draft_by_hand(participant, asked, Circumstances.now()), SYSTEM)
        session().expunge_all()


def _check_all() -> tuple[Counter[str], list[tuple[str, Finding]]]:
    seen: Counter[str] = Counter()
    wrong: list[tuple[str, Finding]] = []
    for key in session().execute(select(Invoice.id).order_by(Invoice.id)).scalars().all():
        document = queries.document_of(session().get_one(Invoice, key))
        seen[_traits(document)] += 1
        # the seller of the example has numbers that are impossible on purpose
        found = [one for one in check(ubl(document)) if not (one.of_seller and one.layer is Layer.NUMBERS)]
        wrong.extend((document.number, one) for one in found)
        session().expunge_all()
    return seen, wrong


def _traits(document: InvoiceDocument) -> str:
    """What is particular about it."""
    traits = {
        "credit_note": document.is_credit_note,
        "part": document.credited is not None and not document.credited.is_whole,
        "zero": document.gross == 0,
        "exempt": document.lines[0].vat_category is VatCategory.EXEMPT,
        "reverse_charge": document.lines[0].vat_category is VatCategory.REVERSE_CHARGE,
        "negative line": not document.is_credit_note and any(line.net < 0 for line in document.lines),
        "order only": not document.buyer.reference and bool(document.buyer.purchase_order_number),
        "peppol": document.profile is Profile.PEPPOL,
        "english": document.language is Language.ENGLISH,
    }
    return ", ".join(name for name, holds in traits.items() if holds) or "ordinary"
