"""Pages about tariffs: what holds and held, and what one participant falls under."""

from __future__ import annotations

from flask import Blueprint, render_template

from billing.changes.queries import changes_of, undecided_change
from billing.tariffs import queries, rules
from billing.tariffs.recording.queries import waiting
from core import clock
from core.errors import UserError
from core.permissions import caller, requires
from participants.declarations.services import why_not_declared
from participants.queries import connection_period
from participants.queries import participant as find_participant
from participants.rules import register_detail_panel

blueprint = Blueprint("tariffs", __name__)


def _summary(participant_id: int) -> str | None:
    participant, today = find_participant(participant_id), clock.today()
    try:
        found = queries.classification_of(participant, today)
    except UserError as error:
        return error.message
    return f"{found.sentence}."


register_detail_panel("Tarief", "tariffs.show_classification", "tariff:view", position=45, summary=_summary)


@blueprint.get("/beheer/tarieven")
@requires("tariff:view")
def list_tariffs() -> str:
    today = clock.today()
    tables = queries.tariff_tables()
    current = next((table for table in tables if table.starts_on <= today), None)
    return render_template(
        "billing/tariffs.html",
        current=current,
        others=[table for table in tables if table is not current],
        zero_tariffs=queries.zero_tariffs(),
        exceptions=queries.category_exceptions(),
        audiences=queries.AUDIENCES,
        units={basis: more for basis, (_, more) in rules.UNITS.items()},
        today=today,
        may_propose=caller().may("tariff:propose"),
        waiting=waiting(),
    )


@blueprint.get("/beheer/deelnemers/<int:participant_id>/tarief")
@requires("tariff:view")
def show_classification(participant_id: int) -> str:
    """What the participant falls under today, what it would pay, and why; also before it is connected."""
    participant = find_participant(participant_id)
    today = clock.today()
    period = connection_period(participant_id, today)
    policy = queries.policy_on(today)
    outcome = queries.outcome(participant, today, period.starts_on if period else None, policy)
    connection = first_year = annual = None
    coming_year = max(outcome.connected_on.year + 1, today.year)
    if outcome.found is not None:
        connection = rules.connection_charge(outcome.found, outcome.zero)
        first_year = rules.first_year_charge(outcome.found, outcome.zero, outcome.connected_on, policy.first_year)
        annual = rules.annual_charge(outcome.found, outcome.zero, coming_year)
    return render_template(
        "billing/classification.html",
        participant=participant,
        outcome=outcome,
        is_connected=period is not None,
        may_declare=caller().may("participant:edit") and why_not_declared(participant) is None,
        connection=connection,
        first_year=first_year,
        annual=annual,
        reason=rules.why_nothing(outcome.found, None, outcome.connected_on) if outcome.found else None,
        zero_tariff=queries.zero_tariff_for(outcome.connected_on),
        table_in_force=queries.tariff_table_on(today),
        today=today,
        units={basis: more for basis, (_, more) in rules.UNITS.items()},
        changes=changes_of(participant_id),
        waiting=undecided_change(participant, outcome.found) if outcome.found else None,
    )
