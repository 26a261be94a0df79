"""What can be wrong on an invoice, and how far a request to correct it is."""

from __future__ import annotations

from core.kinds import Labelled


class CorrectionKind(Labelled):
    ADDRESS = "address", "Het adres"
    ORDER_NUMBER = "order_number", "Het inkoopordernummer"
    REFERENCE = "reference", "Het kenmerk"
    NAME = "name", "De naam"
    AMOUNT = "amount", "Het bedrag"
    OTHER = "other", "Iets anders"

    @property
    def in_sentence(self) -> str:
        """`het adres`, `iets anders`."""
        return self.label.lower()


class CorrectionStage(Labelled):
    OPEN = "open", "Wacht op Financiën"
    TAKEN_OVER = "taken_over", "Overgenomen"
    DECLINED = "declined", "Niet overgenomen"

    @property
    def tone(self) -> str:
        """Tone of the badge on screen."""
        return {"open": "warning", "taken_over": "positive"}.get(str(self.value), "neutral")
