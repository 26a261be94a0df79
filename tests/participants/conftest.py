"""The smallest organisation and participant that exist, and the real register files."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.audit import SYSTEM
from participants import services
from participants.kinds import OrganisationKind, Sector
from participants.models import Organisation, Participant

DATA = Path(__file__).parent.parent.parent / "data"

Example = dict[str, str]


def examples(name: str) -> list[Example]:
    """Rows of an example file; the first column says what each is about."""
    with (Path(__file__).parent / "examples" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def name_of(example: Example) -> str:
    return example["test"]


MakeOrganisation = Callable[..., Organisation]
MakeParticipant = Callable[..., Participant]


@pytest.fixture
def make_organisation(session: Session) -> MakeOrganisation:
    def make(
        name: str = "Voorbeeld Incasso",
        kind: OrganisationKind = OrganisationKind.COMPANY,
        sector: Sector = Sector.OTHER,
        **facts: Any,
    ) -> Organisation:
        row = services.create_organisation(SYSTEM, name=name, kind=kind, sector=sector, fictional=True, **facts)
        session.commit()
        return row

    return make


@pytest.fixture
def make_participant(session: Session, make_organisation: MakeOrganisation) -> MakeParticipant:
    def make(
        organisation: Organisation | None = None, role_code: str = "creditor", unit_name: str = "", **facts: Any
    ) -> Participant:
        organisation = organisation or make_organisation()
        row = services.register_participant(SYSTEM, organisation.id, role_code, unit_name, **facts)
        session.commit()
        return row

    return make
