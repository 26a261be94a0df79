"""Public pages: no session, no cookie, read only."""

from __future__ import annotations

from flask import Blueprint

from core.permissions import public

blueprint = Blueprint("public_pages", __name__)


@blueprint.get("/")
@public
def home() -> str:
    return "Knooppuntbeheer"


@blueprint.get("/toegankelijkheid")
@public
def accessibility() -> str:
    return "Toegankelijkheid"


@blueprint.get("/privacy")
@public
def privacy() -> str:
    return "Privacy"
