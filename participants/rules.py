"""What can be said without a database: how names are searched, who may still apply, and what hangs on a participant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from participants.kinds import OrganisationKind

SPOKEN_NAMES = {"s gravenhage": "den haag", "s hertogenbosch": "den bosch"}
"""What people say instead of the official name; both are found."""


def fold(text: str) -> str:
    """Text as it is searched: lower case, no accents, other signs as spaces; 's-Hertogenbosch → s hertogenbosch."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[^0-9a-z]+", " ", plain.casefold()).strip()


def search_text(*parts: str | None) -> str:
    """The names, place and numbers of an organisation in one line; what stands in it already is not repeated."""
    line = ""
    for part in parts:
        words = fold(part or "")
        for variant in (words, *(spoken for name, spoken in SPOKEN_NAMES.items() if name in words)):
            if variant and f" {variant} " not in f" {line} ":
                line = f"{line} {variant}".strip()
    return line


def exists_on(ends_before: date | None, on: date) -> bool:
    """Whether an organisation exists on a day; `ends_before` is the first day on which it no longer does."""
    return ends_before is None or on < ends_before


def is_listed_by_default(kind: OrganisationKind) -> bool:
    """Everybody stands on the public list, except a sole trader, who has to consent first."""
    return kind is not OrganisationKind.SOLE_TRADER


@dataclass(frozen=True)
class Panel:
    """A page about a participant that a package above this one adds to the participant's side navigation."""

    label: str
    endpoint: str
    """Takes `participant_id`."""
    permission: str
    position: int
    summary: Callable[[int], str | None] | None
    """For the overview: one sentence about this participant, for instance "3 van de 12 onderdelen zijn klaar."."""
    applies: Callable[[int], bool] | None = None
    """Whether this participant has such a page; without it all have."""


DETAIL_PANELS: list[Panel] = []
OWN_PANELS: list[Panel] = []


def register_detail_panel(
    label: str,
    endpoint: str,
    permission: str,
    *,
    position: int = 50,
    summary: Callable[[int], str | None] | None = None,
    applies: Callable[[int], bool] | None = None,
) -> None:
    """Add a page to the side navigation of /beheer/deelnemers/<id>, for staff with the permission."""
    _add(DETAIL_PANELS, Panel(label, endpoint, permission, position, summary, applies))


def register_own_panel(
    label: str,
    endpoint: str,
    permission: str,
    *,
    position: int = 50,
    summary: Callable[[int], str | None] | None = None,
) -> None:
    """Add a page to the side navigation of /mijn/<id>, for who has the permission for that participant."""
    _add(OWN_PANELS, Panel(label, endpoint, permission, position, summary))


def _add(panels: list[Panel], panel: Panel) -> None:
    panels[:] = sorted(
        [*(known for known in panels if known.endpoint != panel.endpoint), panel], key=lambda known: known.position
    )
