"""Where this installation delivers requests for help: a ticket system, a mail address, or nowhere."""

from __future__ import annotations

from flask import Flask, current_app

from core.config import Settings
from core.web import settings
from helpdesk.ticket_systems.documents import TicketSystem
from helpdesk.ticket_systems.zammad import Zammad

_NAME = "ticket_system"


def install(app: Flask, config: Settings) -> None:
    """Choose by the settings."""
    if config.helpdesk_url and config.helpdesk_token and config.helpdesk_group:
        use(app, Zammad(config.helpdesk_url, config.helpdesk_token, config.helpdesk_group))


def use(app: Flask, system: TicketSystem) -> None:
    """Take this one: for the demonstration, which brings its own."""
    app.extensions[_NAME] = system


def ticket_system() -> TicketSystem | None:
    """The ticket system; None when requests go by mail or nowhere."""
    found: TicketSystem | None = current_app.extensions.get(_NAME)
    return found


def mail_address() -> str | None:
    """The mail address that gets requests."""
    return None if ticket_system() else settings().helpdesk_mail


def can_be_asked() -> bool:
    """Whether there is anywhere to deliver to; otherwise the help page names the operator's address."""
    return ticket_system() is not None or mail_address() is not None
