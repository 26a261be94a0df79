"""Of whom a scenario reckons."""

from __future__ import annotations

from core.kinds import Labelled


class Population(Labelled):
    PARTICIPANTS = "participants", "De huidige deelnemers"
    MUNICIPALITIES = "municipalities", "Alle gemeenten, elk als eigen schuldhulpverlener"
