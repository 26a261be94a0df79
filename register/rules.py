"""The public list as plain values: rows, what of it was asked for, and in which order. No database, no web."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from urllib.parse import urlencode

from participants.rules import fold

PATH = "/deelnemers"
LICENCE_NAME = "CC0 1.0"
LICENCE_URL = "https://creativecommons.org/publicdomain/zero/1.0/deed.nl"
"""What one may do with the list: everything."""
LICENCE_LINK = f'<{LICENCE_URL}>; rel="license"'
PER_PAGE = 50
MAX_QUERY = 100
"""Characters of a search that are looked at."""
SORTS = frozenset({"naam", "rol", "provincie", "sinds"})
"""Keys of parameter `volgorde`; a minus sign before the key turns the order."""


@dataclass(frozen=True)
class Named:
    """A code and what people call it."""

    code: str
    name: str


@dataclass(frozen=True)
class ActiveModule(Named):
    """A module that is switched on."""

    since: date | None = None
    """None for an example."""


@dataclass(frozen=True)
class Listing:
    """One participant as everybody may see it. There is no address in it, by design."""

    directory_id: str
    name: str
    short_name: str
    """What it is sorted by: Groningen, not Gemeente Groningen."""
    unit: str
    """Business unit; empty when it is the whole organisation."""
    role: Named
    sector: Named
    modules: tuple[ActiveModule, ...]
    since: date | None
    """First day of the present live period; None for an example."""
    province: str
    place: str
    """Empty for a sole trader: a place of business may be a home."""
    is_example: bool = False
    """Of an organisation that exists, in the demonstration: only a name and "voorbeeld" may be said."""
    organisation_key: int = 0
    """The same for all units of an organisation; never shown."""
    municipalities: tuple[str, ...] = ()
    """For which a debt counsellor works, by name."""
    channel: str = ""
    """How it is connected; empty unless a setting makes that public."""

    @property
    def full_name(self) -> str:
        """Organisation, and the unit when there is one."""
        return f"{self.name} – {self.unit}" if self.unit else self.name

    @property
    def where(self) -> str:
        """Province and place, as far as known."""
        return f"{self.province} ({self.place})" if self.province and self.place else self.province or self.place

    @cached_property
    def name_key(self) -> tuple[str, str, str, str]:
        """What it is sorted by, so that equal names keep one order."""
        return fold(self.short_name), fold(self.unit), self.role.code, self.directory_id

    @cached_property
    def words(self) -> str:
        """What a search looks through."""
        return fold(f"{self.name} {self.short_name} {self.unit} {self.place} {self.role.name}")


@dataclass(frozen=True)
class Choices:
    """What the filters offer."""

    roles: Sequence[Named]
    modules: Sequence[Named]
    sectors: Sequence[Named]
    provinces: Sequence[Named]

    def of(self, parameter: str) -> Sequence[Named]:
        return {"rol": self.roles, "module": self.modules, "sector": self.sectors, "provincie": self.provinces}[
            parameter
        ]


FILTERS = {"rol": "De rol", "module": "De module", "sector": "De sector", "provincie": "De provincie"}


@dataclass(frozen=True)
class Selection:
    """What of the list was asked for, understood and made canonical; equal selections give equal pages."""

    q: str = ""
    rol: str = ""
    module: str = ""
    sector: str = ""
    provincie: str = ""
    volgorde: str = "naam"
    pagina: int = 1
    remarks: tuple[str, ...] = ()
    """Dutch sentences about what was not understood; that part is left out."""

    @classmethod
    def read(cls, given: Mapping[str, str], choices: Choices) -> Selection:
        """From the parameters of an address. Never fails: what cannot be understood becomes a remark."""
        remarks: list[str] = []
        values: dict[str, str] = {}
        for parameter, article_and_name in FILTERS.items():
            value = _clean(given.get(parameter, ""))
            if value in {"", *(choice.code for choice in choices.of(parameter))}:
                values[parameter] = value
            else:
                shown = value if len(value) <= 40 else f"{value[:40]}…"
                remarks.append(f"{article_and_name} ‘{shown}’ kennen wij niet.")
        q = _clean(given.get("q", ""))
        if len(q) > MAX_QUERY:
            q = q[:MAX_QUERY].strip()
            remarks.append(f"De zoekopdracht mag hoogstens {MAX_QUERY} tekens hebben; de rest telt niet mee.")
        elif q and not fold(q):
            q = ""
            remarks.append(
                "In de zoekopdracht staan geen letters of cijfers. Zoek bijvoorbeeld op een naam of een plaats."
            )
        order = given.get("volgorde", "") or "naam"
        if order.removeprefix("-") not in SORTS:
            order = "naam"
            remarks.append("Deze volgorde kennen wij niet; kies naam, rol, provincie of sinds.")
        return cls(q=q, volgorde=order, pagina=page_number(given.get("pagina", "")), remarks=tuple(remarks), **values)

    @property
    def key(self) -> str:
        """What the list is sorted by."""
        return self.volgorde.removeprefix("-")

    @property
    def descending(self) -> bool:
        return self.volgorde.startswith("-")

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out."""
        return not (self.q or self.rol or self.module or self.sector or self.provincie)

    @property
    def query(self) -> str:
        """The canonical query string, without the page; with question mark, or empty."""
        values = {name: getattr(self, name) for name in ("q", *FILTERS)}
        given = {name: value for name, value in values.items() if value}
        if self.volgorde != "naam":
            given["volgorde"] = self.volgorde
        return f"?{urlencode(given)}" if given else ""

    def address(self, suffix: str = "", **changes: str) -> str:
        """Address of the list with some parameters changed, on its first page."""
        return f"{PATH}{suffix}{replace(self, **changes).query}"  # type: ignore[arg-type]  # text parameters only

    def url_for(self, key: str) -> str:
        """Address of the list sorted by a key; the present key turned around."""
        return self.address(volgorde=f"-{key}" if key == self.key and not self.descending else key)

    def apply(self, listings: Iterable[Listing]) -> list[Listing]:
        """The rows that were asked for, in the order that was asked for."""
        words = fold(self.q).split()
        found = [
            row
            for row in listings
            if (not self.rol or row.role.code == self.rol)
            and (not self.sector or row.sector.code == self.sector)
            and (not self.provincie or row.province == self.provincie)
            and (not self.module or any(module.code == self.module for module in row.modules))
            and all(word in row.words for word in words)
        ]
        by_name = sorted(found, key=lambda row: row.name_key)
        if self.key == "naam":
            return by_name[::-1] if self.descending else by_name
        filled = [row for row in by_name if _sort_value(row, self.key)]
        empty = [row for row in by_name if not _sort_value(row, self.key)]
        return sorted(filled, key=lambda row: _sort_value(row, self.key), reverse=self.descending) + empty


