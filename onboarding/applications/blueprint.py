"""The blueprint that all pages of applications share."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("applications", __name__)
