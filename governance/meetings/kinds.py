"""What is kept with a meeting."""

from __future__ import annotations

from core.kinds import Labelled


class PaperKind(Labelled):
    PAPER = "paper", "Vergaderstuk"
    MINUTES = "minutes", "Notulen"
