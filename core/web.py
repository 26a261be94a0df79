"""What every response has: security headers, error pages in Dutch, asset addresses, health."""

from __future__ import annotations

import hashlib
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, flash, jsonify, make_response, render_template, request, url_for
from flask_wtf.csrf import CSRFError, generate_csrf
from jinja2 import StrictUndefined
from psycopg.errors import NumericValueOutOfRange, UntranslatableCharacter
from sqlalchemy import text
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.middleware.proxy_fix import ProxyFix

from core import db as database
from core import jobs, migrations
from core.config import Settings
from core.db import db, scoped, session
from core.errors import Refused, TooMany, UserError
from core.forms import csrf
from core.permissions import current_caller, public

CSP = (
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
    " object-src 'none'"
)
EXPLAINED = {
    400: "Deze aanvraag is niet goed aangekomen",
    403: "U mag dit niet",
    404: "Dit bestaat niet",
    405: "Dit kan niet op deze manier",
    409: "Dit kan nu niet",
    413: "Dit is te groot",
    429: "Dit is te vaak geprobeerd",
    500: "Er ging iets mis bij ons",
    503: "Wij zijn even niet bereikbaar",
}
"""Errors with a page of their own; the text is the title where there is no page."""

KEPT_HEADERS = {"allow", "content-range", "retry-after", "www-authenticate"}

LAST_RESORT = """<!DOCTYPE html>
<html lang="nl"><head><meta charset="utf-8"><title>{title}</title></head>
<body><main><h1>{title}</h1><p>Probeer het over een paar minuten opnieuw.{reference}</p></main></body></html>
"""
"""Shown when the page about an error cannot be made either."""


def settings() -> Settings:
    """The settings of the running application."""
    found: Settings = current_app.extensions["settings"]
    return found


def absolute_url(endpoint: str, **values: Any) -> str:
    """A full address for mails and documents; host and scheme come from BASE_URL, never from the request."""
    return settings().base_url + current_app.url_map.bind("localhost").build(endpoint, values)


@lru_cache(maxsize=512)
def _content_hash(path: Path, _changed: float) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def asset(path: str) -> str:
    """Address of a static file with its content hash, so that it can be cached for ever."""
    file = Path(current_app.static_folder or "static") / path
    return url_for("static", filename=path, v=_content_hash(file, file.stat().st_mtime))


def problem(status: int, title: str, detail: str) -> Response:
    """An error of the API as RFC 9457 problem details."""
    response = jsonify(type="about:blank", title=title, status=status, detail=detail, instance=request.path)
    response.status_code = status
    response.content_type = "application/problem+json"
    return response


def _wants_json() -> bool:
    return request.path.startswith("/api/")


def _error_page(
    status: int, message: str | None, reference: str | None = None, template: str | None = None
) -> Response:
    page = status if status in EXPLAINED else (500 if status >= 500 else 400)
    code = f" Code van deze melding: {reference}." if reference else ""
    if _wants_json():
        return problem(status, EXPLAINED[page], (message or f"{EXPLAINED[page]}.") + code)
    try:
        template = f"errors/{template or page}.html"
        return make_response(render_template(template, message=message, reference=reference), status)
    except Exception:
        current_app.logger.exception("The page about error %s cannot be made", status)
        return make_response(LAST_RESORT.format(title=EXPLAINED[page], reference=code), status)


def _on_http_error(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400 or error.response is not None:
        return error
    page = _error_page(error.code, None)
    for name, value in error.get_headers(request.environ):
        if name.lower() in KEPT_HEADERS:
            page.headers[name] = value
    return page


def _on_user_error(error: UserError) -> Response:
    if isinstance(error, Refused):
        database.record_refusal(error)
    else:
        session().rollback()
    by_rule = isinstance(error, Refused) and error.status == 409
    page = _error_page(error.status, error.message, template="refused" if by_rule else None)
    if isinstance(error, TooMany) and error.retry_after:
        page.headers["Retry-After"] = str(error.retry_after)
    return page


def _on_csrf_error(_error: CSRFError) -> Response:
    return _error_page(
        400, "De beveiliging van dit formulier is verlopen. Ga terug, ververs de pagina en verstuur opnieuw."
    )


def _status_of(error: BaseException) -> int:
    """503 when the database is out of reach, 400 or 404 for values that it cannot hold, else 500."""
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout):
        return 503
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return 503
    if isinstance(error, DataError) and isinstance(error.orig, NumericValueOutOfRange):
        return 404  # a number beyond bigint in an address
    if isinstance(error, DataError) and getattr(error.orig, "sqlstate", None) in {
        None,
        UntranslatableCharacter.sqlstate,
    }:
        return 400  # a NUL character in a parameter
    return 500


