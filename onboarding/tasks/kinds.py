"""Items of the task list and the state of each."""

from __future__ import annotations

from core.kinds import Labelled


class Item(Labelled):
    """In the order in which the list shows them."""

    DETAILS = "details", "Gegevens compleet"
    REVIEWED = "reviewed", "Aanmelding beoordeeld"
    LEGAL_REVIEW = "legal_review", "Juridische beoordeling"
    AUTHORITY = "authority", "Tekenbevoegdheid vastgesteld"
    SIGNED = "signed", "Overeenkomst ondertekend"
    COUNTERSIGNED = "countersigned", "Overeenkomst medeondertekend"
    FIRST_INVOICE = "first_invoice", "Eerste factuur gemaakt"
    E_HERKENNING = "e_herkenning", "eHerkenning getest"
    CERTIFICATE = "certificate", "Certificaat gepubliceerd"
    ACCEPTANCE_TEST = "acceptance_test", "Acceptatietest doorlopen"
    MODULES = "modules", "Modules gekozen"
    READY = "ready", "“Wij zijn klaar”"
    ACTIVATED = "activated", "Geactiveerd"
    ONBOARDING = "onboarding", "Onboarding gehouden"


class Status(Labelled):
    DONE = "done", "Klaar"
    OPEN = "open", "Nu te doen"
    LATER = "later", "Nog niet aan de beurt"
    LAPSED = "lapsed", "Vervallen"

    @property
    def tone(self) -> str:
        """Tone of the badge on screen."""
        return {"done": "positive", "open": "warning"}.get(str(self.value), "neutral")
