"""What an invoice by hand would look like."""

from __future__ import annotations

from billing import rules
from billing.by_hand.documents import ByHand
from billing.documents import Buyer, InvoiceDocument, Line, Seller
from billing.issuing.documents import Draft, DraftLine
from billing.issuing.queries import Circumstances, vat_of, with_totals
from billing.kinds import NO_CATEGORY, FeeKind, InvoiceKind
from core.approvals import Approval
from core.db import session
from core.errors import NotFound
from core.money import ZERO
from participants.models import Participant

NAME = "billing:by_hand"
EXPLANATION = "Deze factuur is met de hand gemaakt; er hoort geen tariefcategorie bij"
NO_DECISION = "geen; deze factuur rust op de reden die erop staat"


def draft_by_hand(participant: Participant, asked: ByHand, now: Circumstances) -> Draft:
    """The invoice that would be issued now. Raises UserError when invoice details or seller data are missing,
    UnclearVat when it is not known how VAT works for the participant."""
    buyer, details = Buyer.of(participant), participant.invoice_details
    assert details is not None  # noqa: S101  the buyer was made of them
    vat = vat_of(buyer, now)
    lines = tuple(Line(line.description, line.net, vat.percentage, vat.category) for line in asked.lines)
    document = InvoiceDocument(
        number="",
        kind=InvoiceKind.INVOICE,
        issued_on=now.today,
        due_on=None,
        starts_on=asked.starts_on,
        ends_on=asked.ends_on,
        seller=Seller.of(now.operator, something_to_pay=asked.net > 0),
        buyer=buyer,
        category=NO_CATEGORY,
        explanation=EXPLANATION,
        decision=now.decision(asked.decision_id) if asked.decision_id is not None else NO_DECISION,
        why_nothing=None,
        lines=lines,
        vat_totals=rules.vat_totals(
            ((line.net, line.vat_percentage, line.vat_category) for line in lines), vat.exemption_text
        ),
        net=ZERO,
        vat=ZERO,
        gross=ZERO,
        credited=None,
        example=now.is_example,
        language=details.language,
        profile=details.e_invoice_profile,
        reason=asked.reason,
    )
    return Draft(
        participant_id=participant.id,
        name=participant.name,
        year=asked.starts_on.year,
        operator_id=now.operator.id,
        document=with_totals(document, now),
        lines=tuple(
            DraftLine(
                fee_kind=FeeKind.CORRECTION,
                description=line.description,
                net=line.net,
                vat_percentage=vat.percentage,
                category=NO_CATEGORY,
                decision_id=asked.decision_id,
            )
            for line in lines
        ),
        mailed_to=details.email,
    )


def request_by_hand(approval_id: int) -> Approval:
    """The request for approval of an invoice by hand. Raises NotFound, also for a request of another kind."""
    row = session().get(Approval, approval_id)
    if row is None or row.kind != NAME:
        raise NotFound("Dit verzoek bestaat niet.")
    return row
