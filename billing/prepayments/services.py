"""Enter prepayments, with approval by a colleague, and give back what a credit note frees. Callers hold scope staff or
JOB and a transaction. What an invoice uses is written with the invoice: `billing.issuing.services`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from billing.issuing.services import take_turns
from billing.models import Invoice
from billing.prepayments import queries, rules
from billing.prepayments.events import ENTERED, GIVEN_BACK
from billing.prepayments.kinds import EntryKind
from billing.prepayments.models import Prepayment, PrepaymentUse
from core import approvals, clock, filters
from core.approvals import Approval
from core.audit import Actor, record
from core.db import session
from core.errors import Refused
from core.money import ZERO
from participants.models import Participant
from participants.queries import participant as find_participant

NAME = "billing:prepayment"
EARLIEST = date(2018, 1, 1)
"""Before the hub began nobody paid in advance; an earlier day is a typing error."""


@dataclass(frozen=True)
class Entry:
    """What is to be entered. `paid` in euros with VAT, `benefit` without; of a correction the difference."""

    kind: EntryKind
    received_on: date
    paid: Decimal
    benefit: Decimal
    in_start_period: bool
    source: str
    decision_id: int | None = None
    note: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As kept with the request."""
        return {
            "kind": self.kind.value,
            "received_on": self.received_on.isoformat(),
            "paid": str(self.paid),
            "benefit": str(self.benefit),
            "in_start_period": self.in_start_period,
            "source": self.source,
            "decision": self.decision_id,
            "note": self.note,
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Entry:
        return cls(
            EntryKind(stored["kind"]),
            date.fromisoformat(stored["received_on"]),
            Decimal(stored["paid"]),
            Decimal(stored["benefit"]),
            stored["in_start_period"],
            stored["source"],
            stored["decision"],
            stored["note"],
        )


def propose(participant: Participant, entry: Entry, actor: Actor) -> Approval:
    """Ask a colleague to agree to an entry; nothing counts before. Raises Refused for one that cannot be."""
    _demand(participant, entry)
    return approvals.request_approval(
        PREPAYMENT,
        actor,
        f"{entry.kind.label[:1].lower()}{entry.kind.label[1:]} vastleggen voor {participant.name}",
        {"participant": participant.id, **entry.to_json()},
        before={"Nog over": _amounts(*_left(participant.id))},
        after={
            "Deelnemer": participant.name,
            "Soort": entry.kind.label,
            "Datum": filters.day(entry.received_on),
            "Betaald, met btw": filters.euro(entry.paid),
            "Voordeel, zonder btw": filters.euro(entry.benefit),
            "Droeg bij in de startperiode": "ja" if entry.in_start_period else "nee",
            "Bron": entry.source,
            **({"Toelichting": entry.note} if entry.note else {}),
        },
    )


def _left(participant_id: int) -> tuple[Decimal, Decimal]:
    left = queries.available_to(participant_id)
    return left.paid, left.benefit


def _amounts(paid: Decimal, benefit: Decimal) -> str:
    return f"{filters.euro(paid)} betaald en {filters.euro(benefit)} voordeel"


def _demand(participant: Participant, entry: Entry) -> None:
    if entry.received_on > clock.today():
        raise Refused("Deze dag ligt in de toekomst. Leg het vast als het geld binnen is.", field="received_on")
    if entry.received_on < EARLIEST:
        raise Refused("Deze dag ligt te ver in het verleden. Controleer het jaar.", field="received_on")
    if entry.kind is EntryKind.PREPAYMENT and (min(entry.paid, entry.benefit) < 0 or not entry.paid + entry.benefit):
        raise Refused("Vul in hoeveel er is betaald, welk voordeel is afgesproken, of allebei.", field="paid")
    if entry.kind is EntryKind.CONTRIBUTION and (entry.paid or entry.benefit):
        raise Refused(
            "Bij een bijdrage zonder vooruitbetaling horen geen bedragen. Kies 'Vooruitbetaling'.", field="kind"
        )
    if entry.kind is EntryKind.CONTRIBUTION and queries.is_marked(participant.id):
        raise Refused(f"{participant.name} is al gemerkt als bijdrager in de startperiode.", field="kind")
    if entry.kind is EntryKind.CORRECTION and not (entry.paid or entry.benefit):
        raise Refused("Vul in hoeveel erbij komt of eraf gaat.", field="paid")
    if why := rules.why_not_entered(queries.available_to(participant.id), entry.paid, entry.benefit):
        raise Refused(why, field="paid")


def _carry_out(approval: Approval, actor: Actor) -> None:
    participant = find_participant(approval.payload["participant"])
    take_turns([participant.id])
    entry = Entry.from_json(approval.payload)
    _demand(participant, entry)
    row = Prepayment(
        participant_id=participant.id,
        kind=entry.kind,
        received_on=entry.received_on,
        paid=entry.paid,
        benefit=entry.benefit,
        in_start_period=entry.in_start_period,
        source=entry.source,
        decision_id=entry.decision_id,
        note=entry.note,
        requested_by=approval.requested_by,
        approved_by=actor.person,
        recorded_at=clock.now(),
    )
    session().add(row)
    session().flush()
    record(
        ENTERED,
        actor,
        participant_id=participant.id,
        subject=f"prepayment:{row.id}",
        name=participant.name,
        kind=entry.kind.label,
        paid=filters.euro(entry.paid),
        benefit=filters.euro(entry.benefit),
        source=entry.source,
    )


PREPAYMENT = approvals.register(
    approvals.Kind(NAME, "Vooruitbetaling of bijdrage van een deelnemer", "prepayment:approve", _carry_out)
)


def give_back(invoice: Invoice, credit_note: Invoice, actor: Actor) -> PrepaymentUse | None:
    """What a credit note frees of the prepayment that its invoice used can be used again; None when that is nothing."""
    left = sum((note.gross for note in invoice.credit_notes), invoice.gross)
    lines = [(line.fee_kind, line.net) for line in credit_note.lines]
    back = rules.given_back(queries.used_on(invoice.id), left, lines)
    if back is None:
        return None
    row = PrepaymentUse(
        participant_id=invoice.participant_id,
        invoice_id=invoice.id,
        credit_note_id=credit_note.id,
        paid=ZERO - back.paid,
        benefit=ZERO - back.benefit,
        used_at=clock.now(),
    )
    session().add(row)
    session().flush()
    record(
        GIVEN_BACK,
        actor,
        participant_id=invoice.participant_id,
        subject=f"invoice:{credit_note.id}",
        number=credit_note.number,
        name=invoice.participant.name,
        paid=filters.euro(back.paid),
        benefit=filters.euro(back.benefit),
    )
    return row
