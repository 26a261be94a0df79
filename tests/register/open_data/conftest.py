"""A list with something in it, and the document that describes its answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from governance.models import Operator
from participants.models import Participant
from tests.browser import Browser
from tests.register.conftest import MakeOrganisation, MakeParticipant

Get = Callable[..., TestResponse]


@pytest.fixture
def listed(
    participant: MakeParticipant,
    municipality: MakeOrganisation,
    organisation: MakeOrganisation,
    serve: Callable[..., None],
    session: Session,
) -> list[Participant]:
    """A municipality, its tax office, a company, and a counsellor that works for the municipality."""
    session.add(Operator(name="Stichting Voorbeeld", starts_on=date(2020, 1, 1), email="data@voorbeeld.invalid"))
    zeist = municipality("GM0355", "Zeist")
    counsellor = participant("Voorbeeld Hulp", "shv_phase_2", since=date(2022, 1, 1))
    serve(counsellor, zeist)
    return [
        participant(zeist, "shv_phase_1", modules=("debt_inventory",), since=date(2024, 5, 1)),
        participant(zeist, "creditor", unit_name="Belastingen", modules=(), since=date(2025, 1, 1)),
        participant(organisation("Voorbeeld Incasso", place="Breda", province="Noord-Brabant"), since=date(2023, 1, 1)),
        counsellor,
    ]


@pytest.fixture
def get(browser: Browser) -> Get:
    """Asks the API: `get("/deelnemers?rol=creditor")`."""

    def ask(path: str = "", **headers: str) -> TestResponse:
        return browser.client.get(f"/api/v1{path}", headers={name.replace("_", "-"): v for name, v in headers.items()})

    return ask


@pytest.fixture
def document(get: Get) -> dict[str, Any]:
    """The OpenAPI document."""
    found: dict[str, Any] = get("/openapi.json").get_json()
    return found
