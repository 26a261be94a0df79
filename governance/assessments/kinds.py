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
