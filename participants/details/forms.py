"""Forms over the details of a participant. Each knows what it shows of the participant that is stored now."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField

from core import forms, identifiers
from core.countries import HOME, LONGEST_POSTAL_CODE, countries, postal_code, vat_id
from core.editing import EditForm
from core.identifiers import InvalidIdentifier
from participants.kinds import Channel, ContactRole, Language, Profile
from participants.models import Participant
from participants.services import INVOICE_FIELDS

NEW_DETAILS = {"country": HOME, "language": Language.DUTCH, "e_invoice_profile": Profile.NLCIUS}
"""What the form proposes to who has no invoice details yet."""


class ContactForm(EditForm):
    name = forms.text("Naam", "Vul een naam in.", what="De naam")
    function = forms.text("Functie", what="De functie")
    email = forms.email("E-mailadres")
    phone = forms.text("Telefoonnummer", length=30, what="Een telefoonnummer")

    @staticmethod
    def values(participant: Participant, role: ContactRole) -> dict[str, Any]:
        """What is stored now; nothing at all when nobody is known yet."""
        found = next((contact for contact in participant.contacts if contact.role is role), None)
        return {name: getattr(found, name, None) for name in ("name", "function", "email", "phone")}


class InvoiceDetailsForm(EditForm):
    attention = forms.text("Ter attentie van", what="Dit veld")
    street = forms.text("Straat en huisnummer, of postbus", "Vul een straat met huisnummer of een postbus in.")
    postal_code = forms.text("Postcode", "Vul een postcode in.", length=LONGEST_POSTAL_CODE, what="Een postcode")
    city = forms.text("Plaats", "Vul een plaats in.", length=80, what="De plaats")
    country = forms.choice("Land", list(countries().items()), "Kies een land uit de lijst.")
    vat_id = forms.text(
        "Btw-nummer",
        length=20,
        what="Een btw-nummer",
        description="Alleen voor een adres in een ander land van de Europese Unie. De btw wordt dan verlegd.",
    )
    email = forms.email("E-mailadres voor facturen")
    language = forms.choice("Taal van de factuur", Language.choices(), "Kies een taal.")
    purchase_order_number = forms.identifier(
        "Inkoopordernummer",
        identifiers.purchase_order_number,
        description="Vul dit in als het op uw facturen moet staan.",
    )
    buyer_reference = forms.identifier(
        "Uw kenmerk",
        identifiers.purchase_order_number,
        description="Een kostenplaats of andere verwijzing die op uw facturen moet staan.",
    )
    e_invoice_address = forms.identifier(
        "E-factuuradres (Peppol)",
        identifiers.e_invoice_address,
        description="Vier cijfers, een dubbele punt en een nummer, bijvoorbeeld 0190:00000001001876387000.",
    )
    e_invoice_profile = forms.choice(
        "Soort e-factuur",
        Profile.choices(),
        "Kies een soort e-factuur.",
        description="NLCIUS is gebruikelijk in Nederland. Kies Peppol BIS als uw software daarom vraagt.",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """What is right for a postal code and a VAT number depends on the country."""
        is_valid = bool(super().validate(extra_validators))
        if self.country.errors:
            return False
        for field, check in ((self.postal_code, postal_code), (self.vat_id, vat_id)):
            if field.data and not field.errors:
                try:
                    field.data = check(field.data, self.country.data)
                except InvalidIdentifier as error:
                    field.errors = [*field.errors, str(error)]
                    is_valid = False
        return is_valid

    @staticmethod
    def values(participant: Participant) -> dict[str, Any]:
        found = participant.invoice_details
        return {name: getattr(found, name, NEW_DETAILS.get(name)) for name in INVOICE_FIELDS}


class ConnectionForm(EditForm):
    """How a participant connects, and as which unit; staff change it."""

    unit_name = forms.text(
        "Bedrijfsonderdeel",
        what="De naam",
        description="Leeg als de hele organisatie meedoet.",
    )
    establishment_number = forms.identifier("Vestigingsnummer", identifiers.vestigingsnummer)
    own_oin = forms.identifier(
        "OIN van het onderdeel",
        identifiers.oin,
        description="Alleen als het onderdeel een eigen OIN (subOIN) heeft.",
    )
    channel = forms.choice("Manier van aansluiten", Channel.choices(), "Kies een manier van aansluiten.")
    supplier = forms.text("Leverancier van de software", what="De naam")
    product = forms.text("Softwarepakket", what="De naam")
    list_publicly = BooleanField(
        "Op de openbare lijst van deelnemers",
        description="Een eenmanszaak staat alleen op de lijst als zij dat goed vindt.",
    )

    @staticmethod
    def values(participant: Participant) -> dict[str, Any]:
        stored = {
            name: getattr(participant, name)
            for name in ("unit_name", "establishment_number", "own_oin", "channel", "product", "list_publicly")
        }
        return {**stored, "supplier": participant.supplier.name if participant.supplier else None}
