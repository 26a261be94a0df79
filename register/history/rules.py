"""From dated periods to "who took part on a day" and "what changed". No database, no web, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.kinds import Labelled
from core.periods import Period
from participants.rules import fold
from register.rules import ActiveModule, Named

PER_PAGE = 50
WINDOW = timedelta(days=31)
"""What counts as the last month."""


@dataclass(frozen=True)
class Past:
    """All that everybody may know of one participant, of all days."""

    directory_id: str
    name: str
    unit: str
    role: Named
    live: tuple[Period, ...]
    """Days of exchanging messages."""
    modules: tuple[tuple[Named, Period], ...]
    """In the order of the catalogue."""
    is_listed_now: bool
    """Whether it has a page today."""

    @property
    def full_name(self) -> str:
        return f"{self.name} – {self.unit}" if self.unit else self.name

    def live_on(self, day: date) -> Period | None:
        """The period of days that contains a day."""
        return next((period for period in self.live if day in period), None)


@dataclass(frozen=True)
class Presence:
    """A participant as it took part on one day."""

    past: Past
    since: date
    """First day of the live period that held then."""
    modules: tuple[ActiveModule, ...]


def first_day(pasts: Iterable[Past]) -> date | None:
    """The day on which the first participant came; None when nobody ever did."""
    return min((period.starts_on for past in pasts for period in past.live if not period.is_empty), default=None)


def present_on(pasts: Iterable[Past], day: date) -> list[Presence]:
    """Who took part on a day, by name, with what was switched on then."""
    found = []
    for past in pasts:
        period = past.live_on(day)
        if period is not None:
            found.append(Presence(past, period.starts_on, _modules_on(past, day)))
    return sorted(found, key=lambda row: _name_key(row.past))


def _modules_on(past: Past, day: date) -> tuple[ActiveModule, ...]:
    return tuple(ActiveModule(module.code, module.name, held.starts_on) for module, held in past.modules if day in held)


def _name_key(past: Past) -> tuple[str, str, str, str]:
    return fold(past.name), fold(past.unit), past.role.code, past.directory_id


# ------------------------------------------------------------------------------------------- changes


class ChangeKind(Labelled):
    CAME = "came", "Nieuw op de lijst"
    LEFT = "left", "Van de lijst af"
    MODULE_ON = "module_on", "Module erbij"
    MODULE_OFF = "module_off", "Module eraf"


@dataclass(frozen=True)
class Change:
    """Something that happened on a day."""

    day: date
    kind: ChangeKind
    past: Past
    modules: tuple[str, ...]
    """Names: what came or went; of a newcomer what was on from the first day."""


def changes(pasts: Iterable[Past], until: date) -> list[Change]:
    """What happened in the month up to and including a day: latest first, then by name."""
    after = until - WINDOW
    found = [change for past in pasts for change in _changes_of(past) if after < change.day <= until]
    order = list(ChangeKind)
    by_name = sorted(found, key=lambda change: (_name_key(change.past), order.index(change.kind)))
    return sorted(by_name, key=lambda change: change.day, reverse=True)


def _changes_of(past: Past) -> Iterator[Change]:
    """Periods that touch are one: neither end nor beginning."""
    live = [period for period in past.live if not period.is_empty]
    for day in _beginnings(live):
        names = tuple(module.name for module in _modules_on(past, day))
        yield Change(day, ChangeKind.CAME, past, names)
    for day in _endings(live):
        yield Change(day, ChangeKind.LEFT, past, ())
    for module in dict.fromkeys(module for module, _ in past.modules):
        held = [period for other, period in past.modules if other == module and not period.is_empty]
        for day in _beginnings(held):
            if past.live_on(day) and past.live_on(day - timedelta(days=1)):
                yield Change(day, ChangeKind.MODULE_ON, past, (module.name,))
        for day in _endings(held):
            if past.live_on(day):
                yield Change(day, ChangeKind.MODULE_OFF, past, (module.name,))


def _beginnings(periods: Sequence[Period]) -> list[date]:
    ends = {period.ends_before for period in periods}
    return [period.starts_on for period in periods if period.starts_on not in ends]


def _endings(periods: Sequence[Period]) -> list[date]:
    starts = {period.starts_on for period in periods}
    return [day for period in periods if (day := period.ends_before) is not None and day not in starts]


# ------------------------------------------------------------------------------------------- a page of a day


@dataclass(frozen=True)
class PageOfDay:
    """Fifty of those who took part on a day."""

    items: Sequence[Presence]
    number: int
    total: int
    address: str

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))

    def url_for(self, number: int) -> str:
        return self.address if number <= 1 else f"{self.address}?pagina={number}"


def page_of_day(rows: Sequence[Presence], number: int, address: str) -> PageOfDay:
    """The page that was asked for; one beyond the last is the last."""
    number = max(1, min(number, -(-len(rows) // PER_PAGE)))
    return PageOfDay(rows[(number - 1) * PER_PAGE : number * PER_PAGE], number, len(rows), address)
