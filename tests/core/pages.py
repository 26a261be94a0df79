"""Pages that go wrong in all the ways there are, for tests of what every response has."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, jsonify, redirect, request
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.test import TestResponse

from core.audit import VISITOR, Entry, Event
from core.db import session, transaction
from core.errors import Conflict, Forbidden, NotFound, Refused, TooMany, UserError
from core.limits import count_attempt
from core.permissions import anyone, public, requires
from core.web import notice
from tests.core.conftest import Installation

REFUSED = Event("tests:web:refused", "{actor} mocht {what} niet.", refusal=True)


class Broken:
    """Something that cannot be shown on a page."""

    def __str__(self) -> str:
        raise ValueError("cannot be shown")


RAISED: dict[str, Any] = {
    "user": lambda: UserError("Dit klopt niet."),
    "refused": lambda: Refused("Dit kan niet meer.", entry=Entry(REFUSED, VISITOR, {"what": "dit"})),
    "forbidden": lambda: Forbidden("Dit mag alleen financiën."),
    "missing": lambda: NotFound("Dit dossier bestaat niet."),
    "conflict": lambda: Conflict("Een collega was u voor."),
    "too-many": lambda: TooMany("Probeer het straks opnieuw.", retry_after=90),
    "crash": lambda: ZeroDivisionError("geheim van binnen"),
    "pool": lambda: PoolTimeout("no connection"),
    "unshowable": lambda: UserError(Broken()),  # type: ignore[arg-type]
}


pages = Blueprint("pages", __name__)
"""Pages that go wrong in all the ways there are."""


@pages.get("/test/raise/<kind>")
@pages.get("/api/raise/<kind>")
@public
def throw(kind: str) -> str:
    raise RAISED[kind]()


@pages.get("/test/abort/<int:status>")
@pages.get("/api/abort/<int:status>")
@public
def stop(status: int) -> str:
    if status == 503:
        raise ServiceUnavailable(retry_after=30)
    abort(status)


@pages.get("/test/sql")
@public
def sql() -> str:
    """Breaks the transaction, and then fails."""
    session().execute(text(request.args["q"]), {"value": request.args.get("value")})
    return "goed"


@pages.get("/test/broken-transaction")
@public
def broken() -> str:
    try:
        session().execute(text("SELECT 1/0"))
    except Exception:
        raise UserError("Dat ging mis.") from None
    return ""


@pages.post("/test/form")
@anyone
def form() -> str:
    return request.form.get("name", "")


@pages.get("/test/limit")
@anyone
def limited() -> str:
    with transaction():
        count_attempt("test", "iemand", limit=1, window=timedelta(minutes=10))
    return "goed"


@pages.get("/test/elsewhere")
@public
def elsewhere() -> Any:
    return redirect("/gezond", 303)


@pages.get("/test/cached")
@public
def cached() -> Any:
    response = jsonify(fine=True)
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


@pages.get("/test/notice")
@anyone
def noticed() -> str:
    notice("Gelukt.")
    return "goed"


@pages.get("/test/closed")
@requires("invoice:issue")
def closed() -> str:
    return "geheim"


def with_pages(made: Installation) -> Installation:
    made.app.register_blueprint(pages)
    return made


def heading(response: TestResponse) -> str:
    body = response.get_data(as_text=True)
    assert '<html lang="nl"' in body, body[:300]
    start = body.index(">", body.index("<h1")) + 1
    return body[start : body.index("</h1>")].strip()
