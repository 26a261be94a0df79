"""Makes invoices in one way, in a process of its own, so that its memory is its own.

    python -m bench.invoice_worker WAY

Reads a position per line and answers with a line of JSON: CPU milliseconds (of child processes too), the size in bytes,
and the most memory so far in MB.
"""

from __future__ import annotations

import base64
import ctypes
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path

from flask import render_template_string
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from segno.helpers import make_epc_qr
from weasyprint import HTML

from app import create_app
from billing.delivery.services import render
from billing.documents import Buyer, InvoiceDocument, Line, Seller
from billing.e_invoice.services import problems, ubl
from billing.kinds import InvoiceKind
from billing.languages.texts import WORDS
from billing.rules import vat_totals
from core.filters import iban
from scripts.system_packages import CHROMIUM, program
from tests.conftest import settings_for

PR_SET_CHILD_SUBREAPER = 36
FONTS = Path("static/vendor/source-sans").resolve()
NAIVE = (Path(__file__).parent / "naive_invoice.html").read_text(encoding="utf-8")
LINES = (
    Line("Aansluitkosten, eenmalig, categorie D", Decimal("300.00"), Decimal(21)),
    Line("Jaartarief 2024, categorie D, 10 van 12 maanden (maart tot en met december)", Decimal("2500"), Decimal(21)),
)
DOCUMENT = InvoiceDocument(
    number="2024-00001",
    kind=InvoiceKind.INVOICE,
    issued_on=date(2024, 3, 15),
    due_on=date(2024, 4, 14),
    starts_on=date(2024, 3, 15),
    ends_on=date(2024, 12, 31),
    seller=Seller(
        "Voorbeeldbeheerder A",
        "Voorbeeldstraat 1",
        "9999 XX",
        "Voorbeeldstad",
        "99000010",
        "00000099000000001000",
        "NL000099998B57",
        "NL02ABNA0123456789",
        "facturen@voorbeeld.invalid",
    ),
    buyer=Buyer(
        "Gemeente Súdwest-Voorbeeldveld",
        "",
        "Crediteurenadministratie",
        "Postbus 12",
        "9999 XX",
        "Voorbeeldveld",
        "99000001",
        "00000099000000002000",
        "PO-2026-0815",
        "SHV / 4711",
    ),
    category="D",
    explanation="Gemeente Súdwest-Voorbeeldveld: 70.361 inwoners volgens organisaties.overheid.nl, categorie D",
    decision="Voorbeeldbesluit: Tarieven A–G (2022-02, 13 november 2022)",
    why_nothing=None,
    lines=LINES,
    vat_totals=vat_totals((line.net, line.vat_percentage) for line in LINES),
    net=Decimal("2800.00"),
    vat=Decimal("588.00"),
    gross=Decimal("3388.00"),
    credited=None,
    example=True,
)


def document(position: int) -> InvoiceDocument:
    """One of many, so that nothing can be kept from the one before."""
    return replace(DOCUMENT, number=f"2024-{position:05}")


def _page(made: InvoiceDocument) -> str:
    svg = BytesIO()
    code = make_epc_qr(
        name=made.seller.name, iban=made.seller.iban or "", amount=made.to_pay, reference=made.payment_reference
    )
    code.save(svg, kind="svg", border=0, xmldecl=False, omitsize=True)
    image = f"data:image/svg+xml;base64,{base64.b64encode(svg.getvalue()).decode()}"
    return render_template_string(NAIVE, document=made, words=WORDS[made.language], code=image, fonts=f"file://{FONTS}")


def ours(position: int) -> int:
    return len(render(document(position)).pdf)


def naive(position: int) -> int:
    return len(HTML(string=_page(document(position))).write_pdf())


def chromium(position: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        page, target = Path(folder) / "factuur.html", Path(folder) / "factuur.pdf"
        page.write_text(_page(document(position)), encoding="utf-8")
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
        subprocess.run(
            [
                str(program(CHROMIUM)),
                *flags,
                f"--user-data-dir={folder}/profile",
                "--no-pdf-header-footer",
                f"--print-to-pdf={target}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
        )
        _wait_for_all()
        return target.stat().st_size


@cache
def _reportlab_fonts() -> None:
    for name in ("Regular", "Semibold"):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"SourceSans3-{name}.ttf")))


