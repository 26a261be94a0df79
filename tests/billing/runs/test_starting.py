"""Which runs can begin, and what becomes of one that turns out impossible."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from billing.runs import queries
from billing.runs.jobs import advance_runs
from billing.runs.kinds import RunScope, RunStage
from billing.runs.models import InvoiceRun
from billing.runs.services import start_run, withdraw
from core import clock
from core.audit import AuditEvent
from core.errors import Refused
from tests.billing.conftest import World
from tests.billing.runs.conftest import JANUARY, Finance

BEFORE = date(2024, 6, 1)


def test_only_one_run_of_a_year_is_open(world: World, finance: Finance) -> None:
    run = finance.preview()
    with clock.at(JANUARY):
        with pytest.raises(Refused, match="Er is al een facturatieronde over 2026"):
            start_run(2026, RunScope.EVERYBODY, finance.other)
        withdraw(run, "Verkeerd jaar.", finance.one)
        start_run(2026, RunScope.EVERYBODY, finance.other)


@pytest.mark.parametrize("year", [2019, 2028, 0, -1])
def test_a_year_that_cannot_be_is_refused(world: World, finance: Finance, year: int) -> None:
    with clock.at(JANUARY), pytest.raises(Refused, match="Kies een jaar van 2020 tot en met 2027"):
        start_run(year, RunScope.EVERYBODY, finance.one)


def test_a_year_without_tariffs_is_refused_at_once(world: World, finance: Finance) -> None:
    with clock.at(JANUARY), pytest.raises(Refused, match="Voor 1 januari 2020 is geen tarieftabel vastgelegd"):
        start_run(2020, RunScope.EVERYBODY, finance.one)


def test_a_run_that_turns_out_impossible_is_withdrawn_with_the_reason(
    world: World, finance: Finance, session: Session
) -> None:
    with clock.at(JANUARY):
        run = start_run(2026, RunScope.EVERYBODY, finance.one)
        run.year = 2020
        session.commit()
        advance_runs()
    assert session.get_one(InvoiceRun, run.id).stage is RunStage.WITHDRAWN
    event = session.execute(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).scalar_one()
    assert "geen tarieftabel" in event.facts["reason"]


def test_what_differs_from_last_year_includes_who_was_not_invoiced_then(world: World, finance: Finance) -> None:
    world.municipality(70_361, connected_on=BEFORE)
    run = finance.preview(2026)
    assert [
        row.difference for row in finance.session.scalars(queries.items(run, queries.ItemFilter(changed=True)))
    ] == ["Vorig jaar geen factuur over het jaartarief"]
