"""Meetings as a calendar file (RFC 5545): moments in UTC, lines folded at 75 bytes, CRLF."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

MEDIA_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class CalendarEntry:
    """One meeting in a calendar."""

    uid: str
    sequence: int
    stamp: datetime
    """When the meeting was last changed."""
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    description: str
    url: str
    is_cancelled: bool


def calendar(entries: Iterable[CalendarEntry], name: str) -> str:
    """The text of a calendar file."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Schuldenknooppunt//Knooppuntbeheer//NL",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
    ]
    for entry in entries:
        lines += _event(entry)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _event(entry: CalendarEntry) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{escaped(entry.uid)}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTAMP:{_utc(entry.stamp)}",
        f"DTSTART:{_utc(entry.starts_at)}",
        f"DTEND:{_utc(entry.ends_at)}",
        f"SUMMARY:{escaped(entry.title)}",
        f"LOCATION:{escaped(entry.place)}",
        f"DESCRIPTION:{escaped(entry.description)}" if entry.description else "",
        f"URL:{entry.url}",
        f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}",
        "END:VEVENT",
    ]
    return [line for line in lines if line]


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escaped(text: str) -> str:
    """Backslash, semicolon, comma and line end as RFC 5545, 3.3.11 wants them; other control characters go."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(c for c in plain if c in "\n\t" or (ord(c) >= 32 and ord(c) != 127))
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> str:
    """At most 75 bytes a line, never inside a character; what goes on begins with a space (RFC 5545, 3.1)."""
    lines, current, size = [], "", 0
    for character in line:
        width = len(character.encode())
        if size + width > 75:
            lines.append(current)
            current, size = " ", 1
        current += character
        size += width
    return "\r\n".join([*lines, current])
