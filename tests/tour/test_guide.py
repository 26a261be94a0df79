"""The user guide says what the screens say: every word in bold stands somewhere on a page."""

from __future__ import annotations

import html
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
GUIDE = ROOT / "docs/gebruikershandleiding.md"
PACKAGES = (
    *("admin", "billing", "catalogue", "demo", "governance", "helpdesk"),
    *("identity", "onboarding", "participants", "register"),
)


def test_every_word_in_bold_stands_on_a_screen() -> None:
    sources = [*ROOT.glob("templates/**/*.html")]
    sources += [file for package in PACKAGES for file in ROOT.glob(f"{package}/**/*.py")]
    screens = folded(html.unescape(" ".join(file.read_text(encoding="utf-8") for file in sources)))
    words = [folded(found).removesuffix(".") for found in re.findall(r"\*\*(.+?)\*\*", GUIDE.read_text(), re.DOTALL)]
    assert len(words) > 80
    assert not sorted({one for one in words if one not in screens} - {"vet"})


def test_every_picture_and_every_link_inside_the_guide_exists() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    headings = {anchor(line) for line in text.splitlines() if line.startswith("#")}
    targets = re.findall(r"\]\(([^)]+)\)", text)
    files = [target for target in targets if not target.startswith("#")]
    assert not [target for target in files if not (GUIDE.parent / target).exists()]
    assert not [target for target in targets if target.startswith("#") and target[1:] not in headings]


def folded(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def anchor(heading: str) -> str:
    """How a forge names a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lstrip("# ").lower()).replace(" ", "-")
