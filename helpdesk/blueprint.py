"""The blueprint of all pages about help and meetings."""

from __future__ import annotations

from flask import Blueprint, request

from helpdesk.rules import MOST_BYTES_SENT

blueprint = Blueprint("helpdesk", __name__)

WITH_FILES = "helpdesk.ask"


@blueprint.url_value_preprocessor
def allow_files(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Five files of five megabytes are more than other forms may send. Comes before the form is read."""
    if endpoint == WITH_FILES:
        request.max_content_length = MOST_BYTES_SENT
