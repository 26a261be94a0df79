"""How the files of public registers are read: which columns each has, and what a row says. No database, no files."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from participants.kinds import OrganisationKind, Sector

REGISTER = "organisaties.overheid.nl"
MAX_BYTES = 50_000_000

PARTICLES = frozenset({"aan", "ad", "bij", "ca", "de", "den", "der", "en", "het", "in", "op", "ter", "van"})
"""Written small inside the name of a place."""
PROVINCE_SUFFIXES = frozenset({"DR", "FR", "GLD", "GN", "L", "LB", "NB", "NH", "OV", "UT", "ZH"})

SECTOR_WORDS = (
    ("kredietbank", Sector.CREDIT_BANK),
    ("belasting", Sector.LOCAL_TAX),
    ("cocensus", Sector.LOCAL_TAX),
    ("gblt", Sector.LOCAL_TAX),
    ("tribuut", Sector.LOCAL_TAX),
)
"""Joint bodies of municipalities whose name tells what they do; the others work for municipalities in general."""
SECTORS = {
    "agentschappen": Sector.GOVERNMENT,
    "zbo": Sector.GOVERNMENT,
    "waterschappen": Sector.LOCAL_TAX,
    "gemeenschappelijke regeling": Sector.MUNICIPALITY,
}


class UnreadableFile(ValueError):
    """The whole file cannot be used; the text says why, in Dutch."""


class UnreadableRow(ValueError):
    """One row cannot be used; the text says why, in Dutch."""


@dataclass(frozen=True)
class Layout:
    """A kind of file, recognised by the names of its columns."""

    label: str
    columns: frozenset[str]
    key: str
    """Column whose value tells organisations apart."""


def _columns(names: str) -> frozenset[str]:
    return frozenset(names.split())


MUNICIPALITIES = Layout(
    "gemeenten",
    _columns(
        "cbs_code naam officiele_naam provincie inwoners oin oin_basis kvk rsin tooi roo_id website bezoekadres"
        " postadres laatst_gewijzigd"
    ),
    "cbs_code",
)
FORMER_MUNICIPALITIES = Layout(
    "opgeheven gemeenten",
    _columns("cbs_code naam officiele_naam inwoners oin kvk rsin einddatum_excl"),
    "cbs_code",
)
PUBLIC_BODIES = Layout(
    "publieke organisaties",
    _columns("groep naam afkorting oin kvk rsin tooi roo_id website bezoekadres"),
    "roo_id",
)
LAYOUTS = (MUNICIPALITIES, FORMER_MUNICIPALITIES, PUBLIC_BODIES)


@dataclass(frozen=True)
class RawRow:
    """One row as it stands in the file."""

    line: int
    """Number of the line on which it begins; the names of the columns stand on line 1."""
    cells: Mapping[str, str]
    problem: str | None = None
    """Why it cannot be read at all."""


@dataclass(frozen=True)
class Table:
    """A file with known columns."""

    layout: Layout
    rows: Sequence[RawRow]


@dataclass(frozen=True)
class RegisterRow:
    """What a row says about an organisation, in our terms. A fact that the file leaves empty is not in it."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    inhabitants: int | None = None
    measured_on: date | None = None
    """Day that goes with the inhabitants."""
    ends_before: date | None = None


# ------------------------------------------------------------------------------------------------- the file


def read_table(content: bytes) -> Table:
    """The rows of a file and which kind it is. Raises UnreadableFile."""
    text = _decoded(content)
    first_line = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = ";" if first_line.count(";") > first_line.count(",") else ","
    lines = list(_lines(text, delimiter))
    if not lines:
        raise UnreadableFile("Dit bestand is leeg.")
    _, header, problem = lines[0]
    layout = recognise([name.strip().lower() for name in header]) if problem is None else None
    if layout is None:
        raise UnreadableFile("De eerste regel is niet leesbaar; daar horen de namen van de kolommen te staan.")
    names = [name.strip().lower() for name in header]
    if len(lines) == 1:
        raise UnreadableFile("Dit bestand bevat alleen kolomnamen, geen organisaties.")
    return Table(layout, [_raw(line, names, cells, problem) for line, cells, problem in lines[1:]])


