"""An answer in HTML as plain text: only words come through, never markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser

LONGEST = 10_000
"""Characters of an answer that are kept."""
_BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "ul", "ol", "table"})
_UNSEEN = frozenset({"script", "style", "head", "title", "template"})


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in _BREAKS:
            self.parts.append("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(re.sub(r"\s+", " ", data))


def plain_text(body: str, content_type: str) -> str:
    """The words of a body. Control characters go; at most one empty line in a row."""
    text = body[: LONGEST * 4]
    if "html" in content_type.lower():
        words = _Words()
        words.feed(text)
        words.close()
        text = "".join(words.parts)
    text = "".join(c for c in text.replace("\r\n", "\n") if c == "\n" or c.isprintable())
    text = re.sub(r" *\n *", "\n", text)
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()} …"