def _sort_value(row: Listing, key: str) -> str:
    if key == "sinds":
        return row.since.isoformat() if row.since else ""
    return fold(row.role.name if key == "rol" else row.province)


def _clean(value: str) -> str:
    """One line without control characters; no longer than is worth looking at."""
    return " ".join("".join(c if c.isprintable() else " " for c in value[: MAX_QUERY * 20]).split())


def page_number(value: str) -> int:
    """The page that an address asks for; anything that is not a sensible number means the first."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 and int(value) else 1


def names_like(q: str, listings: Iterable[Listing], limit: int = 3) -> list[str]:
    """Names that resemble a search that found nothing: a typing error, most likely."""
    names = {fold(row.short_name): row.short_name for row in listings}
    return [names[close] for close in get_close_matches(fold(q), names, n=limit, cutoff=0.7)]


# ------------------------------------------------------------------------------------------- one page of the list


@dataclass(frozen=True)
class PageOfList:
    """Fifty rows of the selection, with the addresses of the other pages."""

    items: Sequence[Listing]
    number: int
    total: int
    selection: Selection

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))

    def url_for(self, number: int) -> str:
        address = self.selection.address()
        if number <= 1:
            return address
        return f"{address}{'&' if '?' in address else '?'}pagina={number}"


def page_of(rows: Sequence[Listing], selection: Selection) -> PageOfList:
    """The page that was asked for; one beyond the last is the last."""
    number = min(selection.pagina, max(1, -(-len(rows) // PER_PAGE)))
    return PageOfList(rows[(number - 1) * PER_PAGE : number * PER_PAGE], number, len(rows), selection)


# ------------------------------------------------------------------------------------------- municipalities


@dataclass(frozen=True)
class Municipality:
    """A municipality that exists, and whether its debt counselling is connected."""

    code: str
    name: str
    province: str
    connected: bool


@dataclass(frozen=True)
class ProvinceCount:
    """How many municipalities of a province are connected."""

    name: str
    connected: int
    total: int


def by_province(municipalities: Iterable[Municipality]) -> list[ProvinceCount]:
    """Counts per province, by name."""
    municipalities = list(municipalities)
    total = Counter(row.province for row in municipalities)
    connected = Counter(row.province for row in municipalities if row.connected)
    return [ProvinceCount(name, connected[name], total[name]) for name in sorted(total)]
