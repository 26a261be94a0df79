"""What an e-invoice says of itself, and how bad a finding is."""

from __future__ import annotations

from core.kinds import Labelled
from participants.kinds import Profile

PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
"""ProfileID of both: the billing process of Peppol."""


CUSTOMIZATION = {
    Profile.NLCIUS: "urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0",
    Profile.PEPPOL: "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
}
"""CustomizationID, BT-24."""


class Severity(Labelled):
    FATAL = "fatal", "Fout"
    WARNING = "warning", "Waarschuwing"


class Mender(Labelled):
    """Who can put right what keeps an invoice back."""

    RELATIONS = "relations", "Relatiebeheer, of de deelnemer zelf bij Factuurgegevens"
    FINANCE = "finance", "Financiën"
    OPERATOR = "operator", "Beheer, bij Stelselbeheerder"
    TECHNICAL = "technical", "Technisch beheer"


class Layer(Labelled):
    """Which check found something, in the order in which they are done: a later one needs the earlier."""

    FILE = "file", "Bestand"
    SCHEMA = "schema", "Opbouw (UBL 2.1)"
    EUROPEAN = "european", "Europese regels (EN 16931)"
    DUTCH = "dutch", "Nederlandse regels (NLCIUS)"
    NUMBERS = "numbers", "Nummers"
