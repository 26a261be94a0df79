"""PDF documents from Jinja templates. The only import of WeasyPrint; nothing comes from the network."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import unquote, urlsplit

import cssselect2
import lxml.html
from flask import current_app, render_template
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.ffi import harfbuzz_subset
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

_one_at_a_time = Lock()
"""Threads share the fonts, and Pango does not promise that they may."""

UA = "pdf/ua-1"
ARCHIVE = "pdf/a-3a"
"""To be kept (ISO 19005-3, level A). It says of itself that it is PDF/UA-1 as well (ISO 14289-1), which it then is."""
SAYS_UA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1" />\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"\
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 to which the document conforms</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""
"""WeasyPrint takes one variant; and PDF/A wants a word of another standard described (ISO 19005-3, 6.6.2.3)."""


SUBSET = "libharfbuzz-subset0"
"""Debian package without which a small font for each document takes seven times as long, in Python."""


@dataclass(frozen=True)
class Embedded:
    """A file inside an ARCHIVE document that says the same in another form."""

    name: str
    content: bytes
    media_type: str
    description: str
    made_at: datetime


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


class _StyledPage(HTML):  # type: ignore[misc]  # WeasyPrint ships no types
    """A page whose stylesheet says everything, also what a browser knows by itself. Not looking through the 200 rules
    of WeasyPrint's own style, and reading with lxml, saves a seventh of the time of a short document."""

    def __init__(self, string: str, base_url: str, url_fetcher: URLFetcher) -> None:
        self.base_url = base_url
        self.url_fetcher = url_fetcher
        self.media_type = "print"
        tree = lxml.html.document_fromstring(string)
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(tree, content_language=None)
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return []


@lru_cache(maxsize=8)
def _fonts_and_style(stylesheet: str, _static: str) -> tuple[FontConfiguration, CSS]:
    """Shared between documents: parsing the style and finding the fonts costs a third of the time."""
    fonts = FontConfiguration()
    return fonts, CSS(url=f"static:/{stylesheet}", font_config=fonts, url_fetcher=_LocalFetcher())


def render(
    template: str,
    *,
    stylesheet: str = "css/document.css",
    whole_style: bool = False,
    variant: str = UA,
    embedded: Sequence[Embedded] = (),
    images: Mapping[str, bytes] | None = None,
    **values: Any,
) -> bytes:
    """A tagged PDF of a template that has `<html lang>` and `<title>`. Raises PdfError for a missing asset.

    `whole_style`: the stylesheet says everything about the elements that are used, so that no other style is needed.
    `embedded`: only in an ARCHIVE document. `images`: PNG or SVG by the name with which the template asks for it
    (`image:logo`).
    """
    if embedded and variant != ARCHIVE:
        raise ValueError("only PDF/A-3 may carry files")
    if not harfbuzz_subset:
        raise PdfError(f"Om pdf's te maken ontbreekt {SUBSET}: sudo apt-get install -y {SUBSET}")
    html = render_template(template, **values)
    fetcher = _LocalFetcher(images)
    try:
        with _one_at_a_time:
            fonts, style = _fonts_and_style(stylesheet, str(current_app.static_folder))
            page = _StyledPage if whole_style else HTML
            document = page(string=html, base_url="static:/", url_fetcher=fetcher)
            content: bytes = document.write_pdf(
                finisher=_finish(embedded) if variant == ARCHIVE else None,
                stylesheets=[style],
                font_config=fonts,
                pdf_variant=variant,
                pdf_tags=True,
                custom_metadata=True,
                attachments=[_attachment(file) for file in embedded],
            )
    except FatalURLFetchingError as error:  # a BaseException in WeasyPrint
        raise PdfError(str(error)) from error
    if fetcher.refused:
        raise PdfError(f"{fetcher.refused[0]} hoort niet bij dit document")
    return content


def _attachment(file: Embedded) -> Attachment:
    return Attachment(
        string=file.content,
        name=file.name,
        description=file.description,
        relationship="Alternative",
        created=file.made_at,
        modified=file.made_at,
    )


def _finish(embedded: Sequence[Embedded]) -> Callable[[Any, Any], None]:
    """What WeasyPrint leaves open: that it is PDF/UA too, the media type of the files, and each file listed once."""

    def finish(_document: Any, made: Any) -> None:
        metadata = made.objects[int(made.catalog["Metadata"].split()[0])]
        metadata.stream[0] = metadata.stream[0].replace(b"</rdf:RDF>", SAYS_UA + b"</rdf:RDF>")
        media_types = {file.name: file.media_type for file in embedded}
        for thing in made.objects:
            if isinstance(thing, dict) and thing.get("Type") == "/Filespec":
                stream = made.objects[int(thing["EF"]["F"].split()[0])]
                stream.extra["Subtype"] = "/" + media_types[thing["UF"].string].replace("/", "#2f")
        if "AF" in made.catalog:
            made.catalog["AF"][:] = dict.fromkeys(made.catalog["AF"])

    return finish
