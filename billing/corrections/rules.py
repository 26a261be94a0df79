"""Which details of a participant follow from a request to correct an invoice."""

from __future__ import annotations

from billing.corrections.kinds import CorrectionKind

FIELDS: dict[CorrectionKind, tuple[str, ...]] = {
    CorrectionKind.ADDRESS: ("attention", "street", "postal_code", "city"),
    CorrectionKind.ORDER_NUMBER: ("purchase_order_number",),
    CorrectionKind.REFERENCE: ("buyer_reference",),
}
"""Names of invoice details. Never the mail address: who has an invoice in hand could have all later ones sent to him.
A name and an amount are no invoice details."""

NEEDS_VALUE = frozenset(CorrectionKind) - {CorrectionKind.AMOUNT, CorrectionKind.OTHER}
"""Who says that this is wrong, says what is right."""


def what_is_missing(kind: CorrectionKind, proposed: str | None, explanation: str | None) -> tuple[str, str] | None:
    """Field and sentence when a request cannot be dealt with as it is."""
    if kind in NEEDS_VALUE and not proposed:
        return "proposed", f"Vul in wat het moet zijn: {kind.label.lower()}."
    if kind not in NEEDS_VALUE and not explanation:
        return "explanation", "Schrijf in een paar zinnen wat er niet klopt."
    return None