def reportlab(position: int) -> int:  # noqa: C901  a page from top to bottom
    """Every place by hand; no tags, no PDF/A, no file inside."""
    _reportlab_fonts()
    made, target = document(position), BytesIO()
    words = WORDS[made.language]
    paper = Canvas(target, pagesize=A4)
    y = 280.0

    def write(text: str, x: float = 20, *, font: str = "Regular", size: float = 10, width: float = 170) -> None:
        nonlocal y
        paper.setFont(font, size)
        for part in simpleSplit(text, font, size, width * mm):
            paper.drawString(x * mm, y * mm, part)
            y -= size * 0.48

    def row(*cells: tuple[str, float]) -> None:
        nonlocal y
        for text, x in cells:
            (paper.drawRightString if x > 120 else paper.drawString)(x * mm, y * mm, text)
        y -= 6

    seller, buyer = made.seller, made.buyer
    write(words.example.format(kind="factuur"), font="Semibold")
    write(seller.name, font="Semibold", size=14)
    write(words.operator, size=8.5)
    for text in (buyer.name, f"{words.attention} {buyer.attention}", buyer.street, f"{buyer.postal_code} {buyer.city}"):
        write(text)
    write(f"KvK {buyer.kvk}, OIN {buyer.oin}", size=8.5)
    for text in (seller.street, f"{seller.postal_code} {seller.city}", seller.email or "", f"KvK {seller.kvk}"):
        write(text, size=8.5)
    write(f"OIN {seller.oin}", size=8.5)
    write(f"{words.vat_id} {seller.vat_id}", size=8.5)
    write(f"{words.kind(made)} {made.number}", font="Semibold", size=21)
    paper.setFont("Regular", 10)
    row((words.invoice_date, 20), (words.day(made.issued_on), 60), (words.due, 105))
    row((words.order_number, 20), (str(buyer.purchase_order_number), 60), (words.reference, 105))
    row((words.period, 20), (f"{words.day(made.starts_on)} {words.until} {words.day(made.ends_on)}", 60))
    for line in made.lines:
        row((line.description, 20), (words.percentage(line.vat_percentage), 158), (words.euro(line.net), 190))
    row((words.net, 60), (words.euro(made.net), 190))
    for total in made.vat_totals:
        row((words.vat_total(total), 60), (words.euro(total.vat), 190))
    row((words.to_pay, 60), (words.euro(made.to_pay), 190))
    write(words.pay.format(amount=words.euro(made.to_pay), day=words.day(made.due_on or made.issued_on)), size=12)
    for term, value in ((words.to_iban, iban(seller.iban)), (words.in_name_of, seller.name)):
        write(f"{term}: {value}")
    write(f"{words.mentioning}: {iban(made.payment_reference)}")
    code = make_epc_qr(name=seller.name, iban=seller.iban or "", amount=made.to_pay, reference=made.payment_reference)
    side = 27 / len(code.matrix)
    for number, bits in enumerate(code.matrix):
        for column, bit in enumerate(bits):
            if bit:
                paper.rect((160 + column * side) * mm, (y + 20 - number * side) * mm, side * mm, side * mm, 0, 1)
    for text in (
        words.scan,
        words.how_set_in.format(category=made.category),
        made.explanation,
        f"{words.decision} {made.decision}",
        words.questions,
    ):
        write(text)
    write(words.mail_us.format(email=seller.email, number=made.number))
    paper.showPage()
    paper.save()
    return len(target.getvalue())


def ubl_written(position: int) -> int:
    return len(ubl(document(position)))


def ubl_checked(position: int) -> int:
    assert problems(document(position)) == []
    return 0


WAYS: dict[str, Callable[[int], int]] = {
    "ours": ours,
    "naive": naive,
    "chromium": chromium,
    "reportlab": reportlab,
    "ubl-written": ubl_written,
    "ubl-checked": ubl_checked,
}


def _adopt_orphans() -> None:
    """Also the processes that Chromium leaves behind become ours, so that their CPU is counted when they end."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def _wait_for_all() -> None:
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


def _cpu() -> float:
    """Seconds, of this process and of those it started and that ended."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _most_memory() -> float:
    """In MB, of this process or the largest of those it started."""
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def main(way: str) -> None:
    app = create_app(settings_for("postgresql+psycopg://nobody@127.0.0.1/none", Path(tempfile.mkdtemp()), mode="demo"))
    _adopt_orphans()
    with app.test_request_context():
        for line in sys.stdin:
            cpu, begun = _cpu(), time.perf_counter()
            size = WAYS[way](int(line))
            answer = {
                "cpu_ms": (_cpu() - cpu) * 1000,
                "wall_ms": (time.perf_counter() - begun) * 1000,
                "bytes": size,
                "rss_mb": _most_memory(),
            }
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
