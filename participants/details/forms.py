"""Forms over the details of a participant. Each knows what it shows of the participant that is stored now."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField

from core import forms, identifiers
from core.editing import EditForm
from participants.kinds import Channel, ContactRole
from participants.models import Participant
from participants.services import INVOICE_FIELDS


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
    postal_code = forms.identifier("Postcode", identifiers.postal_code, "Vul een postcode in.")
    city = forms.text("Plaats", "Vul een plaats in.", length=80, what="De plaats")
    email = forms.email("E-mailadres voor facturen")
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

    @staticmethod
    def values(participant: Participant) -> dict[str, Any]:
        return {name: getattr(participant.invoice_details, name, None) for name in INVOICE_FIELDS}


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
