"""Every view names one permission, or says that it is public; what it says decides the database scope of the request.

- `@requires("object:action")`: somebody signed in who has it, as staff or for at least one participant;
- `@anyone`: form pages for everybody (sign-in, application); who is signed in is known;
- `@public`: read-only pages: no session, no cookie.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

from core import db as database
from core.audit import VISITOR, Actor, Entry, Event
from core.db import Scope
from core.errors import Forbidden, NotFound

View = TypeVar("View", bound=Callable[..., Any])

REFUSED = Event(
    "core:permission:refused", "{actor} had geen recht op '{permission}' ({page}).", refusal=True, internal=True
)


@dataclass(frozen=True)
class Access:
    """What a view asks of its visitor."""

    kind: str
    permission: str | None = None


@dataclass(frozen=True)
class Caller:
    """The signed-in person of this request, or of a command."""

    kind: str
    """staff or participant"""
    account_id: int
    person: uuid.UUID
    name: str
    description: str = ""
    permissions: frozenset[str] = frozenset()
    """Staff: what the roles allow."""
    by_participant: Mapping[int, frozenset[str]] = field(default_factory=dict)
    """Participants: what the person may do for each participant."""

    @property
    def is_staff(self) -> bool:
        return self.kind == "staff"

    @property
    def actor(self) -> Actor:
        return Actor(self.kind, self.person)

    @property
    def account_url(self) -> str:
        """The page with the own data, second factor and sessions."""
        return url_for("account.show_account")

    @property
    def sign_out_url(self) -> str:
        return url_for("identity.sign_out")

    @property
    def scope(self) -> Scope:
        if self.is_staff:
            return database.staff(self.account_id)
        return database.participant(self.account_id, tuple(sorted(self.by_participant)))

    def may(self, permission: str, participant_id: int | None = None) -> bool:
        """Staff: the roles decide. Others: for this participant, or without one for any of theirs."""
        if self.is_staff:
            return permission in self.permissions
        if participant_id is not None:
            return permission in self.by_participant.get(participant_id, frozenset())
        return any(permission in allowed for allowed in self.by_participant.values()) or permission in self.permissions


def requires(permission: str) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = Access("requires", permission)  # type: ignore[attr-defined]  # read by enforce()
        return view

    return mark


def anyone(view: View) -> View:
    view.access = Access("anyone")  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    view.access = Access("public")  # type: ignore[attr-defined]
    return view


def access_of(app: Flask, endpoint: str) -> Access | None:
    """What the view behind an endpoint says; static files are public."""
    if endpoint == "static" or endpoint.endswith(".static"):
        return Access("public")
    return getattr(app.view_functions[endpoint], "access", None)


def caller() -> Caller:
    """Who is signed in. Raises Forbidden when nobody is."""
    found = current_caller()
    if found is None:
        raise Forbidden("Log eerst in.")
    return found


def current_caller() -> Caller | None:
    found = g.get("caller")
    return found if isinstance(found, Caller) else None


def current_actor() -> Actor:
    """The actor for the audit trail: the signed-in person, else a visitor."""
    found = current_caller()
    return found.actor if found else VISITOR


def demand(permission: str, participant_id: int | None = None) -> Caller:
    """The caller, if they hold the permission (for this participant). Another's object is NotFound on purpose."""
    who = caller()
    if who.may(permission, participant_id):
        return who
    if not who.is_staff and participant_id is not None and participant_id not in who.by_participant:
        raise NotFound("Deze pagina bestaat niet, of hoort bij een andere organisatie.")
    raise _refusal(who, permission)


def _refusal(who: Caller, permission: str) -> Forbidden:
    entry = Entry(REFUSED, who.actor, {"permission": permission, "page": request.path.replace("\0", "")[:200]})
    return Forbidden("U hebt geen recht om dit te doen. Vraag een collega die het wel mag.", entry=entry)


def _check(who: Caller | None, permission: str) -> Response | None:
    """The way to the sign-in page for who is not signed in; a refusal, on the trail, for who lacks the permission."""
    if who is None:
        wanted = request.full_path.rstrip("?") if request.method in {"GET", "HEAD"} else None
        return redirect(url_for("identity.sign_in", verder=wanted), 303)
    if not who.may(permission):
        raise _refusal(who, permission)
    return None


_SCOPE_BEFORE = "knooppuntbeheer.scope_before"


def install(app: Flask, load: Callable[[], Caller | None]) -> None:
    """Enforce access before every request. `load` finds the signed-in person from the request, in scope SIGN_IN."""

    @app.before_request
    def enforce() -> Response | None:
        request.environ[_SCOPE_BEFORE] = database.current_scope()
        g.caller = None
        database.set_scope(database.PUBLIC)
        if request.endpoint is None:
            return None
        access = access_of(app, request.endpoint)
        if access is None:
            abort(500, f"{request.endpoint} names no permission")
        if access.kind == "public":
            return None
        with database.scoped(database.SIGN_IN):
            g.caller = load()
        who = current_caller()
        database.set_scope(who.scope if who else database.VISITOR)
        return None if access.kind == "anyone" else _check(who, access.permission or "")

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        """Leave the thread as it was found: with the scope of nobody, or in a test that of the test."""
        before = request.environ.pop(_SCOPE_BEFORE, None)
        if before is not None:
            g.pop("caller", None)
            database.restore_scope(before)
