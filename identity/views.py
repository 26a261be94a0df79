"""Signing in and out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from flask import Blueprint, Flask, request
from werkzeug.wrappers import Response

from core import clock, permissions
from core.db import session, transaction
from core.permissions import Caller, anyone
from core.web import settings
from identity import queries
from identity.kinds import AccountKind
from identity.models import Account

blueprint = Blueprint("identity", __name__)


def cookie_name() -> str:
    """`__Host-` wherever people reach us over https."""
    return "__Host-sessie" if settings().secure else "sessie"


@blueprint.get("/inloggen")
@anyone
def sign_in() -> str:
    return "inloggen"


@blueprint.post("/uitloggen")
@anyone
def sign_out() -> str:
    return "uitgelogd"


def install(app: Flask, representations: Callable[[int, date], dict[int, frozenset[str]]]) -> None:
    """Load who is signed in from the session cookie. `representations` tells for whom an account may act."""

    def load() -> Caller | None:
        token = request.cookies.get(cookie_name())
        row = queries.session_of(token) if token else None
        if row is None:
            return None
        if clock.now() - row.last_seen_at > timedelta(minutes=1):
            row.last_seen_at = clock.now()
            with transaction():
                session().flush()
        account = session().get_one(Account, row.account_id)
        if account.kind is AccountKind.STAFF:
            return queries.staff_caller(account)
        return queries.participant_caller(account, representations(account.id, clock.today()))

    permissions.install(app, load)


def remember(response: Response, token: str) -> None:
    """Put the session cookie on a response."""
    response.set_cookie(cookie_name(), token, httponly=True, secure=settings().secure, samesite="Lax", path="/")
