"""The blueprint that the pages about privacy hang on."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

blueprint = Blueprint("privacy", __name__, url_prefix="/beheer/privacy")

Answer = str | Response | tuple[str, int]
LAYOUT = "layouts/staff.html"
