"""Ask for an invoice by hand, and issue it when a colleague agreed. Callers hold scope staff and a transaction."""

from __future__ import annotations

from billing.by_hand import queries, rules
from billing.by_hand.documents import ByHand
from billing.by_hand.events import PROPOSED
from billing.delivery.services import deliver
from billing.documents import InvoiceDocument
from billing.issuing.queries import Circumstances
from billing.issuing.services import take_turns
from billing.services import issue_one
from core import approvals, clock, filters
from core.approvals import Approval
from core.audit import Actor, record
from core.errors import Refused
from participants.models import Participant
from participants.queries import participant as find_participant


def checked(participant: Participant, asked: ByHand) -> InvoiceDocument:
    """The invoice as it would be issued now. Raises Refused for one that cannot be, and what `draft_by_hand` raises."""
    wrong = rules.why_not([line.net for line in asked.lines], asked.starts_on, asked.ends_on, clock.today())
    if wrong is not None:
        field, why = wrong
        raise Refused(why, field=field)
    return queries.draft_by_hand(participant, asked, Circumstances.now()).document


def propose(participant: Participant, asked: ByHand, actor: Actor) -> Approval:
    """Put an invoice by hand before a colleague; nothing is issued before one agrees. Raises what `checked` raises."""
    document = checked(participant, asked)
    record(
        PROPOSED,
        actor,
        participant_id=participant.id,
        subject=f"participant:{participant.id}",
        name=participant.name,
        amount=filters.euro(document.net),
        reason=asked.reason,
    )
    return approvals.request_approval(
        BY_HAND,
        actor,
        f"een factuur met de hand van {filters.euro(document.gross)} voor {participant.name}",
        {"participant": participant.id, **asked.to_json()},
        before={"Factuur": "geen"},
        after={
            "Deelnemer": participant.name,
            "Factuur": "; ".join(f"{line.description}: {filters.euro(line.net)}" for line in document.lines),
            "Totaal zonder btw": filters.euro(document.net),
            "Totaal met btw": filters.euro(document.gross),
            "Reden": asked.reason,
        },
    )


def _carry_out(approval: Approval, actor: Actor) -> None:
    """Issue it, with the details of the participant and the settings of today."""
    participant = find_participant(approval.payload["participant"])
    take_turns([participant.id])
    asked = ByHand.from_json(approval.payload)
    checked(participant, asked)
    invoice = issue_one(queries.draft_by_hand(participant, asked, Circumstances.now()), actor)
    approval.payload = {**approval.payload, "invoice": invoice.number}
    deliver(invoice)


BY_HAND = approvals.register(
    approvals.Kind(
        queries.NAME, "Factuur met de hand", "invoice:approve", _carry_out, page="billing.show_invoice_by_hand"
    )
)
