"""The code to pay by."""

from __future__ import annotations

import struct
import zlib
from decimal import Decimal

import segno

LONGEST_NAME = 70
"""Characters of a name in the code (EPC069-12)."""
MASK = 3
"""Every mask can be read. To make all eight and take the one that looks best takes longer than the rest of the code."""
DOTS = 4
"""Across each module. Few, so that it is quickly made; more than one, for who blurs what is enlarged."""


def payment_code(name: str, iban: str, amount: Decimal, reference: str) -> bytes:
    """The QR code that fills in a payment in a bank's app (EPC069-12), as PNG in grey without margin. As a drawing
    (SVG) it would take a tenth of the time of a whole invoice longer."""
    code = segno.make_qr(
        payment_text(name, iban, amount, reference), error="m", mask=MASK, boost_error=False, encoding="utf-8"
    )
    return _png([[not dark for dark in row] for row in code.matrix])


def payment_text(name: str, iban: str, amount: Decimal, reference: str) -> str:
    """What stands in the code: version 002, UTF-8, SEPA credit transfer, no BIC, and a reference of ISO 11649."""
    payee = name.strip()[:LONGEST_NAME].strip()
    return "\n".join(("BCD", "002", "1", "SCT", "", payee, iban, f"EUR{amount:.2f}", "", reference))


def _png(light: list[list[bool]]) -> bytes:
    """A PNG of 8 bits grey (ISO/IEC 15948)."""
    side = len(light) * DOTS
    rows = b"".join((b"\0" + b"".join((b"\xff" if dot else b"\0") * DOTS for dot in row)) * DOTS for row in light)
    header = struct.pack("!IIBBBBB", side, side, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack("!I", len(content)) + name + content + struct.pack("!I", zlib.crc32(name + content))
        for name, content in parts
    )
