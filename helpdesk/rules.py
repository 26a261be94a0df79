"""How many files go along, how often to try, and what may be repeated of an address."""

from __future__ import annotations

from datetime import timedelta

MEGABYTE = 1024 * 1024
MOST_FILES = 5
MOST_BYTES = 5 * MEGABYTE
"""Of one file."""
MOST_BYTES_SENT = MOST_FILES * MOST_BYTES + 2 * MEGABYTE
"""Of a form with its files."""

MOST_ATTEMPTS = 12
"""After so many attempts, about 34 hours, a person has to look."""
VISIBLE_AFTER = 3
"""From this attempt on staff see that a request does not get through."""
REFRESHED_FOR = timedelta(days=180)
"""A request that is older is not asked about by itself any more."""


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 1, 2, 4 … minutes, at most eight and a half hours."""
    return timedelta(minutes=2 ** min(max(attempts, 1) - 1, 9))
