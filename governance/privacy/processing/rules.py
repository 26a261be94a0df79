"""What the register of processing activities holds: the fields that art. 30(1) and (2) GDPR name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One field of an entry: its name in our tables, in the CSV file, on screen, and where the law names it."""

    name: str
    column: str
    label: str
    article: str


FIELDS = (
    Field("name", "naam", "Naam van de verwerking", ""),
    Field("controller", "verantwoordelijke", "Wie verantwoordelijk is, met contact", "30 lid 1 a, lid 2 a"),
    Field("representative", "vertegenwoordiger", "Vertegenwoordiger in de EU", "30 lid 1 a, lid 2 a"),
    Field("officer", "fg", "Functionaris gegevensbescherming", "30 lid 1 a, lid 2 a"),
    Field("purpose", "doel", "Doel, of wat wij voor anderen doen", "30 lid 1 b, lid 2 b"),
    Field("legal_basis", "grondslag", "Grondslag", "6 lid 1"),
    Field("people", "personen", "Over wie", "30 lid 1 c"),
    Field("data", "gegevens", "Welke gegevens", "30 lid 1 c"),
    Field("recipients", "ontvangers", "Wie ze ontvangt", "30 lid 1 d"),
    Field("transfers", "doorgifte", "Doorgifte buiten de EER, met waarborgen", "30 lid 1 e, lid 2 c"),
    Field("retention", "bewaartermijn", "Hoe lang wij ze bewaren", "30 lid 1 f"),
    Field("security", "beveiliging", "Beveiliging", "30 lid 1 g, lid 2 d"),
)
"""In the order of the law."""
NAMES = tuple(field.name for field in FIELDS)
