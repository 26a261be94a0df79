"""Make the small fonts of invoices from the whole ones in static/vendor/source-sans.

    python3 -m scripts.subset_fonts

Laying out and embedding takes less time with a small font. It has the letters of the languages of the European Union in
Latin script; for a name with another letter the style of the invoice names the whole font second. TrueType, because
small fonts with CFF outlines look right and are refused by PDF/A and PDF/UA. They have a name of their own, as the
licence (OFL, reserved name "Source") asks of what was changed.
"""

from __future__ import annotations

from pathlib import Path

from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

SOURCE = Path("static/vendor/source-sans")
TARGET = Path("static/fonts/invoice")
WEIGHTS = {"SourceSans3-Regular.ttf": "Regular", "SourceSans3-Semibold.ttf": "Semibold"}
FAMILY = "Knooppunt Invoice"
LETTERS = [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x218, 0x21C), 0x1E9E]
SIGNS = [ord(sign) for sign in "–—‘’‚“”„†•…‹›€™−\u202f\u2011"]
FEATURES = ["kern", "lnum", "tnum", "mark", "mkmk", "ccmp", "locl"]


def subset(source: Path, target: Path, weight: str) -> None:
    """Write a font with only our letters; the same input gives the same file."""
    options = Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.recalc_timestamp = False
    font = TTFont(source, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[*LETTERS, *SIGNS])
    subsetter.subset(font)
    for record in font["name"].names:
        own = {
            1: FAMILY,
            2: weight,
            3: f"{FAMILY} {weight}",
            4: f"{FAMILY} {weight}",
            6: f"{FAMILY}-{weight}".replace(" ", ""),
        }
        if record.nameID in own:
            record.string = own[record.nameID]
    target.parent.mkdir(parents=True, exist_ok=True)
    font.save(target)


def main() -> None:
    for name, weight in WEIGHTS.items():
        target = TARGET / f"Invoice-{weight}.ttf"
        subset(SOURCE / name, target, weight)
        print(f"{target}: {target.stat().st_size // 1024} kB")
    (TARGET / "LICENSE.md").write_bytes((SOURCE / "LICENSE.md").read_bytes())


if __name__ == "__main__":
    main()
