"""The page behind a badge and its pictures. Nothing of the address is shown again, and an id counts only as printed."""

from __future__ import annotations

from flask import Response, render_template

from core import clock
from core.permissions import public
from core.web import settings
from onboarding.going_live.rules import Badge
from register import queries
from register.answers import Answer, answer, is_demo, kept
from register.badges.pictures import draw_png
from register.queries import operator_now
from register.views import TEXTS, blueprint

PICTURE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""A picture runs nothing and fetches nothing, also when somebody opens it by itself; every website may show it."""


def _not_valid() -> Response:
    return answer(render_template("register/no_badge.html", noindex=True), status=404).response()


@blueprint.get("/keurmerk/<directory_id>")
@public
def show_badge(directory_id: str) -> Response:
    """The page behind a badge; an id that we never gave out says that the badge is not valid."""
    found = queries.badge(directory_id, clock.today())
    if found is None:
        return _not_valid()
    values = {} if found.is_named else {"noindex": True}
    host = settings().base_url.partition("://")[2]
    return answer(
        render_template("register/badge.html", badge=found, host=host, is_demo=is_demo(), **values)
    ).response()


@blueprint.get("/keurmerk/<path:anything>")
@public
def refuse_badge(anything: str) -> Response:
    """An address with more parts was never ours."""
    return _not_valid()


@blueprint.get("/keurmerk/<directory_id>.svg")
@public
def badge_image(directory_id: str) -> Response:
    found = queries.badge(directory_id, clock.today())
    return _not_valid() if found is None else kept(("svg", found), lambda: _svg(found)).response()


@blueprint.get("/keurmerk/<directory_id>.png")
@public
def badge_png(directory_id: str) -> Response:
    """The same picture for who cannot use SVG, twice as large; the same standing gives the same bytes."""
    found = queries.badge(directory_id, clock.today())
    return _not_valid() if found is None else kept(("png", found), lambda: _png(found)).response()


def _svg(found: Badge) -> Answer:
    picture = render_template("register/badge.svg", badge=found, is_demo=is_demo())
    return answer(picture, "image/svg+xml; charset=utf-8", headers=PICTURE_HEADERS)


def _png(found: Badge) -> Answer:
    return answer(draw_png(found, is_demo=is_demo()), "image/png", headers=PICTURE_HEADERS)


@blueprint.get("/keurmerk/voorwaarden")
@public
def show_badge_terms() -> Response:
    page = render_template("register/badge_terms.html", operator=operator_now(clock.today()))
    return answer(page).response(cache=TEXTS)
