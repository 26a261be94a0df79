"""Roles under the GDPR, and the states of requests and data breaches."""

from __future__ import annotations

from core.kinds import Labelled


class DataRole(Labelled):
    """Art. 4(7) and (8) GDPR."""

    CONTROLLER = "controller", "Verwerkingsverantwoordelijke"
    PROCESSOR = "processor", "Verwerker"


class RequestKind(Labelled):
    """Art. 15, 16 and 17 GDPR."""

    ACCESS = "access", "Inzage (art. 15 AVG)"
    RECTIFICATION = "rectification", "Verbetering (art. 16 AVG)"
    ERASURE = "erasure", "Wissen (art. 17 AVG)"


class RequestStage(Labelled):
    OPEN = "open", "In behandeling"
    ANSWERED = "answered", "Beantwoord"
    REFUSED = "refused", "Geweigerd"

    @property
    def tone(self) -> str:
        """Tone of the badge on screen."""
        return {"open": "info", "answered": "positive"}.get(str(self.value), "negative")


class Risk(Labelled):
    """To the rights and freedoms of people (art. 33 and 34 GDPR)."""

    UNKNOWN = "unknown", "Nog niet beoordeeld"
    UNLIKELY = "unlikely", "Waarschijnlijk geen risico"
    RISK = "risk", "Risico"
    HIGH = "high", "Hoog risico"

    @property
    def tone(self) -> str:
        """Tone of the badge on screen."""
        return {"unknown": "neutral", "unlikely": "positive", "risk": "warning"}.get(str(self.value), "negative")
