"""The PDF of an invoice: one page, tagged, readable, and clear about what has to be done."""

from __future__ import annotations

import io
import re
import struct
import subprocess
import zlib
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest
from flask import Flask

from billing import queries, services
from billing.delivery.rules import DOTS, payment_code, payment_text
from billing.delivery.services import render
from billing.documents import InvoiceDocument, Line
from billing.e_invoice.services import ubl
from core import clock
from core.audit import SYSTEM
from core.pdf import PdfError
from scripts import subset_fonts
from tests.billing.conftest import World
from tests.billing.documents import EIGHT_LINES, MIXED

LINK = "https://knooppunt.voorbeeld.invalid/factuur/QmxhZGllYmxhZGll"


@pytest.fixture
def paying(world: World) -> InvoiceDocument:
    with clock.at(date(2024, 3, 15)):
        participant = world.municipality(70_361, name="Gemeente Súdwest-Fryslân")
        return queries.document_of(services.issue_first_invoice(participant, date(2024, 3, 15), SYSTEM))


@pytest.fixture
def free(world: World) -> InvoiceDocument:
    with clock.at(date(2026, 3, 15)):
        participant = world.municipality(70_361)
        return queries.document_of(services.issue_first_invoice(participant, date(2026, 3, 15), SYSTEM))


def words(pdf: bytes, folder: Path) -> str:
    """The text in reading order, white space folded."""
    (folder / "factuur.pdf").write_bytes(pdf)
    text = subprocess.run(["pdftotext", folder / "factuur.pdf", "-"], capture_output=True, text=True, check=True).stdout
    return re.sub(r"\s+", " ", text)


def test_it_is_one_tagged_page_in_dutch_with_embedded_fonts(paying: InvoiceDocument) -> None:
    with pikepdf.open(io.BytesIO(render(paying).pdf)) as pdf:
        root = pdf.Root
        assert len(pdf.pages) == 1
        assert str(root.Lang) == "nl"
        assert bool(root.MarkInfo.Marked)
        assert "/StructTreeRoot" in root
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        metadata = bytes(root.Metadata.read_bytes()).decode()
        assert "pdfuaid:part" in metadata
        assert "VOORBEELD Factuur 2024-00001" in metadata
        assert "/JavaScript" not in str(root.get("/Names", ""))
        for font in pdf.pages[0].Resources.Font.values():
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert "/FontFile2" in descriptor, "a TrueType font that is embedded"


@pytest.mark.needs("poppler-utils")
def test_it_says_what_to_pay_to_whom_and_why(paying: InvoiceDocument, tmp_path: Path) -> None:
    text = words(render(paying).pdf, tmp_path)
    for expected in (
        "VOORBEELD",
        "Voorbeeldbeheerder A",
        "Gemeente Súdwest-Fryslân",
        "KvK 99000010",
        "Btw-nummer NL000099998B57",
        "Factuur 2024-00001",
        "Factuurdatum 15 maart 2024",
        "Betalen voor of op 14 april 2024",
        "Uw inkoopordernummer PO-2026-0815",
        "Uw kenmerk SHV / 4711",
        "15 maart 2024 tot en met 31 december 2024",
        "Aansluitkosten, eenmalig, categorie D",
        "21% btw over € 2.800,00",
        "€ 3.388,00",
        "NL02 ABNA 0123 4567 89",
        "Betalingskenmerk RF42 2024 0000 1",
        "70.361 inwoners volgens organisaties.overheid.nl, categorie D.",
        "Voorbeeldbesluit: Tarieven A–G",
        "Pagina 1 van 1",
    ):
        assert expected in text


@pytest.mark.needs("poppler-utils")
def test_at_nothing_to_pay_it_asks_for_nothing(free: InvoiceDocument, tmp_path: Path) -> None:
    text = words(render(free).pdf, tmp_path)
    assert "Jaartarief 2026, categorie D" in text
    assert "21% btw over € 0,00" in text
    assert "U hoeft niets te betalen." in text
    for absent in ("IBAN", "NL02", "Betalen voor of op", "Betalingskenmerk", "Maak €", "QR"):
        assert absent not in text


@pytest.mark.needs("poppler-utils")
def test_a_real_invoice_does_not_say_example(paying: InvoiceDocument, tmp_path: Path) -> None:
    assert "VOORBEELD" not in words(render(replace(paying, example=False)).pdf, tmp_path)