def _on_crash(error: Exception) -> Response:
    cause: BaseException = error
    if isinstance(error, InternalServerError) and error.original_exception is not None:
        cause = error.original_exception
    reference = secrets.token_hex(4)
    current_app.logger.error("Fout %s", reference, exc_info=cause)
    try:
        session().rollback()
    except Exception:
        current_app.logger.exception("rollback after %s failed", reference)
    return _error_page(_status_of(cause), None, reference)


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CSP)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if settings().secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if settings().is_demo:
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
    if request.endpoint == "static" and response.status_code < 400:
        if "v" in request.args:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


_TOO_STRONG = text(
    "SELECT rolsuper OR rolbypassrls OR EXISTS (SELECT FROM pg_class WHERE relname = 'audit_events'"
    " AND relnamespace = CAST('public' AS regnamespace) AND pg_has_role(relowner, 'USAGE'))"
    " FROM pg_roles WHERE rolname = current_user"
)
"""Whether the row policies do not hold for the role that we are connected as."""


@public
def alive() -> Response:
    """/gezond: this process answers."""
    return jsonify(status="gezond")


@public
def ready() -> Response:
    """/gereed: database reachable, migrations applied, worker seen lately. 503 with the reasons otherwise."""
    problems = []
    try:
        with scoped(database.JOB):
            if migrations.pending(session().connection()):
                problems.append("De database loopt achter: voer 'flask database migrate' uit.")
            elif settings().worker_expected and not jobs.worker_is_alive():
                problems.append("De achtergrondverwerker is niet gezien in de laatste minuut.")
            if session().scalar(_TOO_STRONG):
                problems.append("DATABASE_URL noemt een rol die te veel mag: neem de rol van de toepassing.")
    except (OperationalError, InterfaceError):
        problems.append("De database is niet bereikbaar.")
    except SQLAlchemyError as error:
        current_app.logger.error("not ready", exc_info=error)
        problems.append("De database antwoordt met een fout; kijk in het logboek van de webserver.")
    finally:
        session().rollback()
    response = jsonify(status="niet gereed" if problems else "gereed", problemen=problems)
    response.status_code = 503 if problems else 200
    return response


def notice(message: str, category: str = "success") -> None:
    """Show a sentence on top of the next page."""
    flash(message, category)


def install(app: Flask, config: Settings) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.url_map.strict_slashes = False  # /deelnemers/ is /deelnemers
    app.jinja_env.globals.update(asset=asset, csrf_token=generate_csrf)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.config.update(
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={
            "pool_pre_ping": True,
            "pool_size": 8,
            "max_overflow": 8,
            "connect_args": {"connect_timeout": 5},
        },
        MAX_CONTENT_LENGTH=16 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=16 * 1024 * 1024,  # a text that is far too long gets its sentence beside the field
        SESSION_COOKIE_NAME="__Host-formulier" if config.secure else "formulier",
        SESSION_COOKIE_SECURE=config.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        TESTING=config.mode == "test",
    )
    app.extensions["settings"] = config
    if config.trusted_proxies:
        proxies = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)  # type: ignore[method-assign]
    db.init_app(app)
    csrf.init_app(app)
    app.after_request(_headers)
    app.register_error_handler(CSRFError, _on_csrf_error)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(UserError, _on_user_error)
    app.register_error_handler(Exception, _on_crash)
    app.add_url_rule("/gezond", "alive", alive)
    app.add_url_rule("/gereed", "ready", ready)

    @app.context_processor
    def layout() -> dict[str, Any]:
        who = current_caller()
        return {
            "environment_label": "Voorbeeldomgeving: verzonnen gegevens, geen echte aansluitingen"
            if config.is_demo
            else None,
            "noindex": config.is_demo,
            "product_version": app.config.get("PRODUCT_VERSION", ""),
            "navigation": [],
            "search_url": None,
            "signed_in": who,
        }
