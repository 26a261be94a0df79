"""A careful HTTP client for one JSON API: one host, verified TLS, no redirects, limits on time and size."""

from __future__ import annotations

import http.client
import json
import ssl
import time
from typing import Any
from urllib.parse import urlencode, urlsplit

from helpdesk.ticket_systems.documents import SystemAway, SystemRefuses, TicketRefused

MOST_BYTES = 2 * 1024 * 1024
"""Of an answer."""
SHUT = frozenset({401, 403, 404, 405, 407})
"""The answers to a wrong token, right or address."""
WRONG = frozenset({400, 409, 413, 414, 415, 422})
"""The answers to something that is wrong with what was sent."""


class Api:
    """Sends requests below one address. Nothing of what it raises repeats the headers, in which the token stands."""

    def __init__(
        self, url: str, headers: dict[str, str], *, timeout: float = 10, deadline: float = 30, most: int = MOST_BYTES
    ) -> None:
        parts = urlsplit(url)
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname or "", parts.port
        self._path = parts.path.rstrip("/")
        self._headers = {"Accept": "application/json", "User-Agent": "knooppuntbeheer", **headers}
        self._timeout, self._deadline, self._most = timeout, deadline, most

    def get(self, path: str, **parameters: str) -> Any:
        """What a path answers."""
        return self._send("GET", f"{path}?{urlencode(parameters)}" if parameters else path, None)

    def post(self, path: str, content: dict[str, Any]) -> Any:
        """What a path answers to something new."""
        return self._send("POST", path, json.dumps(content).encode())

    def _send(self, method: str, path: str, body: bytes | None) -> Any:
        until = time.monotonic() + self._deadline
        connection = self._connect()
        headers = self._headers | ({"Content-Type": "application/json"} if body is not None else {})
        try:
            connection.request(method, self._path + path, body=body, headers=headers)
            response = connection.getresponse()
            content = self._read(response, until)
        except (OSError, http.client.HTTPException) as error:
            raise SystemAway(f"Geen antwoord ({type(error).__name__}).") from error
        finally:
            connection.close()
        return _understood(response.status, content)

    def _connect(self) -> http.client.HTTPConnection:
        if self._secure:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(self._host, self._port, timeout=self._timeout, context=context)
        return http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)

    def _read(self, response: http.client.HTTPResponse, until: float) -> bytes:
        """All of the answer; an answer that drips or does not end is given up."""
        parts: list[bytes] = []
        size = 0
        while part := response.read1(65536):
            parts.append(part)
            size += len(part)
            if size > self._most:
                raise SystemAway("Het antwoord is te groot.")
            if time.monotonic() > until:
                raise SystemAway("Het antwoord duurt te lang.")
        return b"".join(parts)


def _understood(status: int, content: bytes) -> Any:
    if status in SHUT:
        raise SystemRefuses(f"Het hulpsysteem antwoordt {status}: controleer adres, toegangssleutel en groep.")
    if 300 <= status < 400:
        raise SystemRefuses(f"Het hulpsysteem verwijst door ({status}): controleer het adres.")
    if status in WRONG:
        raise TicketRefused(f"Het hulpsysteem weigert deze vraag ({status}): {_reason(content)}")
    if not 200 <= status < 300:
        raise SystemAway(f"Het hulpsysteem antwoordt {status}.")
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise SystemAway("Het antwoord is niet te lezen.") from error


def _reason(content: bytes) -> str:
    """What Zammad says is wrong, short."""
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        return "zonder reden"
    said = (answer.get("error_human") or answer.get("error")) if isinstance(answer, dict) else None
    return " ".join(str(said or "zonder reden").replace("\0", "").split())[:200]
