"""The badge as PNG. The drawing is that of templates/register/badge.svg; the only import of Pillow."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from onboarding.going_live.rules import Badge

FONTS = Path(__file__).parent.parent.parent / "static/vendor/source-sans"
WIDTH, HEIGHT = 320, 96
SHARPNESS = 2
"""Pixels of the picture per unit of the drawing."""
OVERSIZE = 4
"""Drawn so many times larger and then made smaller, for smooth edges."""
INK, QUIET, WARNING = "#12506b", "#4a5a6a", "#a3162b"
SPOKES = ((4.5, 5.0, 2.1), (19.5, 5.0, 2.1), (2.6, 12.0, 1.9), (17.7, 20.0, 2.1), (6.8, 20.2, 2.1))
"""Ends of the lines from the middle of the emblem: x, y and size of the dot."""
MIDDLE, MIDDLE_SIZE = 12.0, 3.75
NAME, NAME_WIDTH = "Schuldenknooppunt", 222
TEXT_WIDTH = 228
"""What the small line may take; a longer one is made smaller."""

SCALE = SHARPNESS * OVERSIZE


@lru_cache(maxsize=16)
def _font(weight: str, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"SourceSans3-{weight}.ttf", size * SCALE, layout_engine=ImageFont.Layout.BASIC)


def _fitting(text: str, weight: str, size: float, width: float) -> ImageFont.FreeTypeFont:
    """The font of a size, or smaller when the text would be wider."""
    wide = _font(weight, size).getlength(text) / SCALE
    return _font(weight, size) if wide <= width else _font(weight, round(size * width / wide, 1))


def draw_png(badge: Badge, *, is_demo: bool) -> bytes:
    """The picture: the same badge always gives the same bytes, without a date or a program's name inside."""
    ink = INK if badge.claims else QUIET
    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), "white")
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle(
        (0, 0, WIDTH * SCALE - 1, HEIGHT * SCALE - 1), radius=9 * SCALE, outline=ink, width=2 * SCALE
    )
    _emblem(draw, ink)
    draw.text(_at(80, 32), badge.first_line, font=_font("Regular", 15), fill=ink, anchor="ls")
    draw.text(_at(80, 57), NAME, font=_fitting(NAME, "Bold", 29, NAME_WIDTH), fill=ink, anchor="ls")
    draw.text(_at(80, 79), badge.short, font=_fitting(badge.short, "Regular", 13, TEXT_WIDTH), fill=ink, anchor="ls")
    if is_demo:
        draw.text(_at(308, 30), "VOORBEELD", font=_font("Bold", 13), fill=WARNING, anchor="rs")
    small = image.resize((WIDTH * SHARPNESS, HEIGHT * SHARPNESS), Image.Resampling.LANCZOS)
    target = io.BytesIO()
    small.quantize(64, dither=Image.Dither.NONE).save(target, "PNG", optimize=True)
    return target.getvalue()


def _at(x: float, y: float) -> tuple[float, float]:
    return x * SCALE, y * SCALE


def _emblem(draw: ImageDraw.ImageDraw, ink: str) -> None:
    def place(x: float, y: float) -> tuple[float, float]:
        return _at(16 + 2 * x, 24 + 2 * y)

    def dot(x: float, y: float, size: float) -> None:
        (left, top), (right, bottom) = place(x - size, y - size), place(x + size, y + size)
        draw.ellipse((left, top, right, bottom), fill=ink)

    for x, y, size in SPOKES:
        draw.line((*place(MIDDLE, MIDDLE), *place(x, y)), fill=ink, width=round(3.5 * SCALE))
        dot(x, y, size)
    dot(MIDDLE, MIDDLE, MIDDLE_SIZE)
