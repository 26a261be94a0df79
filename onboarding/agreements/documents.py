"""What an agreement is made of: plain values that fill the text, the page and the PDF alike."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Self


@dataclass(frozen=True)
class AgreementContent:
    """The facts in one agreement."""

    version: str
    title: str
    operator: str
    operator_details: str
    participant: str
    """The organisation's official name."""
    participant_details: str
    unit: str
    """A part of a sentence: "de hele organisatie", or the unit."""
    role: str
    channel: str
    signatory_name: str
    signatory_function: str
    tariff_table: str
    category_name: str
    category: str
    """Why this category, as a sentence."""
    tariff_lines: tuple[tuple[str, ...], ...] = ()
    """Rows of the tariff table that concern this role, as text; the first is the heading."""
    operator_logo: str | None = None
    """SHA-256 of the operator's logo in the document store, when there was one."""

    def values(self) -> dict[str, str]:
        """By the names that the text uses."""
        return {
            "stelselbeheerder": self.operator,
            "stelselbeheerder_gegevens": self.operator_details,
            "deelnemer": self.participant,
            "deelnemer_gegevens": self.participant_details,
            "onderdeel": self.unit,
            "rol": self.role,
            "kanaal": self.channel,
            "tekenbevoegde": self.signatory_name,
            "functie": self.signatory_function,
            "tarieftabel": self.tariff_table,
            "categorie": self.category,
        }

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "tariff_lines": [list(line) for line in self.tariff_lines]}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in stored.items() if name in known}
        return cls(**{**values, "tariff_lines": tuple(tuple(line) for line in stored["tariff_lines"])})


@dataclass(frozen=True)
class SignatureLine:
    """One signature as it stands on the last page."""

    party: str
    name: str
    function: str
    signed_at: datetime
    method: str
    statement: str
