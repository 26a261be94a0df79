"""The main navigation: what somebody may open, by role. Endpoints stand here by name; a test checks that all exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, has_request_context, request, url_for

from core.permissions import Caller, access_of, current_caller


@dataclass(frozen=True)
class Entry:
    """One entry: shown to who holds the permission, current on the pages whose address begins with its own."""

    label: str
    endpoint: str
    permission: str | None = None


@dataclass(frozen=True)
class Link:
    """An entry on the page."""

    label: str
    url: str
    current: bool


STAFF = (
    Entry("Mijn werk", "admin.show_work", "work:view"),
    Entry("Aanmeldingen", "applications.list_applications", "application:view"),
    Entry("Voortgang", "tasks.list_stuck", "application:view"),
    Entry("Deelnemers", "participants.list_participants", "participant:view"),
    Entry("Modules", "catalogue.show_matrix", "participant:view"),
    Entry("Facturen", "billing.list_invoices", "invoice:view"),
    Entry("Tarieven", "tariffs.list_tariffs", "tariff:view"),
    Entry("Besluiten", "governance.list_decisions", "tariff:view"),
    Entry("Akkoord", "admin.list_approvals", "approval:view"),
    Entry("Medewerkers", "staff_accounts.list_accounts", "role:view"),
    Entry("Logboek", "admin.list_events", "audit:view"),
    Entry("Techniek", "admin.list_jobs", "job:view"),
)
PARTICIPANT = (
    Entry("Mijn organisatie", "participants.list_own", "own:view"),
    Entry("Mijn aanmeldingen", "applications.list_own", None),
)
PUBLIC = (
    Entry("Start", "public_pages.home"),
    Entry("Deelnemers", "public_pages.list_participants"),
    Entry("Aanmelden", "applications.start"),
)


def entries_for(who: Caller | None) -> tuple[Entry, ...]:
    """The entries that somebody may open."""
    if who is None:
        return PUBLIC
    offered = STAFF if who.is_staff else PARTICIPANT
    return tuple(entry for entry in offered if entry.permission is None or who.may(entry.permission))


def _links(entries: tuple[Entry, ...]) -> list[Link]:
    urls = [(entry, url_for(entry.endpoint)) for entry in entries]
    matching = [url for _, url in urls if request.path == url or request.path.startswith(url.rstrip("/") + "/")]
    current = max(matching, key=len, default=None)
    return [Link(entry.label, url, url == current) for entry, url in urls]


def install(app: Flask) -> None:
    """Give every page its navigation. Public pages know of nobody."""

    @app.context_processor
    def navigation() -> dict[str, Any]:
        if not has_request_context():  # a mail or a document of a command
            return {"navigation": [], "search_url": None}
        access = access_of(app, request.endpoint) if request.endpoint else None
        who = None if access is None or access.kind == "public" else current_caller()
        search = who is not None and who.is_staff and who.may("search:use")
        return {"navigation": _links(entries_for(who)), "search_url": url_for("admin.search") if search else None}