@pytest.mark.needs("poppler-utils")
def test_a_credit_note_says_what_it_takes_back(world: World, tmp_path: Path) -> None:
    with clock.at(date(2024, 3, 15)):
        invoice = services.issue_first_invoice(world.municipality(), date(2024, 3, 15), SYSTEM)
        credit_note = services.credit_invoice(invoice, "Verkeerde <periode> & reden.", SYSTEM)
    text = words(render(queries.document_of(credit_note)).pdf, tmp_path)
    assert "Creditnota C2024-00001" in text
    assert "Factuur 2024-00001 van 15 maart 2024" in text
    assert "Met deze creditnota vervalt factuur 2024-00001 helemaal." in text
    assert "Reden: Verkeerde <periode> & reden." in text
    assert "Dan krijgt u € 3.388,00 van ons terug." in text
    assert "Betalingskenmerk" not in text


def test_long_names_and_many_lines_go_on_a_second_page(paying: InvoiceDocument) -> None:
    long = replace(
        paying,
        buyer=replace(paying.buyer, name="Samenwerkingsverband " * 9, unit="Onderdeel" * 20),
        lines=(Line("Jaartarief " * 12, paying.net, paying.lines[0].vat_percentage),) * 12,
    )
    with pikepdf.open(io.BytesIO(render(long).pdf)) as pdf:
        assert len(pdf.pages) == 2


# ------------------------------------------------------------------------------------------- the archive, the e-invoice


@pytest.mark.parametrize("name", list(MIXED))
def test_it_is_an_archive_that_is_accessible_and_carries_the_same_ubl(app: Flask, name: str) -> None:
    with app.test_request_context():
        made = render(MIXED[name])
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf, pdf.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == ("3", "A", "1")
        assert bytes(pdf.Root.Metadata.read_bytes()).count(b"<rdf:RDF") == 1
        assert len(pdf.Root.OutputIntents) == 1
        assert str(pdf.Root.Lang) == MIXED[name].language.value
        (file,) = pdf.Root.AF
        assert (str(file.UF), str(file.AFRelationship)) == (MIXED[name].ubl_name, "/Alternative")
        assert file.EF.F.Subtype == "/application/xml"
        assert file.EF.F.read_bytes() == made.ubl == ubl(MIXED[name])
        assert str(file.EF.F.Params.ModDate).startswith("D:20240315")
        assert "/JavaScript" not in str(pdf.Root.get("/Names", ""))
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
                assert "/FontFile2" in item, "a TrueType font that is embedded"
        assert len(pdf.pages) == 1


def test_the_same_document_gives_the_same_ubl_at_any_time(app: Flask) -> None:
    with app.test_request_context(), clock.at(date(2031, 1, 1)):
        assert render(MIXED["an ordinary invoice"]).ubl == ubl(MIXED["an ordinary invoice"])


def test_eight_lines_a_long_name_and_a_link_stay_one_page(app: Flask) -> None:
    with app.test_request_context():
        made = render(EIGHT_LINES, link=LINK)
    assert len(pikepdf.open(io.BytesIO(made.pdf)).pages) == 1


# ------------------------------------------------------------------------------------------- what a person reads


def said(document: InvoiceDocument, folder: Path, app: Flask, link: str | None = None) -> str:
    with app.test_request_context():
        return words(render(document, link=link).pdf, folder)


@pytest.mark.needs("poppler-utils")
def test_in_english_everything_but_what_people_wrote_is_english(app: Flask, tmp_path: Path) -> None:
    text = said(MIXED["reverse-charged in English"], tmp_path, app, LINK)
    for expected in (
        "Invoice 2024-00001",
        "Invoice date 15 March 2024",
        "Due date 14 April 2024",
        "Your purchase order PO-1",
        "15 March 2024 to 31 December 2024",
        "Belgium",
        "VAT number BE0411905847",
        "Annual fee 2020, category D",
        "VAT reverse charge (btw verlegd), on €750.00",
        "Amount due",
        "Please pay €750.00 by 14 April 2024",
        "70,361 inhabitants according to organisaties.overheid.nl, category D.",
        "Decision: Tarieven A–G",
        "Page 1 of 1",
        LINK,
    ):
        assert expected in text
    for dutch in ("Factuur", "btw over", "Betal", "inwoners", "Jaartarief", "Vragen", "Pagina", "{", "}"):
        assert dutch not in text


