"""What must be true before a version is released, and how far a version is."""

from __future__ import annotations

from core.kinds import Labelled


class Gate(Labelled):
    """In the order in which pages show them."""

    MESSAGES = "messages", "Berichtenset vastgesteld"
    AGREEMENTS = "agreements", "Procesafspraken vastgesteld"
    BUILT = "built", "Gebouwd"
    TESTED = "tested", "Getest"
    DPIA = "dpia", "DPIA afgerond"
    SECURITY = "security", "Beveiligingstoets afgerond"
    DECISION = "decision", "Besluit genomen"

    @property
    def in_a_sentence(self) -> str:
        """The label without its first capital, which an abbreviation keeps."""
        return self.label if self.label[:2].isupper() else f"{self.label[:1].lower()}{self.label[1:]}"

    @property
    def slug(self) -> str:
        """In addresses of pages."""
        return {
            "messages": "berichtenset",
            "agreements": "procesafspraken",
            "built": "gebouwd",
            "tested": "getest",
            "dpia": "dpia",
            "security": "beveiligingstoets",
            "decision": "besluit",
        }[str(self.value)]

    @property
    def lifted_by(self) -> str:
        """Who can make it true."""
        return {
            "messages": "relatiebeheer, na overleg met schuldhulpverleners en schuldeisers",
            "agreements": "relatiebeheer, na overleg met schuldhulpverleners en schuldeisers",
            "built": "relatiebeheer, op bericht van de bouwer",
            "tested": "relatiebeheer, op bericht van de tester",
            "dpia": "privacy, met een afgeronde DPIA",
            "security": "privacy, met een afgeronde beveiligingstoets",
            "decision": "het bestuur, na advies van de raad van advies",
        }[str(self.value)]

    @property
    def todo(self) -> str:
        """What has to be done while it is not true."""
        return {
            "messages": "Leg de berichten vast, en daarna wanneer de partijen de set hebben vastgesteld.",
            "agreements": "Leg de procesafspraken vast, en daarna wanneer de partijen ze hebben vastgesteld.",
            "built": "Leg vast wanneer het bouwen klaar was, door wie, en waar dat staat.",
            "tested": "Leg vast wanneer de test is doorlopen, door wie, en waar de uitslag staat.",
            "dpia": "Koppel een afgeronde DPIA met een oordeel dat vrijgeven toelaat.",
            "security": "Koppel een afgeronde beveiligingstoets met een oordeel dat vrijgeven toelaat.",
            "decision": "Koppel het besluit van het bestuur. De raad van advies adviseert eerst.",
        }[str(self.value)]


BY_ASSESSMENT = frozenset({Gate.DPIA, Gate.SECURITY})


class VersionState(Labelled):
    AVAILABLE = "available", "Beschikbaar"
    SUCCEEDED = "succeeded", "Opgevolgd"
    DEVELOPMENT = "development", "In ontwikkeling"
    PLANNED = "planned", "Gepland"
    RETIRING = "retiring", "Loopt af"
    RETIRED = "retired", "Afgelopen"

    @property
    def tone(self) -> str:
        """Tone of the badge on screen."""
        return {"available": "positive", "development": "info", "retiring": "warning"}.get(str(self.value), "neutral")


class AgreementAudience(Labelled):
    """For whom agreements on process are written."""

    DEBT_COUNSELLORS = "debt_counsellors", "Schuldhulpverleners"
    CREDITORS = "creditors", "Schuldeisers"
    PORTAL_USERS = "portal_users", "Gebruikers van het webportaal"
    EVERYBODY = "everybody", "Alle deelnemers"
