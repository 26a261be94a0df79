"""What a badge tells. No database, no web, no clock."""

from __future__ import annotations

from dataclasses import dataclass

from participants.kinds import Stage

UNNAMED = "Een deelnemer die niet openbaar wordt genoemd"
NOT_PUBLIC = "niet openbaar"


@dataclass(frozen=True)
class Badge:
    """A badge on its page and as a picture: only what its carrier makes public by carrying it."""

    directory_id: str
    name: str
    """UNNAMED for who does not want to be listed, or was taken off the list for safety."""
    role: str
    """Empty when nothing is public."""
    stage: Stage
    """Countersigned or later."""
    standing: str
    """A Dutch sentence part: "actief sinds 3 november 2026 met modules Schuldregeling"."""
    is_named: bool
    is_withdrawn: bool
    """The name was taken off everything public: the badge says nothing but that."""
    is_example: bool = False
    """Of an organisation that exists, in the demonstration: no day is invented for it."""

    @property
    def claims(self) -> bool:
        """Whether the picture may say "aangesloten"."""
        return not self.is_withdrawn and self.stage in {Stage.COUNTERSIGNED, Stage.LIVE}

    @property
    def first_line(self) -> str:
        """The line of the picture above the name of the hub."""
        if self.is_withdrawn:
            return "Keurmerk"
        return "Aangesloten bij" if self.claims else "Niet actief bij"

    @property
    def label(self) -> str:
        if self.is_withdrawn:
            return "Niet openbaar"
        if self.is_example and self.stage is Stage.LIVE:
            return "Aangesloten (voorbeeld)"
        return {Stage.LIVE: "Actief", Stage.COUNTERSIGNED: "Nog niet actief"}.get(self.stage, self.stage.label)

    @property
    def tone(self) -> str:
        return "neutral" if self.is_withdrawn else self.stage.tone

    @property
    def short(self) -> str:
        """The small line of the picture: the standing without the modules."""
        return self.standing.partition(" met modules ")[0]

    @property
    def picture(self) -> str:
        """The picture in words."""
        return f"Keurmerk Schuldenknooppunt: {self.short}"
