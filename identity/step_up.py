"""The second factor before an act that binds: set, and proven in the last quarter of an hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from core import clock
from identity import rules
from identity.session_cookie import can_be_opened, current_session

View = TypeVar("View", bound=Callable[..., Any])


def require_second_factor(within: timedelta = rules.FRESH) -> Response | None:
    """None when the person of this request proved the second factor `within` this time; else the redirect to the page
    that asks for it (or sets it first) and then leads back."""
    current = current_session()
    if current is not None and rules.is_fresh(current.verified_at, clock.now(), within):
        return None
    return redirect(url_for("account.prove_second_factor", verder=_way_back()), 303)


def fresh_second_factor(view: View) -> View:
    """`@requires(…)`, and below it `@fresh_second_factor`: on the page of the form as well as on what it is sent to, so
    that nobody fills in a form and is then sent away."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        return require_second_factor() or view(*args, **kwargs)

    return guarded  # type: ignore[return-value]  # same arguments, same answers


def _way_back() -> str:
    """This page; for a sent form the page that it stood on."""
    if request.method in {"GET", "HEAD"}:
        return request.full_path.rstrip("?")
    referrer = urlsplit(request.referrer or "")
    if referrer.netloc == request.host and rules.local_path(referrer.path):
        return referrer.path + (f"?{referrer.query}" if referrer.query else "")
    return request.path if can_be_opened(request.path) else url_for("account.show_front_page")
