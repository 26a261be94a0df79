"""An invoice with a link, for who pays it."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

import pytest

from billing import services
from billing.models import Invoice
from billing.payers.services import link_of
from core import clock
from core.audit import SYSTEM
from tests.billing.conftest import World

ISSUED_ON = date(2026, 1, 10)


def path_of(url: str) -> str:
    """What comes after the host."""
    return urlsplit(url).path


@pytest.fixture
def invoice(world: World) -> Invoice:
    """Of € 3.630,00, issued on 10 January 2026 to a participant from before the zero tariff."""
    participant = world.municipality(70_361, name="Gemeente Voorbeeldveld", connected_on=date(2024, 3, 15))
    with clock.at(ISSUED_ON):
        made = services.issue_annual_invoice(participant, 2026, SYSTEM)
    world.session.commit()
    return made


@pytest.fixture
def link(world: World, invoice: Invoice) -> str:
    """The path of the link on the invoice."""
    with clock.at(ISSUED_ON):
        made = link_of(invoice)
    world.session.commit()
    return path_of(made)
