"""Bodies and kinds of decisions."""

from __future__ import annotations

from core.kinds import Labelled


class Body(Labelled):
    BOARD = "board", "Bestuur"
    SUPERVISORY_BOARD = "supervisory_board", "Raad van toezicht"
    ADVISORY_BOARD = "advisory_board", "Raad van advies"
    STAKEHOLDERS = "stakeholders", "Stakeholdersoverleg"


class DecisionKind(Labelled):
    TARIFF_TABLE = "tariff_table", "Tarieftabel"
    ZERO_TARIFF = "zero_tariff", "Jaartarief € 0,00"
    TARIFF_EXCEPTION = "tariff_exception", "Uitzondering op de tarieven"
    AGREEMENT_TEXT = "agreement_text", "Tekst van de overeenkomst"
    POLICY = "policy", "Beleid"
