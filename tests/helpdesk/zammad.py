"""A stand-in for Zammad on a real socket: speaks the documented API, and goes wrong as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "sleutel-van-het-voorbeeld"
GROUP = "Helpdesk"


class Zammad:
    """What the server keeps, and how it is to go wrong."""

    def __init__(self) -> None:
        self.tickets: dict[int, dict[str, Any]] = {}
        self.articles: dict[int, list[dict[str, Any]]] = {}
        self.faults: list[str] = []
        """What happens to the next requests, one for each: see `Handler`. Afterwards all goes well."""
        self.seen: list[str] = []
        """Method and path of every request."""
        self.bodies: list[dict[str, Any]] = []
        self.patience = 1.0
        """Seconds that a slow answer takes."""

    def create(self, body: dict[str, Any]) -> dict[str, Any]:
        key = len(self.tickets) + 41
        self.tickets[key] = {
            "id": key,
            "number": f"220{key}",
            "title": body["title"],
            "state_id": 1,
            "state": "new",
            "updated_at": "2026-03-02T09:00:00.000Z",
        }
        article = {**body["article"], "id": 1, "created_at": "2026-03-02T09:00:00.000Z"}
        self.articles[key] = [article]
        return self.tickets[key]

    def answer(self, key: int, body: str, *, state: str = "open", internal: bool = False, **fields: Any) -> None:
        """A colleague of the helpdesk answers."""
        self.tickets[key]["state"] = state
        self.articles[key].append(
            {
                "id": len(self.articles[key]) + 1,
                "sender": "Agent",
                "type": "email",
                "content_type": "text/html",
                "body": body,
                "internal": internal,
                "created_at": f"2026-03-02T1{len(self.articles[key])}:30:00.000Z",
                **fields,
            }
        )


class Handler(BaseHTTPRequestHandler):
    zammad: Zammad

    def log_message(self, *_: object) -> None:
        """Silent."""

    def do_GET(self) -> None:
        self._handle(None)

    def do_POST(self) -> None:
        self._handle(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def _handle(self, body: dict[str, Any] | None) -> None:
        self.zammad.seen.append(f"{self.command} {self.path}")
        if body is not None:
            self.zammad.bodies.append(body)
        fault = self.zammad.faults.pop(0) if self.zammad.faults else ""
        faults: dict[str, Callable[[dict[str, Any] | None], object]] = {
            "time-out after accepting": self._accept_and_wait,
            "hangs up after accepting": self._answer,
            "cut short": self._accept_and_mumble,
            "garbage": lambda _: self._write(200, b"<html>Gateway</html>"),
            "no id": lambda _: self._write(201, b'{"ok": true}'),
            "redirect": lambda _: self._redirect(),
            "huge": lambda _: self._write(200, b'"' + b"x" * 3_000_000 + b'"'),
            "drips": lambda _: self._drip(),
        }
        act = faults.get(fault)
        if act is not None:
            act(body)
        elif fault:
            self._write(int(fault), json.dumps({"error": "Fout", "error_human": "Zo kan het niet."}).encode())
        else:
            status, answer = self._answer(body)
            self._write(status, json.dumps(answer).encode())

    def _accept_and_wait(self, body: dict[str, Any] | None) -> None:
        self._answer(body)
        time.sleep(self.zammad.patience)

    def _accept_and_mumble(self, body: dict[str, Any] | None) -> None:
        self._answer(body)
        self._write(201, b'{"id": 4')

    def _redirect(self) -> None:
        self.send_response(302)
        self.send_header("Location", "http://127.0.0.1:1/elders")
        self.end_headers()

    def _answer(self, body: dict[str, Any] | None) -> tuple[int, Any]:
        if self.headers["Authorization"] != f"Token token={TOKEN}":
            return 401, {"error": "Invalid token"}
        path = urlsplit(self.path)
        parts = path.path.strip("/").split("/")
        if body is not None and parts == ["api", "v1", "tickets"]:
            if body["group"] != GROUP or not body["customer_id"].startswith("guess:"):
                return 422, {"error": "Group can't be blank"}
            return 201, self.zammad.create(body)
        if parts == ["api", "v1", "tickets", "search"]:
            query = parse_qs(path.query)["query"][0]
            found = {str(k): t for k, t in self.zammad.tickets.items() if query in t["title"]}
            assets = {"Ticket": found} if found else {}
            return 200, {"tickets": [int(key) for key in found], "tickets_count": len(found), "assets": assets}
        return self._about(int(parts[-1]), path.path, path.query)

    def _about(self, key: int, path: str, query: str) -> tuple[int, Any]:
        if key not in self.zammad.tickets:
            return 404, {"error": "Couldn't find Ticket"}
        if "ticket_articles" in path:
            return 200, self.zammad.articles[key]
        ticket = dict(self.zammad.tickets[key])
        if "expand=true" not in query:
            ticket.pop("state")
        return 200, ticket

    def _write(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        try:
            for _ in range(50):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            return


@contextmanager
def serving(zammad: Zammad) -> Iterator[str]:
    """Runs the stand-in; gives its address."""
    handler = type("OneHandler", (Handler,), {"zammad": zammad})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
