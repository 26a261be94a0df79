"""Kinds and outcomes of assessments."""

from __future__ import annotations

from core.kinds import Labelled


class AssessmentKind(Labelled):
    DPIA = "dpia", "DPIA"
    SECURITY = "security", "Beveiligingstoets"


class Verdict(Labelled):
    ACCEPTED = "accepted", "Akkoord"
    CONDITIONS = "conditions", "Akkoord onder voorwaarden"
    REJECTED = "rejected", "Niet akkoord"

    @property
    def tone(self) -> str:
        """Tone of the badge on screen."""
        return {"accepted": "positive", "conditions": "warning"}.get(str(self.value), "negative")


class Severity(Labelled):
    LOW = "low", "Laag"
    MEDIUM = "medium", "Middel"
    HIGH = "high", "Hoog"
    CRITICAL = "critical", "Kritiek"

    @property
    def tone(self) -> str:
        """Tone of the badge on screen."""
        return {"low": "neutral", "medium": "info", "high": "warning"}.get(str(self.value), "negative")


class FindingState(Labelled):
    OPEN = "open", "Open"
    SOLVED = "solved", "Opgelost"
    ACCEPTED = "accepted", "Risico aanvaard"
