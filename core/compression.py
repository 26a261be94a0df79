"""gzip for what is the same for everybody: public pages, open data, style sheets. Made once, kept with its bytes.

Pages of somebody who is signed in stay as they are: they hold a CSRF token beside what a visitor typed, and the length
of a compressed page would tell about the token (BREACH).
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, Request, Response, current_app, request

SMALLEST = 600
"""Bytes below which compressing gains nothing: it all fits one packet."""
LEVEL = 7
TEXTS = frozenset(
    {
        "application/javascript",
        "application/json",
        "application/problem+json",
        "image/svg+xml",
        "text/css",
        "text/csv",
        "text/html",
        "text/javascript",
        "text/plain",
    }
)
"""Media types that are worth it; pictures and fonts are compressed already."""


@dataclass(frozen=True)
class Encoded:
    """An answer as it is and, for texts, compressed; each form has a strong entity tag of its own."""

    plain: bytes
    compressed: bytes | None
    etag: str
    """Of the plain form."""

    def fill(self, response: Response, asked: Request) -> None:
        """Give a response the form that the visitor can read."""
        if self.compressed is None:
            response.set_data(self.plain)
            response.set_etag(self.etag)
            return
        response.vary.add("Accept-Encoding")
        if accepts_gzip(asked):
            response.set_data(self.compressed)
            response.headers["Content-Encoding"] = "gzip"
            response.set_etag(f"{self.etag}-gzip")
        else:
            response.set_data(self.plain)
            response.set_etag(self.etag)


def encoded(content: bytes, media_type: str) -> Encoded:
    """Both forms of an answer. The same content always gives the same bytes."""
    worth_it = len(content) >= SMALLEST and media_type.partition(";")[0].strip() in TEXTS
    compressed = gzip.compress(content, LEVEL, mtime=0) if worth_it else None
    return Encoded(content, compressed, hashlib.sha256(content).hexdigest()[:32])


def accepts_gzip(asked: Request) -> bool:
    """Whether the visitor says that it reads gzip; who says nothing gets the plain form."""
    return asked.accept_encodings["gzip"] > 0 if asked.accept_encodings else False


@lru_cache(maxsize=128)
def _file(path: Path, media_type: str, _changed: float) -> Encoded:
    return encoded(path.read_bytes(), media_type)


def _compress_file(response: Response) -> Response:
    """Style sheets and scripts: read and compressed once per change."""
    if request.endpoint != "static" or response.status_code != 200 or response.mimetype not in TEXTS:
        return response
    if request.method not in {"GET", "HEAD"} or "Range" in request.headers or request.view_args is None:
        return response
    file = Path(current_app.static_folder or "static") / request.view_args["filename"]
    content = _file(file, response.mimetype, file.stat().st_mtime)
    response.direct_passthrough = False
    response.close()
    content.fill(response, request)
    response.make_conditional(request)
    return response


def install(app: Flask) -> None:
    """Compress static files."""
    app.after_request(_compress_file)
