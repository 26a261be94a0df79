"""The yearly declaration: how many files, and whether the invoice details are right."""

from __future__ import annotations

from wtforms import HiddenField

from core import forms, identifiers
from core.countries import LONGEST_POSTAL_CODE
from core.validators import Required


class DetailsForm(forms.Form):
    """For who only checks its invoice details."""

    version = HiddenField()
    street = forms.text("Straat en huisnummer, of postbus", "Vul een straat met huisnummer of een postbus in.")
    postal_code = forms.text("Postcode", "Vul een postcode in.", length=LONGEST_POSTAL_CODE, what="Een postcode")
    city = forms.text("Plaats", "Vul een plaats in.", length=80, what="De plaats")
    email = forms.email("E-mailadres voor facturen")
    purchase_order_number = forms.identifier(
        "Inkoopordernummer",
        identifiers.purchase_order_number,
        description="Vul dit in als het op uw facturen moet staan.",
    )
    e_invoice_address = forms.identifier(
        "E-factuuradres (Peppol)",
        identifiers.e_invoice_address,
        description="Vier cijfers, een dubbele punt en een nummer, bijvoorbeeld 0190:00000001001876387000.",
    )

    @property
    def details(self) -> dict[str, str | None]:
        return {name: self[name].data or None for name in DETAILS}

    @property
    def seen_version(self) -> int:
        """What the page was made with; nothing that exists when it was tampered with."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class DeclarationAndDetailsForm(DetailsForm):
    """For who declares files as well."""

    number = forms.WholeNumberField(
        "Schulddossiers", [Required("Vul het aantal schulddossiers in; 0 mag ook.")], high=10_000_000
    )


DETAILS = ("street", "postal_code", "city", "email", "purchase_order_number", "e_invoice_address")
