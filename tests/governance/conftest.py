"""Decisions, files and people for the tests of governance."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from core import clock, csv_files
from core.audit import SYSTEM
from governance import services
from governance.kinds import Body, DecisionKind
from governance.models import Decision
from governance.papers import rules as papers

TODAY = date(2026, 11, 20)
PDF = b"%PDF-1.7\n%voorbeeld\n%%EOF\n"
OPERATORS = csv_files.read(Path(__file__).parents[2] / "data/beheerders.csv")

Decide = Callable[..., Decision]


@pytest.fixture
def today() -> Iterator[date]:
    with clock.at(TODAY):
        yield TODAY


@pytest.fixture
def decide(session: Session) -> Decide:
    """Records a decision of the board; every part can be given."""

    def make(title: str = "Voorbeeldbesluit", **values: object) -> Decision:
        made = services.record_decision(
            **{  # type: ignore[arg-type]
                "body": Body.BOARD,
                "kind": DecisionKind.POLICY,
                "decided_on": date(2026, 10, 1),
                "title": title,
                "text": "Verzonnen besluit.",
                "source": "voorbeeld",
                "actor": SYSTEM,
                **values,
            }
        )
        session.commit()
        return made

    return make


def office(*names: str, **contents: str) -> bytes:
    """A zipped document with these entries."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, contents.get(name.split(".")[0].replace("/", "_"), "x"))
    return target.getvalue()


DOCX = office("[Content_Types].xml", "word/document.xml")
ODT = office("mimetype", "content.xml", mimetype=papers.ODT)
