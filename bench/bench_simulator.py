"""The simulator at 10,000 participants, beside classifying them one by one with the rule that invoices go by.

One process, rounds in turn, the same population; the ratio is the claim. Raw numbers are kept in .data/bench.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median

import pytest
from flask import Flask
from sqlalchemy import insert, select

from app import create_app
from bench.measure import measured
from billing.simulator import queries
from billing.simulator.kinds import Population
from billing.simulator.rules import Subscription, Tariffs, simulate
from billing.tariffs.rules import Count, Policy, classification
from core import clock
from core import db as database
from core.db import db, scoped, session
from core.embedded_postgres import Urls, scratch
from core.money import ZERO
from demo.reference import load_registers, load_rules
from participants.kinds import Channel, MeasurementKind, OrganisationKind, Sector, Stage
from participants.models import ConnectionPeriod, Measurement, Organisation, Participant
from tests.billing.simulator.tables import PRESENT, changed
from tests.conftest import settings_for
from tests.database import Databases

PARTICIPANTS = 10_000
ROUNDS = 20
TARGET_MS = 1_000
WANTED = changed("B", annual_fee=Decimal(800))


def _population() -> list[Subscription]:
    last_year = Decimal(750)
    return [
        Subscription(str(n), f"Voorbeeld {n}", "shv", (n * 7919) % 1_200_000, is_zero=n % 9 == 0, last_year=last_year)
        for n in range(PARTICIPANTS)
    ]


def _one_by_one(population: list[Subscription], table: Tariffs) -> Decimal:
    policy = Policy("t", 1, table.categories, open_top=table.open_top)
    total = ZERO
    for row in population:
        counts = [Count(row.name, row.number or 0, "opgave")]
        found = classification(policy, table.categories[row.audience], counts, row.name)
        total += ZERO if row.is_zero else found.annual_fee
    return total


def bench_reckoning_beside_one_by_one() -> None:
    population = _population()
    ours = measured(
        "simulator 10000 at once", lambda: simulate(population, PRESENT, WANTED), times=ROUNDS, target_ms=TARGET_MS
    )
    naive = measured(
        "simulator 10000 one by one",
        lambda: (_one_by_one(population, PRESENT), _one_by_one(population, WANTED)),
        times=ROUNDS,
    )
    assert simulate(population, PRESENT, WANTED).income == _one_by_one(population, WANTED)
    print(f"at once takes {median(ours) / median(naive):.2f} of the time of one by one")


@pytest.fixture(scope="module")
def urls() -> Iterator[Urls]:
    with scratch(Path(".data/scratch")) as server, Databases(server).copy() as made:
        yield made


@pytest.fixture(scope="module")
def filled(urls: Urls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """10,000 creditors with a subscription and a declaration, made in bulk."""
    made = create_app(settings_for(urls.app, tmp_path_factory.mktemp("data"), mode="demo"))
    with made.app_context(), scoped(database.JOB):
        load_rules()
        load_registers()
        organisations = [
            {
                "name": f"Voorbeeldorganisatie {number}",
                "short_name": f"Voorbeeldorganisatie {number}",
                "kind": OrganisationKind.COMPANY,
                "sector": Sector.OTHER,
                "source": "meting",
                "fictional": True,
                "search_text": f"voorbeeldorganisatie {number}",
            }
            for number in range(PARTICIPANTS)
        ]
        session().execute(insert(Organisation), organisations)
        added = select(Organisation.id).where(Organisation.source == "meting")
        session().add_all(
            Participant(
                organisation_id=organisation_id,
                role_code="creditor",
                channel=Channel.SYSTEM,
                stage=Stage.LIVE,
                stage_since=clock.now(),
            )
            for organisation_id in session().scalars(added).all()
        )
        session().flush()
        ids = session().scalars(select(Participant.id)).all()
        periods = [{"participant_id": row, "starts_on": date(2023, 1, 1)} for row in ids]
        session().execute(insert(ConnectionPeriod), periods)
        numbers = [
            {
                "kind": MeasurementKind.FILES,
                "participant_id": row,
                "value": (row * 37) % 12_000,
                "measured_on": date(2025, 11, 1),
                "source": "eigen opgave",
                "recorded_at": clock.now(),
            }
            for row in ids
        ]
        session().execute(insert(Measurement), numbers)
        session().commit()
        db.session.remove()
    yield made
    with made.app_context():
        db.engine.dispose()


def bench_reading_and_reckoning(filled: Flask) -> None:
    today = clock.today()

    def all_of_it() -> None:
        with filled.app_context(), scoped(database.JOB):
            found = queries.facts_of(Population.PARTICIPANTS, today.year + 1, today)
            wanted = Tariffs({**found.present.categories, "creditor": WANTED.categories["creditor"]})
            result = simulate(found.population, found.present, wanted)
            assert len(result.lines) == PARTICIPANTS
            db.session.remove()

    measured("simulator 10000 from the database", all_of_it, times=5)
