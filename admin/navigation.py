"""The navigation: what somebody may open, by role. Endpoints stand here by name; a test checks that all exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, has_request_context, request, url_for

from core.permissions import Caller, access_of, current_caller


@dataclass(frozen=True)
class Entry:
    """One page: shown to who holds the permission, current on the pages whose address begins with its own."""

    label: str
    endpoint: str
    permission: str | None = None


@dataclass(frozen=True)
class Section:
    """Pages that belong together: one word in the main menu, its pages in a second line. It leads to the first page
    that one may open."""

    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Link:
    """An entry on the page."""

    label: str
    url: str
    current: bool


STAFF = (
    Section(
        "Mijn werk",
        (
            Entry("Mijn werk", "admin.show_work", "work:view"),
            Entry("Akkoord van een collega", "admin.list_approvals", "approval:view"),
        ),
    ),
    Section(
        "Aanmeldingen",
        (
            Entry("Aanmeldingen", "applications.list_applications", "application:view"),
            Entry("Voortgang", "tasks.list_stuck", "application:view"),
        ),
    ),
    Section(
        "Deelnemers",
        (
            Entry("Deelnemers", "participants.list_participants", "participant:view"),
            Entry("Organisaties", "participants.list_organisations", "organisation:view"),
            Entry("Modules", "catalogue.show_matrix", "participant:view"),
            Entry("Hulpvragen", "helpdesk.list_requests", "help:view"),
            Entry("Bijeenkomsten", "helpdesk.list_meetings", "meeting:view"),
        ),
    ),
    Section(
        "Financiën",
        (
            Entry("Facturen", "billing.list_invoices", "invoice:view"),
            Entry("Facturatierondes", "billing_runs.list_runs", "invoice:view"),
            Entry("Correcties", "billing.list_corrections", "invoice:view"),
            Entry("Vooruitbetalingen", "billing.list_prepayments", "invoice:view"),
            Entry("Tarieven", "tariffs.list_tariffs", "tariff:view"),
            Entry("Jaaropgave", "billing.list_declarations", "tariff:view"),
            Entry("Wijziging van categorie", "tariffs.list_changes", "tariff:view"),
            Entry("Scenario's", "scenarios.list_scenarios", "tariff:view"),
        ),
    ),
    Section(
        "Besluiten",
        (
            Entry("Besluiten", "governance.list_decisions", "decision:view"),
            Entry("Organen", "governance.list_bodies", "decision:view"),
            Entry("Vergaderingen", "governance.list_meetings", "decision:view"),
            Entry("Stelselbeheerder", "governance.list_operators", "setting:view"),
            Entry("Instellingen", "governance.list_settings", "setting:view"),
        ),
    ),
    Section(
        "Privacy",
        (
            Entry("Toetsen", "assessments.list_assessments", "assessment:view"),
            Entry("Verwerkingen", "privacy.list_activities", "privacy:view"),
            Entry("Bewaartermijnen", "privacy.list_rules", "privacy:view"),
            Entry("Verzoeken", "privacy.list_requests", "privacy:view"),
            Entry("Datalekken", "privacy.list_breaches", "privacy:view"),
            Entry("Statistieken", "privacy.list_statistics", "privacy:view"),
        ),
    ),
    Section(
        "Toezicht en techniek",
        (
            Entry("Logboek", "admin.list_events", "audit:view"),
            Entry("Medewerkers", "staff_accounts.list_accounts", "role:view"),
            Entry("Achtergrondtaken", "admin.list_jobs", "job:view"),
            Entry("Mail", "admin.list_mail", "job:view"),
        ),
    ),
)
PARTICIPANT = (
    Section("Mijn organisatie", (Entry("Mijn organisatie", "participants.list_own", "own:view"),)),
    Section("Mijn aanmeldingen", (Entry("Mijn aanmeldingen", "applications.list_own"),)),
)
PUBLIC = (
    Section("Start", (Entry("Start", "public_pages.home"),)),
    Section(
        "Deelnemers",
        (
            Entry("Deelnemers", "public_pages.list_participants"),
            Entry("Wijzigingen", "public_pages.list_changes"),
            Entry("Terugkijken", "public_pages.choose_day"),
            Entry("Open data", "public_pages.show_open_data"),
        ),
    ),
    Section("Modules", (Entry("Modules", "public_pages.show_roadmap"),)),
    Section(
        "Tarieven",
        (
            Entry("Tarieven", "public_pages.show_tariffs"),
            Entry("Overeenkomst", "public_pages.show_agreement"),
        ),
    ),
    Section("Bijeenkomsten", (Entry("Bijeenkomsten", "helpdesk.show_agenda"),)),
    Section("Aanmelden", (Entry("Aanmelden", "applications.start"),)),
)


def sections_for(who: Caller | None) -> list[Section]:
    """The sections with the pages that somebody may open; one without any is left out."""
    if who is None:
        return list(PUBLIC)
    offered = STAFF if who.is_staff else PARTICIPANT
    allowed = [
        Section(section.label, tuple(e for e in section.entries if e.permission is None or who.may(e.permission)))
        for section in offered
    ]
    return [section for section in allowed if section.entries]


def _current(sections: Sequence[Section]) -> Entry | None:
    """The page that is open, or the one below which it lies: the longest address that fits. The front page of staff
    lies above everything, so that one has to fit as a whole."""
    urls = {entry: url_for(entry.endpoint) for section in sections for entry in section.entries}
    fitting = [
        entry
        for entry, url in urls.items()
        if request.path == url or (not url.endswith("/") and request.path.startswith(f"{url}/"))
    ]
    return max(fitting, key=lambda entry: len(urls[entry]), default=None)


def links_for(who: Caller | None) -> tuple[list[Link], list[Link]]:
    """The main menu, and the second line: the pages of the section that is open, when it has more than one."""
    sections = sections_for(who)
    current = _current(sections)
    menu, below = [], []
    for section in sections:
        is_open = current in section.entries
        menu.append(Link(section.label, url_for(section.entries[0].endpoint), is_open))
        if is_open and len(section.entries) > 1:
            below = [Link(entry.label, url_for(entry.endpoint), entry == current) for entry in section.entries]
    return menu, below


def install(app: Flask) -> None:
    """Give every page its navigation. Public pages know of nobody."""

    @app.context_processor
    def navigation() -> dict[str, Any]:
        if not has_request_context():  # a mail or a document of a command
            return {"navigation": [], "section_navigation": [], "search_url": None}
        access = access_of(app, request.endpoint) if request.endpoint else None
        who = None if access is None or access.kind == "public" else current_caller()
        search = who is not None and who.is_staff and who.may("search:use")
        menu, below = links_for(who)
        return {
            "navigation": menu,
            "section_navigation": below,
            "search_url": url_for("admin.search") if search else None,
        }
