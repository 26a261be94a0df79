"""Seats of bodies to find somebody for, as work of who keeps the bodies."""

from __future__ import annotations

from flask import url_for

from admin.items import WorkItem, start_of
from admin.kinds import WorkKind
from core import clock
from core.permissions import Caller
from governance.bodies.queries import vacant_seats


def vacancies(who: Caller) -> list[WorkItem]:
    """Seats that are vacant, or fall vacant within six months without a successor."""
    if not who.may("body:edit"):
        return []
    return [
        WorkItem(
            WorkKind.SEAT,
            f"{row.body.label}, {row.name}",
            row.sentence,
            start_of(row.noticed_on),
            "Opvolger benoemen",
            url_for("governance.appoint", seat_id=row.seat_id),
        )
        for row in vacant_seats(clock.today())
    ]
