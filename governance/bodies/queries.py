"""Reads about seats and terms, as they are on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, selectinload

from core import clock, filters
from core.db import session
from core.errors import NotFound
from governance.bodies import rules
from governance.bodies.models import Seat, Term
from governance.bodies.rules import MONTHS_AHEAD, Occupied, Vacancy
from governance.kinds import Body
from governance.queries import active_bodies_on
from governance.rules import Waiting, register_waiting


def body_by_slug(slug: str) -> Body:
    """Raises NotFound."""
    found = next((body for body in Body if body.slug == slug), None)
    if found is None:
        raise NotFound("Dit orgaan bestaat niet. Bekijk de lijst met organen.")
    return found


def seats(body: Body | None = None) -> list[Seat]:
    """Seats with their terms: chair first, then by name."""
    query = select(Seat).options(selectinload(Seat.terms))
    if body is not None:
        query = query.where(Seat.body == body)
    found = session().execute(query).scalars().all()
    order = list(Body)
    return sorted(found, key=lambda seat: (order.index(seat.body), not seat.is_chair, len(seat.name), seat.name))


def seat(seat_id: int) -> Seat:
    """Raises NotFound."""
    found = session().get(Seat, seat_id)
    if found is None:
        raise NotFound("Deze zetel bestaat niet. Bekijk de lijst met organen.")
    return found


def term(term_id: int) -> Term:
    """Raises NotFound."""
    found = session().get(Term, term_id)
    if found is None:
        raise NotFound("Deze termijn bestaat niet. Bekijk de lijst met organen.")
    return found


def term_on(row: Seat, day: date) -> Term | None:
    """Who sits on a seat on a day."""
    return next((one for one in row.terms if one.starts_on <= day < one.leaves_on), None)


def exists_on(row: Seat, day: date) -> bool:
    return row.starts_on <= day and (row.ends_before is None or day < row.ends_before)


def vacancy_of(row: Seat, day: date) -> Vacancy | None:
    """Whether a seat is vacant, or falls vacant within six months."""
    terms = [Occupied(one.starts_on, one.leaves_on) for one in row.terms]
    return rules.vacancy(row.starts_on, row.ends_before, terms, day)


@dataclass(frozen=True)
class VacantSeat:
    """A seat to find somebody for."""

    seat_id: int
    body: Body
    name: str
    sentence: str
    noticed_on: date
    """Since when it has been known."""
    is_now: bool


def vacant_seats(day: date, body: Body | None = None) -> list[VacantSeat]:
    """Seats of bodies that exist, vacant on a day or within six months after it; the longest first."""
    active = active_bodies_on(day)
    found = []
    for row in seats(body):
        vacancy = vacancy_of(row, day) if row.body in active else None
        if vacancy is not None:
            noticed_on = vacancy.starts_on if vacancy.is_now else rules.months_after(vacancy.starts_on, -MONTHS_AHEAD)
            found.append(
                VacantSeat(row.id, row.body, row.name, vacancy_sentence(row, vacancy), noticed_on, vacancy.is_now)
            )
    return sorted(found, key=lambda one: (one.noticed_on, one.name))


def vacancy_sentence(row: Seat, vacancy: Vacancy) -> str:
    """A vacancy in words, with who comes later when that is known."""
    since = filters.day(vacancy.starts_on)
    text = f"Vacant sinds {since}." if vacancy.is_now else f"Valt vacant op {since}."
    follower = next((one for one in row.terms if one.starts_on > vacancy.starts_on), None)
    return f"{text} Vanaf {filters.day(follower.starts_on)} is er weer iemand." if follower else text


def rotation(day: date) -> list[Term]:
    """Terms that run or begin later, of seats that exist: who leaves first stands first."""
    query = select(Term).join(Term.seat).options(contains_eager(Term.seat))
    rows = [row for row in session().execute(query).scalars() if row.leaves_on > day and row.starts_on < row.leaves_on]
    return sorted(rows, key=lambda row: (row.leaves_on, row.seat.body.label, row.seat.name))


@register_waiting
def appointments(body: Body) -> list[Waiting]:
    """For the body itself: seats to find somebody for."""
    return [
        Waiting(
            f"Benoemen: {row.name}",
            row.sentence,
            url_for("governance.show_body", slug=body.slug),
            row.noticed_on,
        )
        for row in vacant_seats(clock.today(), body)
    ]