@pytest.mark.needs("poppler-utils")
@pytest.mark.parametrize(
    ("name", "present", "absent"),
    [
        ("an exempt service", ["Vrijgesteld van btw op grond van artikel 11", "Te betalen € 2.800,00"], ["21%"]),
        (
            "partly prepaid",
            [
                "Totaal € 3.388,00",
                "Vooruitbetaald € -1.000,00",
                "Te betalen € 2.388,00",
                "Maak € 2.388,00 over voor of op",
                "Waarom u deze factuur krijgt Correctie na overleg op 3 maart 2024",
            ],
            [],
        ),
        ("all prepaid", ["U hoeft niets te betalen. Het bedrag is al vooruitbetaald."], ["IBAN", "Betalen voor of op"]),
        (
            "a credit note for a part",
            ["vervalt een deel van factuur 2024-00001: € 121,00. De rest blijft staan.", "Dan krijgt u € 121,00"],
            ["helemaal", "IBAN"],
        ),
        ("a whole credit note", ["vervalt factuur 2024-00001 helemaal."], ["IBAN", "Betalen voor of op"]),
        ("a credit note over nothing", ["U hoeft niets te doen."], ["IBAN", "krijgt u"]),
        ("reverse-charged to Belgium", ["België", "Btw-nummer BE0411905847", "Btw verlegd"], ["21%"]),
        ("reverse-charged to Greece", ["Ἀθῆναι", "Btw-nummer EL094259216"], []),
        ("accents and signs", ["Súdwest-Fryslân & <Zn> “ÿ”", "’t Hôf 1"], []),
    ],
)
def test_each_kind_of_invoice_says_what_is_odd_about_it(
    app: Flask, tmp_path: Path, name: str, present: list[str], absent: list[str]
) -> None:
    text = said(MIXED[name], tmp_path, app)
    for expected in present:
        assert expected in text
    for unwanted in absent:
        assert unwanted not in text


@pytest.mark.needs("poppler-utils")
def test_without_a_link_nothing_is_said_about_one(app: Flask, tmp_path: Path) -> None:
    assert "Voor uw administratie" not in said(MIXED["an ordinary invoice"], tmp_path, app)


# ------------------------------------------------------------------------------------------- read aloud, in grey


@pytest.mark.needs("poppler-utils")
def test_read_aloud_it_comes_in_the_order_of_who_whom_what_and_how_to_pay(app: Flask, tmp_path: Path) -> None:
    with app.test_request_context():
        (tmp_path / "f.pdf").write_bytes(render(MIXED["an example"], link=LINK).pdf)
    command = ["pdfinfo", "-struct-text", str(tmp_path / "f.pdf")]
    tree = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    spoken = " ".join(re.findall(r'^ +"(.*)"$', tree, re.MULTILINE))
    order = (
        "VOORBEELD",
        "Stelselbeheerder van het Schuldenknooppunt",
        "KvK 99000010",
        "t.a.v. Crediteurenadministratie",
        "KvK 99000002",
        "Factuur 2024-00001",
        "Factuurdatum 15 maart 2024",
        "Betalen voor of op 14 april 2024",
        "Uw inkoopordernummer PO-1",
        "Uw kenmerk 4711",
        "Periode",
        "Omschrijving Btw Bedrag",
        "Aansluitkosten 21% € 300,00",
        "Jaar 21% € 2.500,00",
        "Totaal zonder btw € 2.800,00",
        "21% btw over € 2.800,00 € 588,00",
        "Te betalen € 3.388,00",
        "Maak € 3.388,00 over",
        "IBAN NL91 ABNA 0417 1643 00",
        "Ten name van Beheerder",
        "Betalingskenmerk RF42 2024 0000 1",
        "Categorie D: zo komt het tarief tot stand",
        "Besluit:",
        "Vragen?",
        "Voor uw administratie",
        LINK,
    )
    spoken = re.sub(r"\s+", " ", spoken)
    places = [spoken.find(text) for text in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)


def test_each_cell_is_announced_with_its_own_heading_and_the_code_with_words(app: Flask) -> None:
    with app.test_request_context():
        content = render(MIXED["an ordinary invoice"]).pdf
    with pikepdf.open(io.BytesIO(content)) as pdf:
        nodes = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/S" in item]
        (figure,) = [str(node.Alt).replace("\u00a0", " ") for node in nodes if node.S == "/Figure"]
        assert figure.startswith("QR-code voor uw bankapp: € 3.388,00 naar NL91 ABNA 0417 1643 00 van Beheerder,")
        assert figure.endswith("betalingskenmerk RF42 2024 0000 1")
        headings = {str(node.ID) for node in nodes if node.S == "/TH"}
        cells = [[str(name) for name in node.A.Headers] for node in nodes if node.S == "/TD"]
        assert len(cells) > 15
        assert all(cell and set(cell) <= headings for cell in cells)
        assert [len(cell) for cell in cells].count(1) >= 8, "a date or an account has one heading, not its neighbour's"
        for link in (annotation for page in pdf.pages for annotation in page.get("/Annots", [])):
            assert str(link.Contents)


