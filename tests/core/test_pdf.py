"""PDF documents: tagged, from our own files only."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pikepdf
import pytest
from jinja2 import DictLoader

from core import pdf
from core.pdf import Embedded, PdfError, render
from scripts import system_packages
from tests.core.conftest import Installation, installed
from tests.database import Databases

PAGE = """<!DOCTYPE html>
<html lang="nl"><head><title>Overeenkomst {{ number }}</title></head>
<body><h1>Overeenkomst {{ number }}</h1><p>Het kost € 1.234,50.</p>
<table><tr><th scope="col">Wat</th></tr><tr><td>Jaartarief</td></tr></table>{{ more|safe }}</body></html>
"""


@pytest.fixture(scope="module")
def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed(databases, tmp_path_factory.mktemp("site")) as made:
        made.app.jinja_env.loader = DictLoader({"pdf/page.html": PAGE})
        yield made


@pytest.fixture
def printer(site: Installation) -> Iterator[Installation]:
    with site.app.app_context():
        yield site


def made(more: str = "", variant: str = pdf.UA) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(render("pdf/page.html", variant=variant, number=12, more=more)))


def test_an_archive_carries_a_file_and_says_that_it_is_accessible_too(printer: Installation) -> None:
    file = Embedded("factuur.xml", b"<Invoice/>", "text/xml", "De factuur als UBL", datetime(2026, 1, 12, tzinfo=UTC))
    document = pikepdf.open(
        io.BytesIO(render("pdf/page.html", variant=pdf.ARCHIVE, embedded=[file], number=1, more=""))
    )

    (one,) = document.Root.AF
    assert str(one.UF) == "factuur.xml"
    assert str(one.Desc) == "De factuur als UBL"
    assert one.AFRelationship == "/Alternative"
    assert one.EF.F.read_bytes() == b"<Invoice/>"
    assert one.EF.F.Subtype == "/text/xml"
    assert str(one.EF.F.Params.ModDate).startswith("D:20260112")
    metadata = document.open_metadata()
    assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == ("3", "A", "1")
    assert bytes(document.Root.Metadata.read_bytes()).count(b"<rdf:RDF") == 1
    assert len(document.Root.OutputIntents) == 1


def test_a_document_is_tagged_and_says_its_language_and_title(printer: Installation) -> None:
    document = made()
    assert document.Root.Lang == "nl"
    assert document.Root.MarkInfo.Marked
    assert document.Root.ViewerPreferences.DisplayDocTitle
    assert document.docinfo["/Title"] == "Overeenkomst 12"
    kinds = {str(node.S) for node in elements(document.Root.StructTreeRoot)}
    assert {"/H1", "/P", "/Table", "/TH", "/TD"} <= kinds


def elements(node: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """The structure elements below a node."""
    children = node.get("/K")
    for child in list(children) if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from elements(child)


def test_it_claims_pdf_ua_or_an_archive_variant(printer: Installation) -> None:
    with made().open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
    archive = made(variant=pdf.ARCHIVE)
    with archive.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
    assert archive.Root.OutputIntents


def test_fonts_are_embedded_and_nothing_runs(printer: Installation) -> None:
    document = made()
    fonts = [item for item in document.objects if isinstance(item, pikepdf.Dictionary) and item.get("/FontDescriptor")]
    assert fonts
    assert all({"/FontFile2", "/FontFile3"} & set(font.FontDescriptor.keys()) for font in fonts)
    assert "/JavaScript" not in document.Root.get("/Names", {})
    assert "/OpenAction" not in document.Root


@pytest.mark.parametrize(
    "more",
    [
        '<img src="static:/img/bestaat-niet.svg" alt="">',
        '<img src="img/bestaat-niet.svg" alt="">',
        '<img src="http://127.0.0.1:9/logo.png" alt="">',
        '<img src="https://example.nl/logo.png" alt="">',
        '<img src="file:///etc/hostname" alt="">',
        '<img src="static:/../app.py" alt="">',
        '<img src="static:/%2e%2e/app.py" alt="">',
        '<link rel="stylesheet" href="https://example.nl/x.css">',
        '<style>@import url("https://example.nl/x.css");</style>',
        '<style>body { background: url("http://127.0.0.1:9/x.png") }</style>',
        '<style>@font-face { font-family: x; src: url("http://127.0.0.1:9/x.ttf") }</style>',
        '<svg width="9" height="9"><image href="http://127.0.0.1:9/x.png" width="9" height="9"/></svg>',
        '<object data="http://127.0.0.1:9/x.png"></object>',
    ],
)
def test_a_file_that_is_missing_or_not_ours_stops_the_document(printer: Installation, more: str) -> None:
    with pytest.raises(PdfError, match="hoort niet bij dit document"):
        made(more)


def test_a_file_of_ours_is_used(printer: Installation) -> None:
    static = Path(printer.app.static_folder or "")
    image = next(path for path in static.glob("img/*.svg"))
    made(f'<img src="static:/img/{image.name}" alt="Beeldmerk">')


def test_a_missing_style_stops_the_document(printer: Installation) -> None:
    with pytest.raises(PdfError):
        render("pdf/page.html", stylesheet="css/bestaat-niet.css", number=1, more="")


def test_a_value_that_the_template_asks_for_must_be_given(printer: Installation) -> None:
    with pytest.raises(Exception, match="'number' is undefined"):
        render("pdf/page.html", more="")


def test_several_threads_may_make_documents(printer: Installation) -> None:
    together = Barrier(3)

    def make() -> int:
        together.wait(5)
        return sum(len(made().pages) for _ in range(3))

    assert [future.result() for future in printer.at_once(make, make, make)] == [3, 3, 3]


def test_what_makes_documents_quick_is_among_the_packages_that_the_start_asks_for() -> None:
    assert system_packages.SUBSET in system_packages.RUNTIME
    assert system_packages.SUBSET.name == "libharfbuzz-subset0"


@pytest.mark.needs("libharfbuzz-subset0")
def test_a_page_is_small_because_fonts_are_subset(printer: Installation) -> None:
    assert len(render("pdf/page.html", number=12, more="")) < 60_000
