"""The text of the agreement as restricted markup, the words that are signed, and what counts as a change.

Markup: `# part`, `## article`, paragraphs, `- item`, and `{fields}` that the facts of one participant fill. Nothing
else has a meaning, so a lawyer can read and write it without knowing about documents.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

FIELDS = frozenset(
    {
        "stelselbeheerder",
        "stelselbeheerder_gegevens",
        "deelnemer",
        "deelnemer_gegevens",
        "onderdeel",
        "rol",
        "kanaal",
        "tekenbevoegde",
        "functie",
        "tarieftabel",
        "categorie",
    }
)
"""What a text may ask for."""

HEADER = ("versie", "titel", "geldt-vanaf")
FIELD = re.compile(r"\{([^{}]*)\}")
SHARE_TERM = timedelta(days=30)
"""How long somebody may read along."""


class InvalidText(ValueError):
    """The text of this exception is a Dutch sentence with the line at which the text is wrong."""


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Bullets:
    items: tuple[str, ...]


Block = Paragraph | Bullets


@dataclass(frozen=True)
class Article:
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Part:
    title: str
    articles: tuple[Article, ...]


@dataclass(frozen=True)
class Text:
    """A whole agreement, as parts with articles."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class TextFile:
    """What a file with a text says about itself, and the text."""

    version: str
    title: str
    starts_on: date
    body: str


def read_file(content: str) -> TextFile:
    """A file starts with lines `name: value`, then an empty line, then the text. Raises InvalidText."""
    head, _, body = content.replace("\r\n", "\n").partition("\n\n")
    values: dict[str, str] = {}
    for number, line in enumerate(head.split("\n"), start=1):
        name, colon, value = line.partition(":")
        if not colon or name.strip() not in HEADER or not value.strip():
            raise InvalidText(f"Regel {number}: het bestand begint met regels als 'versie: 2026-1'.")
        values[name.strip()] = value.strip()
    missing = [name for name in HEADER if name not in values]
    if missing:
        raise InvalidText(f"Regel 1: aan het begin ontbreekt {', '.join(missing)}.")
    try:
        starts_on = date.fromisoformat(values["geldt-vanaf"])
    except ValueError as error:
        raise InvalidText("'geldt-vanaf' is een datum als 2026-01-01.") from error
    body = body.strip() + "\n"
    parse(body)
    return TextFile(values["versie"], values["titel"], starts_on, body)


def parse(body: str) -> Text:
    """Read the markup. Raises InvalidText for what has no place, and for a field that does not exist."""
    parts: list[tuple[str, list[tuple[str, list[Block]]]]] = []
    for number, block in _blocks(body):
        _check_fields(number, block)
        if block.startswith("## "):
            if not parts:
                raise InvalidText(f"Regel {number}: een artikel staat onder een deel ('# …').")
            parts[-1][1].append((block[3:].strip(), []))
        elif block.startswith("# "):
            parts.append((block[2:].strip(), []))
        elif block.startswith("#"):
            raise InvalidText(f"Regel {number}: gebruik '# ' voor een deel en '## ' voor een artikel.")
        elif not parts or not parts[-1][1]:
            raise InvalidText(f"Regel {number}: deze tekst staat niet onder een artikel ('## …').")
        else:
            parts[-1][1][-1][1].append(_content(number, block))
    found = Text(tuple(Part(title, tuple(Article(t, tuple(b)) for t, b in articles)) for title, articles in parts))
    empty = [a.title for part in found.parts for a in part.articles if not a.blocks]
    if empty:
        raise InvalidText(f"Onder '{empty[0]}' staat geen tekst.")
    if not found.parts or not all(part.articles for part in found.parts):
        raise InvalidText("De tekst heeft geen delen met artikelen.")
    return found


def _blocks(body: str) -> list[tuple[int, str]]:
    """Pieces between empty lines, each with the number of its first line; a heading is a piece of its own."""
    pieces: list[tuple[int, str]] = []
    lines: list[str] = []
    begun = 1
    for number, line in enumerate([*body.split("\n"), ""], start=1):
        if line.strip() and not line.startswith("#"):
            if not lines:
                begun = number
            lines.append(line.strip())
            continue
        if lines:
            pieces.append((begun, "\n".join(lines)))
            lines = []
        if line.strip():
            pieces.append((number, line.strip()))
    return pieces


def _content(number: int, block: str) -> Block:
    lines = block.split("\n")
    bullets = [line for line in lines if line.startswith("- ")]
    if not bullets:
        return Paragraph(" ".join(lines))
    if len(bullets) != len(lines):
        raise InvalidText(f"Regel {number}: zet een lege regel tussen een opsomming en gewone tekst.")
    return Bullets(tuple(line[2:].strip() for line in lines))


def _check_fields(number: int, block: str) -> None:
    for name in FIELD.findall(block):
        if name not in FIELDS:
            raise InvalidText(f"Regel {number}: het veld {{{name}}} bestaat niet.")
    if "{" in FIELD.sub("", block) or "}" in FIELD.sub("", block):
        raise InvalidText(f"Regel {number}: er staat een losse accolade.")


def fill(text: Text, values: Mapping[str, str]) -> Text:
    """The text with its fields filled in. Every field of `FIELDS` must have a value."""

    def filled(line: str) -> str:
        return FIELD.sub(lambda found: values[found[1]], line)

    def block(one: Block) -> Block:
        if isinstance(one, Bullets):
            return Bullets(tuple(filled(item) for item in one.items))
        return Paragraph(filled(one.text))

    return Text(
        tuple(
            Part(filled(p.title), tuple(Article(filled(a.title), tuple(map(block, a.blocks))) for a in p.articles))
            for p in text.parts
        )
    )


# ------------------------------------------------------------------------------------------- signing


def statement(name: str, function: str, participant: str, version: str) -> str:
    """The exact words that a signatory ticks."""
    return (
        f"Ik, {name} ({function}), mag {participant} vertegenwoordigen. Ik heb de aansluit- en verwerkersovereenkomst "
        f"(versie {version}) gelezen en onderteken deze namens {participant}."
    )


def counter_statement(name: str, function: str, operator: str, participant: str, version: str) -> str:
    """The exact words of who countersigns."""
    return (
        f"Ik, {name} ({function}), mag {operator} vertegenwoordigen. Ik heb de ondertekende aansluit- en "
        f"verwerkersovereenkomst (versie {version}) van {participant} gecontroleerd en onderteken deze mede "
        f"namens {operator}."
    )


CONTENT_LABELS = {
    "version": "de versie van de tekst",
    "operator": "de stelselbeheerder",
    "operator_details": "de gegevens van de stelselbeheerder",
    "participant": "de naam van de deelnemer",
    "participant_details": "de gegevens van de deelnemer",
    "unit": "het bedrijfsonderdeel",
    "role": "de rol",
    "channel": "de manier van aansluiten",
    "signatory_name": "de tekeningsbevoegde",
    "signatory_function": "de functie van de tekeningsbevoegde",
    "tariff_table": "de tarieftabel",
    "category_name": "de tariefcategorie",
    "tariff_lines": "de tarieven",
}
"""What must still be as it was when somebody signs. The sentence that explains the category is left out: a count that
changes within the category changes nothing."""


def changes(frozen: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
    """What differs between the facts in a frozen agreement and those of today, as parts of a Dutch sentence."""
    return [label for name, label in CONTENT_LABELS.items() if frozen.get(name) != now.get(name)]
