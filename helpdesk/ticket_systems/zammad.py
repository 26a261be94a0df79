"""Zammad by its REST API (https://docs.zammad.org/en/latest/api/ticket/index.html)."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

from helpdesk.kinds import TicketState
from helpdesk.ticket_systems.documents import Reference, SystemAway, Ticket, TicketView
from helpdesk.ticket_systems.plain_text import plain_text
from helpdesk.ticket_systems.rest import Api

STATES = {
    "new": TicketState.NEW,
    "open": TicketState.OPEN,
    "pending reminder": TicketState.WAITING,
    "pending close": TicketState.WAITING,
    "closed": TicketState.CLOSED,
    "merged": TicketState.CLOSED,
    "removed": TicketState.CLOSED,
}
"""Zammad's own states. Others can be made there; they are shown as unknown."""


class Zammad:
    """One group of one Zammad."""

    def __init__(self, url: str, token: str, group: str, **limits: float) -> None:
        self._url, self._group = url, group
        self._api = Api(url, {"Authorization": f"Token token={token}"}, **limits)  # type: ignore[arg-type]  # seconds

    def create(self, ticket: Ticket) -> Reference:
        answer = self._api.post(
            "/api/v1/tickets",
            {
                "title": ticket.title,
                "group": self._group,
                "customer_id": f"guess:{ticket.email}",
                "article": {
                    "subject": ticket.title,
                    "body": ticket.text,
                    "content_type": "text/plain",
                    "type": "phone" if ticket.by_phone else "web",
                    "sender": "Customer",
                    "internal": False,
                    "attachments": [
                        {
                            "filename": file.name,
                            "data": base64.b64encode(file.content).decode(),
                            "mime-type": file.media_type,
                        }
                        for file in ticket.files
                    ],
                },
            },
        )
        return _reference(answer)

    def find(self, key: str) -> Reference | None:
        answer = self._api.get("/api/v1/tickets/search", query=key, limit="10")
        for row in _found(answer):
            if f"[{key}]" in str(row.get("title", "")):
                return _reference(row)
        return None

    def look(self, ticket_id: str) -> TicketView:
        ticket = self._api.get(f"/api/v1/tickets/{_number(ticket_id)}", expand="true")
        if not isinstance(ticket, dict):
            raise SystemAway("Het antwoord is niet te lezen.")
        articles = self._api.get(f"/api/v1/ticket_articles/by_ticket/{_number(ticket_id)}")
        if not isinstance(articles, list):
            raise SystemAway("Het antwoord is niet te lezen.")
        answer = _last_answer(articles)
        return TicketView(
            STATES.get(str(ticket.get("state", "")).strip().lower(), TicketState.UNKNOWN),
            plain_text(str(answer.get("body", "")), str(answer.get("content_type", ""))) if answer else None,
            _moment(answer.get("created_at")) if answer else None,
        )

    def page_of(self, ticket_id: str) -> str:
        return f"{self._url}/#ticket/zoom/{_number(ticket_id)}"


def _number(ticket_id: str) -> int:
    return int(ticket_id)


def _reference(row: Any) -> Reference:
    """Raises SystemAway for an answer without an id: the ticket may exist, and is searched for next time."""
    key = row.get("id") if isinstance(row, dict) else None
    if not isinstance(key, int) or isinstance(key, bool):
        raise SystemAway("Het antwoord noemt geen ticket.")
    return Reference(str(key), str(row.get("number") or key)[:40])


def _found(answer: Any) -> list[dict[str, Any]]:
    """The rows of a search: under assets, or as a list when the installation expands by itself.

    Raises SystemAway for anything else: "could not search" must never look like "does not exist".
    """
    if isinstance(answer, dict) and isinstance(answer.get("tickets"), list):
        assets = answer.get("assets")
        rows = assets.get("Ticket", {}) if isinstance(assets, dict) else {}
        if isinstance(rows, dict) and (rows or not answer["tickets"]):
            return [row for row in rows.values() if isinstance(row, dict)]
    if isinstance(answer, list):
        return [row for row in answer if isinstance(row, dict)]
    raise SystemAway("Het antwoord op de zoekvraag is niet te lezen.")


def _last_answer(articles: list[Any]) -> dict[str, Any] | None:
    """The last public article of an agent; the first article is the question."""
    answers = [
        article
        for article in articles[1:]
        if isinstance(article, dict) and article.get("internal") is False and article.get("sender", "Agent") == "Agent"
    ]
    return answers[-1] if answers else None


def _moment(text: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
