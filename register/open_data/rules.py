"""What a program may ask of the list, read strictly: whoever makes a typing error must not get another answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from register.rules import Choices, Selection

VERSION = "1.0.0"
"""Semantic version of the interface; the first number stands in the address."""
BASE = "/api/v1"
DEFAULT_SIZE = 50
MAX_SIZE = 500
FILTERS = ("q", "rol", "module", "sector", "provincie")
PARAMETERS = (*FILTERS, "volgorde", "pagina", "paginaGrootte")
"""Names of query parameters: Dutch, camelCase (rule /core/query-keys-camel-case)."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with one parameter."""

    parameter: str
    reason: str
    """A Dutch sentence."""


class NotUnderstood(ValueError):
    """The question has faults; nothing is guessed."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(" ".join(fault.reason for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Asked:
    """One page of a selection."""

    selection: Selection
    number: int = 1
    size: int = DEFAULT_SIZE

    @property
    def query(self) -> str:
        """The canonical query of this page, with question mark; empty for the first page of everything."""
        values = {name: getattr(self.selection, name) for name in FILTERS}
        if self.selection.volgorde != "naam":
            values["volgorde"] = self.selection.volgorde
        if self.number > 1:
            values["pagina"] = str(self.number)
        if self.size != DEFAULT_SIZE:
            values["paginaGrootte"] = str(self.size)
        given = {name: value for name, value in values.items() if value}
        return f"?{urlencode(given)}" if given else ""

    def pages(self, total: int) -> int:
        return max(1, -(-total // self.size))

    def links(self, total: int) -> dict[str, str]:
        """Queries of the other pages, by relation: self, first, last and, where they exist, prev and next."""
        last = self.pages(total)
        found = {"self": self.query, "first": replace(self, number=1).query, "last": replace(self, number=last).query}
        if self.number > 1:
            found["prev"] = replace(self, number=min(self.number - 1, last)).query
        if self.number < last:
            found["next"] = replace(self, number=self.number + 1).query
        return found


def read(given: Mapping[str, Sequence[str]], choices: Choices) -> Asked:
    """The question behind the parameters of an address. Raises NotUnderstood with every fault, not only the first."""
    faults = [
        Fault(_shown(name), f"De parameter ‘{_shown(name)}’ bestaat niet.") for name in given if name not in PARAMETERS
    ]
    faults += [
        Fault(name, f"De parameter ‘{name}’ staat er meer dan één keer in.")
        for name, values in given.items()
        if name in PARAMETERS and len(values) > 1
    ]
    single = {name: values[0] for name, values in given.items() if name in PARAMETERS}
    number = _number(single, "pagina", 1, 999_999, faults)
    size = _number(single, "paginaGrootte", DEFAULT_SIZE, MAX_SIZE, faults)
    for name in (*FILTERS, "volgorde"):
        if name in single:
            remarks = Selection.read({name: single[name]}, choices).remarks
            faults += [Fault(name, remark) for remark in remarks]
    if faults:
        raise NotUnderstood(faults)
    return Asked(replace(Selection.read(single, choices), pagina=1), number, size)


def _number(given: Mapping[str, str], name: str, default: int, highest: int, faults: list[Fault]) -> int:
    text = given.get(name, str(default))
    if text.isascii() and text.isdigit() and len(text) < 8 and 1 <= int(text) <= highest:
        return int(text)
    faults.append(Fault(name, f"De parameter ‘{name}’ is een heel getal van 1 tot en met {highest}."))
    return default


def _shown(text: str) -> str:
    """A strange name, short and on one line."""
    clean = "".join(c if c.isprintable() else " " for c in text[:40])
    return f"{clean}…" if len(text) > 40 else clean
