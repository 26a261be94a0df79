"""Lists gathered from several sources: one that fails is named, and what the others tell is still shown.

So that "could not load" never looks like "nothing to do".
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from core.db import savepoint

T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Gathered(Generic[T]):
    """What was found, and the parts that could not be read."""

    items: list[T]
    missing: list[str]
    """Dutch names of parts, each once: show them with components/alerts.html `not_loaded`."""


def gather(sources: Iterable[tuple[str, Callable[[], Sequence[T]]]]) -> Gathered[T]:
    """Ask each source, given with the Dutch name of its part, in the order in which they are given.

    A source that raises is logged and named. A database that is out of reach is no missing part: that is raised.
    """
    items: list[T] = []
    missing: list[str] = []
    for part, source in sources:
        try:
            with savepoint():
                items.extend(source())
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                raise
            log.exception("Could not load: %s", part)
            if part not in missing:
                missing.append(part)
    return Gathered(items, missing)