def _decoded(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise UnreadableFile("Dit bestand is te groot om een lijst van organisaties te zijn.")
    if not content.strip():
        raise UnreadableFile("Dit bestand is leeg.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableFile(
            f"Dit bestand is niet in UTF-8 opgeslagen (regel {line}). Bewaar het als 'CSV UTF-8' en probeer opnieuw."
        ) from error


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str], str | None]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield line, [], "de regel is niet te lezen: een veld is te lang of een aanhalingsteken ontbreekt."
            continue
        if any(cell.strip() for cell in cells):
            yield line, cells, None


def _raw(line: int, names: Sequence[str], cells: Sequence[str], problem: str | None) -> RawRow:
    if problem is None and len(cells) != len(names):
        problem = f"de regel heeft {len(cells)} velden; het moeten er {len(names)} zijn."
    return RawRow(line, dict(zip(names, (cell.strip() for cell in cells), strict=False)), problem)


def recognise(names: Sequence[str]) -> Layout:
    """The kind of file with these columns, in whatever order. Raises UnreadableFile that names what is wrong."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UnreadableFile(f"Deze kolommen staan er twee keer in: {', '.join(twice)}.")
    layout = max(LAYOUTS, key=lambda known: (len(known.columns & set(names)), -len(known.columns)))
    missing, unknown = sorted(layout.columns - set(names)), sorted(set(names) - layout.columns)
    if len(missing) > len(layout.columns) / 2:
        raise UnreadableFile(
            "Dit bestand herkennen wij niet aan zijn kolommen. Bekend zijn de bestanden met "
            + ", ".join(known.label for known in LAYOUTS)
            + "."
        )
    if missing or unknown:
        parts = [
            f"Er ontbreekt: {', '.join(missing)}." if missing else "",
            f"Onbekend is: {', '.join(unknown)[:300]}." if unknown else "",
        ]
        raise UnreadableFile(
            f"De kolommen van '{layout.label}' kloppen niet. {' '.join(part for part in parts if part)}"
        )
    return layout


def doubles(table: Table) -> dict[int, str]:
    """Rows that do not count because another one has the same key: line and why. The fullest row counts, of equally
    full ones the first."""
    by_key: dict[str, list[RawRow]] = {}
    for row in table.rows:
        key = row.cells.get(table.layout.key, "")
        if key and not row.problem:
            by_key.setdefault(key, []).append(row)
    found: dict[int, str] = {}
    for key, rows in by_key.items():
        winner = max(rows, key=_fullness)
        for row in rows:
            if row is not winner:
                different = "" if row.cells == winner.cells else ", met andere gegevens"
                found[row.line] = f"{key} staat ook op regel {winner.line}{different}; die regel telt."
    return found


def _fullness(row: RawRow) -> int:
    return sum(1 for cell in row.cells.values() if cell)


# ------------------------------------------------------------------------------------------------- the row


def meaning(layout: Layout, row: RawRow) -> RegisterRow:
    """What the row says. Numbers and lengths are checked when it is stored. Raises UnreadableRow."""
    if row.problem:
        raise UnreadableRow(row.problem)
    cells = row.cells
    if not cells["naam"]:
        raise UnreadableRow("de naam ontbreekt.")
    if not cells[layout.key]:
        raise UnreadableRow(f"{layout.key} ontbreekt; daaraan herkennen wij de organisatie.")
    if layout is PUBLIC_BODIES:
        return RegisterRow(_public_body(cells))
    return _municipality(cells, is_former=layout is FORMER_MUNICIPALITIES)


def _municipality(cells: Mapping[str, str], *, is_former: bool) -> RegisterRow:
    if not re.fullmatch(r"GM[0-9]{4}", cells["cbs_code"]):
        raise UnreadableRow(f"'{cells['cbs_code'][:20]}' is geen gemeentecode; die bestaat uit GM en vier cijfers.")
    changed_on = _day(cells.get("laatst_gewijzigd", ""), "laatst_gewijzigd")
    ends_before = _day(cells.get("einddatum_excl", ""), "einddatum_excl")
    if is_former and ends_before is None:
        raise UnreadableRow("einddatum_excl ontbreekt.")
    facts = _filled(
        municipality_code=cells["cbs_code"],
        name=cells["officiele_naam"] or cells["naam"],
        short_name=cells["naam"],
        kind=OrganisationKind.MUNICIPALITY,
        sector=Sector.MUNICIPALITY,
        place=place_in(cells.get("postadres", "")),
        province=cells.get("provincie"),
        postal_address=cells.get("postadres"),
        changed_on=changed_on,
        **_common(cells),
    )
    return RegisterRow(
        facts,
        inhabitants=_count(cells["inwoners"], "inwoners"),
        measured_on=ends_before - timedelta(days=1) if ends_before else changed_on,
        ends_before=ends_before,
    )


def _public_body(cells: Mapping[str, str]) -> dict[str, Any]:
    if cells["groep"] not in SECTORS:
        raise UnreadableRow(f"de groep '{cells['groep'][:50]}' kennen wij niet.")
    return _filled(
        name=cells["naam"],
        short_name=cells["afkorting"] or cells["naam"],
        kind=OrganisationKind.PUBLIC_BODY,
        sector=sector_of(cells["groep"], cells["naam"]),
        place=place_in(cells["bezoekadres"]),
        **_common(cells),
    )


def _common(cells: Mapping[str, str]) -> dict[str, str | None]:
    return {
        "oin": cells["oin"],
        "kvk": cells["kvk"],
        "rsin": cells["rsin"],
        "tooi": cells.get("tooi"),
        "register_id": cells.get("roo_id"),
        "website": web_address(cells.get("website", "")),
        "visiting_address": cells.get("bezoekadres"),
    }


def _filled(**facts: Any) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value not in (None, "")}


def _day(text: str, column: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UnreadableRow(f"{column} is '{text[:30]}'; dat is geen datum als 2026-05-14.") from error


def _count(text: str, column: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise UnreadableRow(f"{column} is '{text[:30]}'; dat is geen aantal.")
    return int(text)


def sector_of(group: str, name: str) -> Sector:
    """Sector of a public body by its group, and for joint bodies of municipalities by its name."""
    if group == "gemeenschappelijke regeling":
        for word, sector in SECTOR_WORDS:
            if word in name.lower():
                return sector
    return SECTORS[group]


def place_in(address: str) -> str | None:
    """The place at the end of an address: "Postbus 82, 4600 AA BERGEN OP ZOOM" gives "Bergen op Zoom"."""
    found = re.search(r"\b[0-9]{4} ?[A-Z]{2} +(\S.*)$", address)
    if found is None:
        return None
    place = found[1].strip()
    if not place.isupper():
        return place
    words = [_place_word(word, first=n == 0) for n, word in enumerate(place.split())]
    return " ".join(words)


def _place_word(word: str, *, first: bool) -> str:
    if not first and word in PROVINCE_SUFFIXES:
        return word
    if not first and word.lower() in PARTICLES:
        return word.lower()
    return "-".join(_capitalised(part, first=n == 0 and first) for n, part in enumerate(word.split("-")))


def _capitalised(part: str, *, first: bool) -> str:
    small = part.lower()
    if small in {"'s", "'t"} or (not first and small in PARTICLES) or small == "ido":
        return small if small != "ido" else "Ido"
    return "IJ" + small[2:] if small.startswith("ij") else small.capitalize()


def web_address(text: str) -> str | None:
    """A website with its scheme; anything that cannot be opened is left out."""
    if not text or re.search(r"\s", text):
        return None
    if re.match(r"https?://", text, re.IGNORECASE):
        return text
    return f"https://{text}" if re.fullmatch(r"[\w.-]+\.[a-z]{2,}(/.*)?", text, re.IGNORECASE) else None