@pytest.mark.needs("poppler-utils")
def test_printed_in_grey_it_can_be_read_and_the_code_can_be_scanned(app: Flask, tmp_path: Path) -> None:
    """Every colour of the page is either dark enough for text or nearly white, and the code is black on white."""
    with app.test_request_context():
        (tmp_path / "f.pdf").write_bytes(render(MIXED["an example"]).pdf)
    command = ["pdftoppm", "-gray", "-r", "72", "-aa", "no", "-aaVector", "no", "f.pdf", "f"]
    subprocess.run(command, check=True, cwd=tmp_path)
    (page,) = tmp_path.glob("*.pgm")
    dots = page.read_bytes().split(b"\n255\n", 1)[1]
    shades = Counter(dots)
    between = sum(count for shade, count in shades.items() if 110 <= shade <= 230)
    dark = sum(count for shade, count in shades.items() if shade < 110)
    assert shades[0]
    assert shades[255] > len(dots) / 2
    assert between < dark / 4, "only thin lines between rows are neither dark nor light"


def contrast(one: str, other: str) -> float:
    """By WCAG 2.2, of two colours."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_every_colour_of_text_is_far_enough_from_every_ground() -> None:
    style = Path("static/css/invoice.css").read_text(encoding="utf-8")
    texts = set(re.findall(r"(?<![-\w])color: (#[0-9a-f]{6})", style))
    grounds = {"#ffffff", *re.findall(r"background: (#[0-9a-f]{6})", style)}
    assert len(texts) >= 4
    for text in texts:
        for ground in grounds:
            assert contrast(text, ground) >= 4.5, (text, ground)


def test_the_code_says_what_a_bank_wants_to_know() -> None:
    text = payment_text("Ñaam " * 30, "NL91ABNA0417164300", Decimal("12.5"), "RF42202400001")

    assert text.split("\n")[:5] == ["BCD", "002", "1", "SCT", ""]
    name, iban, amount, purpose, reference = text.split("\n")[5:]
    assert (len(name) <= 70, iban, amount, purpose, reference) == (
        True,
        "NL91ABNA0417164300",
        "EUR12.50",
        "",
        "RF42202400001",
    )
    assert len(text.encode()) <= 331, "what EPC069-12 allows"


def test_the_code_is_a_picture_of_black_and_white_squares() -> None:
    picture = payment_code("Beheerder", "NL91ABNA0417164300", Decimal("12.50"), "RF42202400001")

    width, height, depth, colour = struct.unpack("!IIBB", picture[16:26])
    assert (width, depth, colour) == (height, 8, 0)
    assert width % DOTS == 0
    data = zlib.decompress(picture[picture.index(b"IDAT") + 4 : picture.index(b"IEND") - 8])
    assert set(data) == {0, 255}
    assert data[1 : 1 + 7 * DOTS] == bytes(7 * DOTS), "the corner by which a reader finds it"


# ------------------------------------------------------------------------------------------- fonts


def test_the_small_fonts_are_made_of_the_whole_ones_and_named_otherwise(tmp_path: Path) -> None:
    for name, weight in subset_fonts.WEIGHTS.items():
        kept = subset_fonts.TARGET / f"Invoice-{weight}.ttf"
        subset_fonts.subset(subset_fonts.SOURCE / name, tmp_path / kept.name, weight)
        assert (tmp_path / kept.name).read_bytes() == kept.read_bytes(), "python -m scripts.subset_fonts"
        assert b"S\0o\0u\0r\0c\0e\0 \0S\0a\0n\0s" not in kept.read_bytes().replace(b"\0\0", b"\0")
    assert (subset_fonts.TARGET / "LICENSE.md").read_bytes() == (subset_fonts.SOURCE / "LICENSE.md").read_bytes()


def test_without_the_library_that_makes_small_fonts_it_says_what_to_install(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.pdf.harfbuzz_subset", None)
    with app.test_request_context(), pytest.raises(PdfError, match="sudo apt-get install -y libharfbuzz-subset0"):
        render(MIXED["an ordinary invoice"])
