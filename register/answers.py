"""Finished answers, kept per process: public pages are the same for everybody, so each is made once per change.

The key of an answer holds what was asked for and the marker of `queries.change_marker`; a stale answer cannot be found,
it only waits to be pushed out by newer ones.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock

from flask import Flask, Response, current_app, request

from core import clock
from core.web import settings
from register import queries
from register.queries import PublicList

MAX_BYTES = 24 * 1024 * 1024
REVALIDATE = "public, max-age=0, must-revalidate"
"""Anybody may keep the answer, and asks each time whether it still holds: who goes live is on the list at once."""


@dataclass(frozen=True)
class Answer:
    """The bytes of a page or file, and its entity tag."""

    body: bytes
    media_type: str
    etag: str

    def response(self, *, status: int = 200, cache: str = REVALIDATE) -> Response:
        """The answer, or 304 when the visitor has it already."""
        response = Response(self.body, status, content_type=self.media_type)
        response.headers["Cache-Control"] = cache
        if status == 200:
            response.set_etag(self.etag)
            response.make_conditional(request)
        return response


def answer(body: str | bytes, media_type: str = "text/html; charset=utf-8") -> Answer:
    content = body.encode() if isinstance(body, str) else body
    return Answer(content, media_type, hashlib.sha256(content).hexdigest()[:32])


class Memory:
    """The newest answers, up to a number of bytes; for several threads."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._bytes = 0
        self._list: tuple[str, PublicList] | None = None
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

    def answer(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """The answer that was made for this key, or a new one."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        made = make()
        with self._lock:
            if key not in self._answers and len(made.body) <= self._max_bytes:
                self._answers[key] = made
                self._bytes += len(made.body)
            while self._bytes > self._max_bytes:
                _, oldest = self._answers.popitem(last=False)
                self._bytes -= len(oldest.body)
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

    def answer(self, about: Hashable, make: Callable[[], Answer]) -> Response:
        """Answer the request; `about` is everything besides the list that the answer depends on."""
        return self.memory.answer((self.marker, about), make).response()


def publication() -> Publication:
    """What the public may see now: one small query when nothing changed since the last request."""
    memory: Memory = current_app.extensions["public_answers"]
    on = clock.today()
    marker = queries.change_marker(on)
    return Publication(marker, memory.public_list(marker, lambda: queries.public_list(on)), memory)


def is_demo() -> bool:
    """Whether everything here is example data, which each page and file must say."""
    return settings().is_demo
