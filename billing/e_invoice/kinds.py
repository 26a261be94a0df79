"""Profiles of an e-invoice, VAT categories, and how bad a finding is."""

from __future__ import annotations

from core.kinds import Labelled

PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
"""ProfileID of both: the billing process of Peppol."""


class Profile(Labelled):
    """Which agreements on top of EN 16931 an e-invoice follows; the value is what we store."""

    NLCIUS = "nlcius", "NLCIUS (SI-UBL 2.0)"
    PEPPOL = "peppol", "Peppol BIS Billing 3.0"

    @property
    def customization(self) -> str:
        """CustomizationID, BT-24."""
        return {
            "nlcius": "urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0",
            "peppol": "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
        }[str(self.value)]


class VatCategory(Labelled):
    """How VAT is charged. € 0,00 at the ordinary rate stays ordinary: the rate is not zero, the amount is."""

    STANDARD = "standard", "btw"
    EXEMPT = "exempt", "vrijgesteld van btw"
    REVERSE_CHARGE = "reverse_charge", "btw verlegd"

    @property
    def code(self) -> str:
        """Code of UNCL 5305."""
        return {"standard": "S", "exempt": "E", "reverse_charge": "AE"}[str(self.value)]


class Severity(Labelled):
    FATAL = "fatal", "Fout"
    WARNING = "warning", "Waarschuwing"


class Layer(Labelled):
    """Which check found something, in the order in which they are done: a later one needs the earlier."""

    FILE = "file", "Bestand"
    SCHEMA = "schema", "Opbouw (UBL 2.1)"
    EUROPEAN = "european", "Europese regels (EN 16931)"
    DUTCH = "dutch", "Nederlandse regels (NLCIUS)"
    NUMBERS = "numbers", "Nummers"
