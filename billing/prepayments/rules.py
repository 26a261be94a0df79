"""How a prepayment is used on an invoice, and what a credit note gives back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from billing.documents import Line
from billing.issuing.documents import Draft, DraftLine
from billing.kinds import FeeKind, InvoiceKind
from billing.prepayments.kinds import DISCOUNT, Available, Use
from billing.rules import vat_totals
from core.money import ZERO


def apply(draft: Draft, available: Available) -> tuple[Draft, Use | None]:
    """The invoice after the prepayment. First the agreed benefit comes off the annual fee, as a discount without VAT,
    never below € 0,00; then what was paid comes off what is to be paid, VAT included. What remains stays for a next
    invoice. None when nothing is used: nothing left, nothing to pay, or a credit note."""
    if draft.document.kind is not InvoiceKind.INVOICE or draft.use is not None:
        return draft, None
    benefit = min(available.benefit, max(draft.annual_net, ZERO))
    discounted = _discounted(draft, benefit, available.decision_id) if benefit > 0 else draft
    document = discounted.document
    paid = min(available.paid, max(document.gross, ZERO))
    if benefit <= 0 and paid <= 0:
        return draft, None
    use = Use(paid, max(benefit, ZERO))
    return replace(discounted, document=replace(document, prepaid=paid), use=use), use


def _discounted(draft: Draft, benefit: Decimal, decision_id: int | None) -> Draft:
    position = next(n for n, line in enumerate(draft.lines) if line.fee_kind is FeeKind.ANNUAL)
    fee, shown = draft.lines[position], draft.document.lines[position]
    line = DraftLine(
        fee_kind=FeeKind.DISCOUNT,
        description=DISCOUNT,
        net=-benefit,
        vat_percentage=fee.vat_percentage,
        category=fee.category,
        decision_id=decision_id or fee.decision_id,
    )
    lines = (*draft.document.lines, Line(DISCOUNT, -benefit, shown.vat_percentage, shown.vat_category))
    exemption = next((total.exemption for total in draft.document.vat_totals if total.exemption), None)
    totals = vat_totals(((one.net, one.vat_percentage, one.vat_category) for one in lines), exemption)
    net, vat = sum((one.net for one in totals), ZERO), sum((one.vat for one in totals), ZERO)
    document = replace(draft.document, lines=lines, vat_totals=totals, net=net, vat=vat, gross=net + vat)
    return replace(draft, lines=(*draft.lines, line), document=document)


def given_back(used: Use, left_gross: Decimal, credited: Sequence[tuple[FeeKind, Decimal]]) -> Use | None:
    """What a credit note gives back of what its invoice still uses. `left_gross`: what stands of the invoice after it,
    in euros with VAT; `credited`: its lines, kind and euros without VAT. A discount that is taken back is there to be
    used again; what was paid goes on covering what stands, and the rest comes back. None when nothing comes back."""
    discount = sum((net for kind, net in credited if kind is FeeKind.DISCOUNT), ZERO)
    back = Use(max(used.paid - max(left_gross, ZERO), ZERO), min(max(discount, ZERO), used.benefit))
    return back if back.paid or back.benefit else None


def why_not_entered(left: Available, paid: Decimal, benefit: Decimal) -> str | None:
    """Why an entry of these amounts cannot be; None when it can. Nothing goes below zero."""
    if left.paid + paid < 0 or left.benefit + benefit < 0:
        return "Er is minder over dan u eraf haalt. Bekijk wat er nog over is."
    return None
