"""Forms to ask for a correction, and to answer it."""

from __future__ import annotations

from typing import Any

from wtforms import Field

from billing.corrections.kinds import CorrectionKind
from billing.corrections.models import InvoiceCorrection
from billing.corrections.rules import FIELDS
from core import forms, identifiers
from core.forms import Form
from core.visitors import GuardedForm


class AskForm(GuardedForm):
    """What who pays says is wrong."""

    kind = forms.radio("Wat klopt er niet?", CorrectionKind.choices(), "Kies wat er niet klopt.")
    proposed = forms.long_text(
        "Wat moet het zijn?",
        length=500,
        what="Dit veld",
        description="Bijvoorbeeld het juiste adres of het juiste inkoopordernummer.",
    )
    explanation = forms.long_text(
        "Toelichting",
        length=4000,
        what="De toelichting",
        description="Schrijf hier geen gegevens van mensen met schulden.",
    )
    name = forms.text("Uw naam", "Vul uw naam in.", what="De naam")
    email = forms.email("Uw e-mailadres", description="Op dit adres krijgt u antwoord.")


class TakeOverForm(Form):
    """The details as they will be, and the answer. Fields that do not go with the request are taken out by `keep`."""

    attention = forms.text("Ter attentie van", what="Dit veld")
    street = forms.text("Straat en huisnummer, of postbus", "Vul een straat met huisnummer of een postbus in.")
    postal_code = forms.text("Postcode", "Vul een postcode in.", length=20, what="De postcode")
    city = forms.text("Plaats", "Vul een plaats in.", length=80, what="De plaats")
    purchase_order_number = forms.identifier("Inkoopordernummer", identifiers.purchase_order_number)
    buyer_reference = forms.identifier("Kenmerk van de deelnemer", identifiers.purchase_order_number)
    answer = forms.long_text(
        "Antwoord aan wie het vroeg",
        "Schrijf in één of twee zinnen wat u hebt gedaan.",
        length=2000,
        what="Het antwoord",
        description="Dit gaat per mail. Zeg ook of er een creditnota en een nieuwe factuur komen.",
    )

    @property
    def details(self) -> list[Field]:
        """The fields that hold invoice details."""
        return [field for field in self if field.name not in {"answer", "csrf_token"}]

    def keep(self, kind: CorrectionKind) -> None:
        wanted = FIELDS.get(kind, ())
        for field in self.details:
            if field.name not in wanted:
                del self[field.name]

    def show(self, row: InvoiceCorrection) -> None:
        """What is stored now; for a number what was asked, when it can be one."""
        details = row.participant.invoice_details
        for field in self.details:
            field.data = getattr(details, field.name, None)
            if field.name in {"purchase_order_number", "buyer_reference"} and len(row.proposed or "") <= 50:
                field.data = row.proposed

    def values(self) -> dict[str, Any]:
        return {field.name: field.data for field in self.details}


class DeclineForm(Form):
    reason = forms.long_text(
        "Waarom neemt u dit niet over?",
        "Schrijf in één of twee zinnen waarom u dit niet overneemt.",
        length=2000,
        what="De reden",
        description="Dit gaat per mail naar wie het vroeg.",
    )
