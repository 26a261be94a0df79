"""An agreement names the operator of its own day, on either side of 1 January 2026; and its text its decision."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pikepdf
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from core import clock, documents
from core.audit import SYSTEM
from core.errors import Refused
from governance.kinds import DecisionKind
from governance.papers.services import Upload, store_logo
from governance.queries import decisions, operator_on
from onboarding.agreements import queries, services
from onboarding.agreements.queries import texts_resting_on
from tests.governance.test_papers import LOGO
from tests.onboarding.conftest import Journey

LAST_DAY_OF_A, FIRST_DAY_OF_B = date(2025, 12, 31), date(2026, 1, 1)


@pytest.mark.parametrize(
    ("on", "operator"), [(LAST_DAY_OF_A, "Voorbeeldbeheerder A"), (FIRST_DAY_OF_B, "Voorbeeldbeheerder B")]
)
def test_an_agreement_names_the_operator_of_its_own_day_with_its_logo(
    app: Flask, session: Session, journey: Journey, on: date, operator: str
) -> None:
    operator_on(FIRST_DAY_OF_B).logo_sha256 = store_logo(Upload("logo.svg", LOGO)).sha256
    session.commit()
    with clock.at(on):
        agreement = queries.current_agreement(journey.prepared().id)
    assert agreement is not None
    content = queries.content_of(agreement)
    assert content.operator == operator
    with pikepdf.open(BytesIO(documents.read(agreement.document_sha256))) as document:
        assert str(document.docinfo.Author) == operator
        pictures = [
            str(item.Alt) for item in document.objects if isinstance(item, pikepdf.Dictionary) and "/Alt" in item
        ]
    assert pictures == ([f"Logo van {operator}"] if on == FIRST_DAY_OF_B else [])


def test_a_text_stands_with_its_decision_and_with_no_other(app: Flask, journey: Journey) -> None:
    journey.prepared()
    text_decision = next(row for row in decisions() if row.kind is DecisionKind.AGREEMENT_TEXT)
    shown = [(effect.title, effect.explanation) for effect in texts_resting_on(text_decision.id)]
    assert len(shown) == 2
    assert shown[1][0].endswith("versie 2026-1")
    assert shown[1][1].endswith("1 overeenkomst met deze tekst.")
    other = next(row for row in decisions() if row.kind is DecisionKind.TARIFF_TABLE)
    assert texts_resting_on(other.id) == []
    body = "# Deel\n\n## Artikel\n\nTekst.\n"
    with pytest.raises(Refused, match="Dit besluit gaat over iets anders"):
        services.import_text("2026-z", body, date(2026, 5, 1), operator_on(FIRST_DAY_OF_B), other, SYSTEM)
