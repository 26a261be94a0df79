"""How a stored paper reaches a browser: as a download, never as a page of ours."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from flask import Response

from governance.papers.services import Upload, content_of


def uploads(files: Iterable[Any]) -> list[Upload]:
    """The files that were chosen in a form; an empty choice is no file."""
    return [Upload(one.filename or "", one.read()) for one in files if getattr(one, "filename", "")]


def send(name: str, sha256: str, media_type: str) -> Response:
    """The document as a download. Raises Refused when the stored bytes are damaged."""
    response = Response(content_of(sha256), content_type=media_type)
    plain = name.encode("ascii", "ignore").decode()
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "private, no-store"
    return response
