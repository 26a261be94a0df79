"""PDF documents from Jinja templates. The only import of WeasyPrint; nothing comes from the network."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app, render_template
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

_one_at_a_time = Lock()
"""Threads share the fonts, and Pango does not promise that they may."""

UA = "pdf/ua-1"
ARCHIVE = "pdf/a-3a"


class PdfError(Exception):
    """A document could not be made; the text says which asset is missing."""


class _LocalFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """Serves `static:PATH` from the static folder, `image:NAME` from the images that were given along, and refuses
    everything else, loudly."""

    def __init__(self, images: Mapping[str, bytes] | None = None) -> None:
        super().__init__(fail_on_errors=True)
        self.images = images or {}
        self.refused: list[str] = []
        """What was asked for in vain; inside an SVG, WeasyPrint passes over the exception."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        parts = urlsplit(url)
        if parts.scheme == "image" and (image := self.images.get(parts.path)):
            media_type = "image/png" if image.startswith(b"\x89PNG") else "image/svg+xml"
            return URLFetcherResponse(url, image, {"Content-Type": media_type})
        root = Path(current_app.static_folder or "static").resolve()
        file = (root / unquote(parts.path).lstrip("/")).resolve()
        if parts.scheme != "static" or root not in file.parents or not file.is_file():
            self.refused.append(url)
            raise FatalURLFetchingError(f"{url} hoort niet bij dit document")
        media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": media_type})


@lru_cache(maxsize=8)
def _fonts_and_style(stylesheet: str, _static: str) -> tuple[FontConfiguration, CSS]:
    """Shared between documents: parsing the style and finding the fonts costs a third of the time."""
    fonts = FontConfiguration()
    return fonts, CSS(url=f"static:/{stylesheet}", font_config=fonts, url_fetcher=_LocalFetcher())


def render(
    template: str,
    *,
    stylesheet: str = "css/document.css",
    variant: str = UA,
    images: Mapping[str, bytes] | None = None,
    **values: Any,
) -> bytes:
    """A tagged PDF of a template that has `<html lang>` and `<title>`. `images`: PNG or SVG by the name with which the
    template asks for it (`image:logo`). Raises PdfError for a missing asset."""
    html = render_template(template, **values)
    fetcher = _LocalFetcher(images)
    try:
        with _one_at_a_time:
            fonts, style = _fonts_and_style(stylesheet, str(current_app.static_folder))
            document = HTML(string=html, base_url="static:/", url_fetcher=fetcher)
            content: bytes = document.write_pdf(
                stylesheets=[style], font_config=fonts, pdf_variant=variant, pdf_tags=True, custom_metadata=True
            )
    except FatalURLFetchingError as error:  # a BaseException in WeasyPrint
        raise PdfError(str(error)) from error
    if fetcher.refused:
        raise PdfError(f"{fetcher.refused[0]} hoort niet bij dit document")
    return content
