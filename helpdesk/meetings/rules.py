"""When one can sign up, who comes and who waits, how long names are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from helpdesk.kinds import MeetingStage, SignUpStage, WhenFull

KEPT_MONTHS = 3
"""Who signed up is erased so many months after the meeting."""


@dataclass(frozen=True)
class Room:
    """How full a meeting is."""

    capacity: int | None
    coming: int
    waiting: int
    when_full: WhenFull

    @property
    def free(self) -> int | None:
        """Places left; None when there is no limit."""
        return None if self.capacity is None else max(0, self.capacity - self.coming)

    @property
    def is_full(self) -> bool:
        """Somebody who waits goes before somebody new."""
        return self.free is not None and self.free <= self.waiting


def why_closed(
    stage: MeetingStage, open_until: date, starts_at: datetime, room: Room, now: datetime, today: date
) -> str:
    """Why nobody can sign up; empty when one can."""
    if stage is MeetingStage.CANCELLED:
        return "Deze bijeenkomst gaat niet door."
    if starts_at <= now:
        return "Deze bijeenkomst is al geweest of begonnen."
    if today > open_until:
        return "De laatste dag om u aan te melden is voorbij."
    if room.is_full and room.when_full is WhenFull.CLOSED:
        return "Deze bijeenkomst is vol."
    return ""


def place_for_next(room: Room) -> SignUpStage:
    """Whether who signs up now comes, or waits for a place."""
    return SignUpStage.WAITING if room.is_full else SignUpStage.COMING


def erased_before(today: date) -> date:
    """Meetings that ended before this day have been so long ago that names are erased."""
    month = today.month - KEPT_MONTHS
    year, month = (today.year, month) if month > 0 else (today.year - 1, month + 12)
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    last_of_month = (first_of_next - timedelta(days=1)).day
    return date(year, month, min(today.day, last_of_month))
