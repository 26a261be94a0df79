"""Finished answers, kept per process: public pages are the same for everybody, so each is made once per change.

The key of an answer holds what was asked for and the marker of `queries.change_marker`; a stale answer cannot be found,
it only waits to be pushed out by newer ones.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from threading import Lock

from flask import Flask, Response, current_app, request

from core import clock
from core.compression import Encoded, encoded
from core.web import settings
from register import queries
from register.history.queries import pasts
from register.history.rules import Past
from register.queries import PublicList

MAX_BYTES = 24 * 1024 * 1024
REVALIDATE = "public, max-age=0, must-revalidate"
"""Anybody may keep the answer, and asks each time whether it still holds: who goes live is on the list at once."""


@dataclass(frozen=True)
class Answer:
    """The bytes of a page or file, with its entity tag and its compressed form."""

    content: Encoded
    media_type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    """What belongs to this answer alone."""

    @property
    def weight(self) -> int:
        """Bytes that it takes in memory."""
        return len(self.content.plain) + len(self.content.compressed or b"")

    def response(self, *, cache: str = REVALIDATE) -> Response:
        """The answer, compressed for who can read that, or 304 when the visitor has it already."""
        response = Response(status=self.status, content_type=self.media_type)
        response.headers.update(self.headers)
        response.headers["Cache-Control"] = cache
        self.content.fill(response, request)
        if self.status == 200:
            response.make_conditional(request)
        return response


def answer(
    body: str | bytes,
    media_type: str = "text/html; charset=utf-8",
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Finish a page or file: it is compressed once, here."""
    content = encoded(body.encode() if isinstance(body, str) else body, media_type)
    return Answer(content, media_type, status, headers or {})


class Memory:
    """The newest answers, up to a number of bytes; for several threads."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._bytes = 0
        self._list: tuple[str, PublicList] | None = None
        self._pasts: tuple[str, tuple[Past, ...]] | None = None
        self._lock = Lock()

    def public_list(self, marker: str, read: Callable[[], PublicList]) -> PublicList:
        """The list that belongs to a marker."""
        with self._lock:
            if self._list is not None and self._list[0] == marker:
                return self._list[1]
        fresh = read()
        with self._lock:
            self._list = (marker, fresh)
        return fresh

    def pasts(self, marker: str) -> tuple[Past, ...]:
        """Everybody who ever took part, as it belongs to a marker."""
        with self._lock:
            if self._pasts is not None and self._pasts[0] == marker:
                return self._pasts[1]
        fresh = pasts()
        with self._lock:
            self._pasts = (marker, fresh)
        return fresh

    def answer(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """The answer that was made for this key, or a new one."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        made = make()
        with self._lock:
            if key not in self._answers and made.weight <= self._max_bytes:
                self._answers[key] = made
                self._bytes += made.weight
            while self._bytes > self._max_bytes:
                _, oldest = self._answers.popitem(last=False)
                self._bytes -= oldest.weight
        return made


def install(app: Flask) -> None:
    """Give an application its own memory."""
    app.extensions["public_answers"] = Memory()


@dataclass(frozen=True)
class Publication:
    """The public list as it is at this moment."""

    marker: str
    content: PublicList
    memory: Memory

    def pasts(self) -> tuple[Past, ...]:
        """Everybody who ever took part and may be named."""
        return self.memory.pasts(self.marker)

    def answer(self, about: Hashable, make: Callable[[], Answer]) -> Response:
        """Answer the request; `about` is everything besides the list that the answer depends on."""
        return self.memory.answer((self.marker, about), make).response()


def publication() -> Publication:
    """What the public may see now: one small query when nothing changed since the last request."""
    memory: Memory = current_app.extensions["public_answers"]
    on = clock.today()
    marker = queries.change_marker(on)
    return Publication(marker, memory.public_list(marker, lambda: queries.public_list(on)), memory)


def kept(key: Hashable, make: Callable[[], Answer]) -> Answer:
    """An answer that depends on its key alone, from memory if it was made before."""
    memory: Memory = current_app.extensions["public_answers"]
    return memory.answer(key, make)


def is_demo() -> bool:
    """Whether everything here is example data, which each page and file must say."""
    return settings().is_demo
