"""One thing that waits on the staff, and what tells of such things."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time

from admin.kinds import WorkKind
from core import clock
from core.clock import AMSTERDAM
from core.filters import local_day
from core.permissions import Caller


@dataclass(frozen=True)
class WorkItem:
    """Something that waits on the staff."""

    kind: WorkKind
    about: str
    """A name, or what it is."""
    detail: str
    """Who asks, or why it waits."""
    since: datetime
    action: str
    """A verb, for the link."""
    url: str
    """Where it is done."""
    participant_id: int | None = None
    """Whose file it is about."""
    handled_by: int | None = None
    """Account of the colleague who handles that file."""
    days: int = field(init=False)
    """Whole days that it has waited."""

    def __post_init__(self) -> None:
        since = local_day(self.since)
        object.__setattr__(self, "days", max(0, (clock.today() - since).days) if since else 0)


Source = Callable[[Caller], list[WorkItem]]


def start_of(on: date) -> datetime:
    return datetime.combine(on, time(), AMSTERDAM)
