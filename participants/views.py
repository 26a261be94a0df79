"""Pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("participants", __name__)
