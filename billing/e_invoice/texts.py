"""The rules in plain Dutch, from data/nl_einvoice_rules.csv and data/europese_regels.csv."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from billing.e_invoice.kinds import Severity

DATA = Path(__file__).parent.parent.parent / "data"
FAMILIES = {
    "BR-CL-": "Een code staat niet in de lijst van toegestane codes.",
    "BR-DEC-": "Een bedrag heeft meer dan twee cijfers achter de komma.",
    "UBL-CR-": "Er staat een onderdeel in dat niet bij een Europese e-factuur hoort.",
    "UBL-DT-": "Er staat een kenmerk (attribuut) in dat niet bij een Europese e-factuur hoort.",
    "UBL-SR-": "Een onderdeel staat er vaker in dan mag.",
    "BR-S-": "De gegevens bij het gewone btw-tarief (S) kloppen niet met elkaar.",
    "BR-Z-": "De gegevens bij het btw-tarief van 0% (Z) kloppen niet met elkaar.",
    "BR-E-": "De gegevens bij de vrijstelling van btw (E) kloppen niet met elkaar.",
    "BR-AE-": "De gegevens bij verlegde btw (AE) kloppen niet met elkaar.",
    "BR-IC-": "De gegevens bij levering binnen de EU (K) kloppen niet met elkaar.",
    "BR-G-": "De gegevens bij uitvoer buiten de EU (G) kloppen niet met elkaar.",
    "BR-O-": "De gegevens bij 'valt niet onder btw' (O) kloppen niet met elkaar.",
}
"""What rules of one kind say, when there is no sentence of their own."""


@cache
def _rows(name: str) -> dict[str, dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def dutch_text(rule: str) -> tuple[Severity, str]:
    """Severity and sentence of a Dutch rule."""
    row = _rows("nl_einvoice_rules.csv")[rule]
    severity = Severity.FATAL if row["ernst"] == "fataal" else Severity.WARNING
    when = "" if row["voorwaarde_als"] == "altijd" else f" (geldt als: {row['voorwaarde_als']})"
    return severity, f"Nodig is: {row['eis']}{when}."


def european_text(rule: str) -> str:
    """A rule of EN 16931 in Dutch: its own sentence, or what rules of its kind say."""
    row = _rows("europese_regels.csv").get(rule)
    if row is not None:
        return row["zin"]
    family = next((text for prefix, text in FAMILIES.items() if rule.startswith(prefix)), None)
    return family or "Een regel van de Europese norm EN 16931 is niet gevolgd."
