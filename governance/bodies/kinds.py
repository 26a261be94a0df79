"""Whom a seat speaks for."""

from __future__ import annotations

from core.kinds import Labelled


class Represents(Labelled):
    """Participation is public and private, of both sides; a chair belongs to none."""

    DEBT_COUNSELLORS = "debt_counsellors", "Schuldhulpverleners"
    CREDITORS = "creditors", "Schuldeisers"
    INDEPENDENT = "independent", "Onafhankelijk"


class SeatSector(Labelled):
    PUBLIC = "public", "Publiek"
    PRIVATE = "private", "Privaat"
