"""The cookie of the server-side session, and who stands behind it. Flask's own cookie holds no more than the CSRF key
and messages for the next page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Flask, current_app, g, redirect, request, url_for
from flask import session as form_cookie
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from core import clock, permissions
from core.db import session, transaction
from core.permissions import Caller
from core.web import settings
from identity import queries, rules
from identity.kinds import AccountKind
from identity.models import Account, SignInSession


@dataclass(frozen=True)
class CurrentSession:
    """The session of this request."""

    id: int
    account_id: int
    started_at: datetime
    verified_at: datetime | None
    """When the second factor was last proven."""
    has_second_factor: bool


def cookie_name() -> str:
    """`__Host-` wherever people reach us over https."""
    return "__Host-sessie" if settings().secure else "sessie"


def token() -> str | None:
    """The secret that the browser sent along."""
    return request.cookies.get(cookie_name())


def current_session() -> CurrentSession | None:
    """The session of whoever is signed in; None for a visitor."""
    found = g.get("sign_in_session")
    return found if isinstance(found, CurrentSession) else None


def device() -> str:
    """Browser and system of this request."""
    return rules.device(request.user_agent.string[:500])


def remember(response: Response, token: str) -> None:
    """Put the session cookie on a response. It has no end date: it goes when the browser closes."""
    response.set_cookie(cookie_name(), token, httponly=True, secure=settings().secure, samesite="Lax", path="/")


def forget(response: Response) -> None:
    """Take the session cookie away, and what the form cookie held."""
    form_cookie.clear()
    response.delete_cookie(cookie_name(), httponly=True, secure=settings().secure, samesite="Lax", path="/")


def welcome(token: str, target: str) -> Response:
    """The answer after signing in or step-up: a new cookie, a clean form cookie, on to a path of ours."""
    form_cookie.clear()
    response = redirect(rules.local_path(target) or url_for("account.show_front_page"), 303)
    remember(response, token)
    return response


def can_be_opened(path: str) -> bool:
    """Whether a page of ours answers at this path."""
    try:
        current_app.url_map.bind("localhost").match(path, method="GET")
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return True


def wanted() -> str:
    """The path in `verder`; empty for none, or for one that would lead elsewhere."""
    return rules.local_path(request.args.get("verder")) or ""


def install(app: Flask, representations: Callable[[int, date], dict[int, frozenset[str]]]) -> None:
    """Load who is signed in from the session cookie. `representations` tells for whom an account may act."""

    def load() -> Caller | None:
        g.sign_in_session = None
        secret = token()
        row = queries.session_of(secret) if secret else None
        if row is None:
            return None
        _touch(row)
        account = session().get_one(Account, row.account_id)
        g.sign_in_session = CurrentSession(
            row.id, row.account_id, row.started_at, row.verified_at, account.totp_secret is not None
        )
        if account.kind is AccountKind.STAFF:
            return queries.staff_caller(account)
        return queries.participant_caller(account, representations(account.id, clock.today()))

    permissions.install(app, load)


def _touch(row: SignInSession) -> None:
    if clock.now() - row.last_seen_at > timedelta(minutes=1):
        with transaction():
            row.last_seen_at = clock.now()
