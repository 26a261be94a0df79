"""A mailed link to go on later, not more often than is sensible."""

from __future__ import annotations

from datetime import timedelta

from core.db import transaction
from core.errors import TooMany
from core.limits import count_attempt
from core.permissions import caller
from core.web import notice
from onboarding.applications import services
from onboarding.models import Application

LINKS_PER_HOUR = 5


def mail_link(row: Application) -> None:
    """Mail the link and say so on the next page. Opens its own transactions: a count must survive a refusal."""
    who, email = caller(), row.email
    try:
        with transaction():
            account = str(who.account_id)
            count_attempt("onboarding:application:link", account, limit=LINKS_PER_HOUR, window=timedelta(hours=1))
        with transaction():
            services.send_link(row, who.actor)
    except TooMany as error:
        notice(error.message, "warning")
    else:
        notice(f"Wij hebben een link gemaild naar {email}. Daarmee gaat u later verder.")
