"""The form of a prepayment."""

from __future__ import annotations

from decimal import Decimal

from wtforms import BooleanField, HiddenField

from billing.prepayments.kinds import EntryKind
from billing.prepayments.services import Entry
from core import forms
from core.amounts import AmountField
from core.forms import DayField, Form, day_of
from core.money import ZERO
from core.validators import Optional, Required


class PrepaymentForm(Form):
    kind = forms.radio(
        "Wat legt u vast?",
        EntryKind.choices(),
        "Kies wat u vastlegt.",
        default=EntryKind.PREPAYMENT.value,
    )
    received_on = DayField(
        "Op welke dag?",
        [Required("Vul de dag in.")],
        description="De dag waarop het geld binnenkwam of de afspraak inging: dag-maand-jaar",
    )
    paid = AmountField(
        "Betaald, met btw", [Optional()], description="In euro's. Bij een correctie met een minteken: het gaat eraf."
    )
    benefit = AmountField(
        "Afgesproken voordeel, zonder btw",
        [Optional()],
        description="In euro's. Dit komt als korting op de factuur over het jaartarief.",
    )
    in_start_period = BooleanField("De deelnemer droeg bij in de startperiode")
    source = forms.text(
        "Waar blijkt dat uit?",
        "Vul in waar dat uit blijkt.",
        length=300,
        what="Dit",
        description="Bijvoorbeeld: brief van 1 september 2020.",
    )
    decision = forms.text("Nummer van het besluit", length=40, what="Het nummer")
    note = forms.text("Toelichting", length=300, what="De toelichting")
    key = HiddenField()
    """Used up when the request is made, so that sending twice asks once."""

    def entry(self, decision_id: int | None) -> Entry:
        """What was filled in; only asked for after validation."""
        return Entry(
            kind=EntryKind(self.kind.data),
            received_on=day_of(self.received_on),
            paid=_amount(self.paid),
            benefit=_amount(self.benefit),
            in_start_period=bool(self.in_start_period.data) or self.kind.data == EntryKind.CONTRIBUTION.value,
            source=self.source.data or "",
            decision_id=decision_id,
            note=self.note.data or None,
        )


def _amount(field: AmountField) -> Decimal:
    return field.data if field.data is not None else ZERO
