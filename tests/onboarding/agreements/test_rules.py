"""The restricted markup, and the texts of this project in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from onboarding.agreements import rules
from onboarding.agreements.rules import Article, Bullets, InvalidText, Paragraph, Part, Text

DATA = Path(__file__).parents[3] / "data"
GOOD = """# Deel 1

## Artikel 1
Een regel
die doorgaat.

- één voor {deelnemer}
- twee
"""
HEADER = "versie: 9\ntitel: Proef\ngeldt-vanaf: 2026-01-01\n\n"


def test_markup_is_read_into_parts_articles_and_blocks() -> None:
    assert rules.parse(GOOD) == Text(
        (
            Part(
                "Deel 1",
                (
                    Article(
                        "Artikel 1",
                        (Paragraph("Een regel die doorgaat."), Bullets(("één voor {deelnemer}", "twee"))),
                    ),
                ),
            ),
        )
    )


def test_fields_are_filled_in_everywhere() -> None:
    values = dict.fromkeys(rules.FIELDS, "X & <b>")
    filled = rules.fill(rules.parse(GOOD.replace("# Deel 1", "# Deel {rol}", 1)), values)
    assert filled.parts[0].title == "Deel X & <b>"
    assert filled.parts[0].articles[0].blocks[1] == Bullets(("één voor X & <b>", "twee"))


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", "geen delen"),
        ("losse tekst", "Regel 1: deze tekst staat niet onder een artikel"),
        ("## Artikel 1\n\ntekst", "Regel 1: een artikel staat onder een deel"),
        ("# Deel\n\n### te diep\n\ntekst", "Regel 3: gebruik"),
        ("# Deel\n\n## Artikel\n\nHallo {naam}", "Regel 5: het veld {naam} bestaat niet"),
        ("# Deel\n\n## Artikel\n\nHallo {deelnemer", "Regel 5: er staat een losse accolade"),
        ("# Deel\n\n## Artikel\n\n- één\ngewoon", "Regel 5: zet een lege regel"),
        ("# Deel\n\n## Artikel 1\n\n## Artikel 2\n\ntekst", "Onder 'Artikel 1' staat geen tekst"),
        ("# Deel\n\n# Nog een\n\n## Artikel\n\ntekst", "geen delen met artikelen"),
    ],
)
def test_wrong_markup_says_where(body: str, sentence: str) -> None:
    with pytest.raises(InvalidText) as wrong:
        rules.parse(body)
    assert sentence in str(wrong.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (GOOD, "Regel 1: het bestand begint met"),
        ("versie: 9\ntitel: Proef\n\n" + GOOD, "ontbreekt geldt-vanaf"),
        ("versie: 9\ntitel: Proef\ngeldt-vanaf: morgen\n\n" + GOOD, "is een datum"),
        ("versie: 9\ntitel:\ngeldt-vanaf: 2026-01-01\n\n" + GOOD, "Regel 2"),
        (HEADER + "kaal", "Regel 1"),
    ],
)
def test_a_file_without_a_good_heading_is_refused(content: str, sentence: str) -> None:
    with pytest.raises(InvalidText) as wrong:
        rules.read_file(content)
    assert sentence in str(wrong.value)


@pytest.mark.parametrize("version", ["2023-1", "2026-1"])
def test_our_own_texts_are_complete(version: str) -> None:
    found = rules.read_file((DATA / f"overeenkomst_{version}.md").read_text(encoding="utf-8"))
    text = rules.parse(found.body)
    assert found.version == version
    assert "concept, juridisch te toetsen" in found.title
    assert [part.title for part in text.parts] == [
        "Deel 1. Aansluitovereenkomst",
        "Deel 2. Verwerkersovereenkomst",
        "Deel 3. Tariefbijlage",
    ]
    articles = [article.title for article in text.parts[1].articles]
    assert [title for title in articles if title.startswith("Bijlage")] == [
        "Bijlage A. Verwerkingen",
        "Bijlage B. Beveiligingsmaatregelen",
        "Bijlage C. Andere verwerkers",
    ]
    used = set(rules.FIELD.findall(found.body))
    assert used == rules.FIELDS
    assert ("€ 0,00 voor nieuwe aansluitingen" in found.body) == (version == "2026-1")


def test_only_what_binds_counts_as_a_change() -> None:
    frozen = {"participant": "A", "category_name": "B", "category": "A: 600 dossiers, categorie B."}
    assert rules.changes(frozen, {**frozen, "category": "A: 650 dossiers, categorie B."}) == []
    assert rules.changes(frozen, {**frozen, "category_name": "C", "participant": "AA"}) == [
        "de naam van de deelnemer",
        "de tariefcategorie",
    ]
