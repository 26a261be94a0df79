"""How far a change of category is, and what gave rise to it."""

from __future__ import annotations

from core.kinds import Labelled


class ChangeStage(Labelled):
    PROPOSED = "proposed", "Voorgesteld"
    REQUESTED = "requested", "Ligt bij een collega"
    APPROVED = "approved", "Categorie gewijzigd"
    DECLINED = "declined", "Categorie gebleven"
    LAPSED = "lapsed", "Vervallen"

    @property
    def tone(self) -> str:
        """Tone of the badge on screen."""
        tones = {"proposed": "warning", "requested": "info", "approved": "positive", "declined": "neutral"}
        return tones.get(str(self.value), "neutral")

    @property
    def slug(self) -> str:
        """In addresses."""
        return {
            "proposed": "voorgesteld",
            "requested": "bij-een-collega",
            "approved": "gewijzigd",
            "declined": "gebleven",
            "lapsed": "vervallen",
        }[str(self.value)]


OPEN = frozenset({ChangeStage.PROPOSED, ChangeStage.REQUESTED})


class ChangeCause(Labelled):
    COUNTED = "counted", "Nieuwe telling"
    DECLARED = "declared", "Eigen opgave"
    MEASURED = "measured", "Gemeten door het knooppunt"
