"""Public pages about the past of the list, and about one participant."""

from __future__ import annotations

from datetime import date

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from core import clock
from core.permissions import public
from core.validators import parse_day
from register.answers import Answer, answer, is_demo, publication
from register.history.rules import changes, first_day, page_of_day, present_on
from register.rules import PATH, page_number
from register.views import blueprint


@blueprint.get(f"{PATH}/<directory_id>")
@public
def show_participant(directory_id: str) -> Response:
    """One participant. Who is not on the list, for whatever reason, has the same page as who does not exist."""
    found = publication()
    row = found.content.by_id.get(directory_id)
    if row is None:
        return answer(render_template("register/not_listed.html", noindex=True), status=404).response()

    def make() -> Answer:
        page = render_template(
            "register/participant.html", row=row, others=found.content.others_of(row), is_demo=is_demo()
        )
        return answer(page)

    return found.answer(("participant", directory_id), make)


# ------------------------------------------------------------------------------------------- the past


@blueprint.get(f"{PATH}/op")
@public
def choose_day() -> Response | Redirect:
    """Leads to the address of the day that was typed."""
    typed = request.args.get("dag", "")[:50].strip()
    if not typed:
        return _choice(None)
    try:
        day = parse_day(typed)
    except ValueError as error:
        return _choice(str(error), typed, status=400)
    return redirect(url_for("public_pages.list_participants_on", day=day.isoformat()), 303)


@blueprint.get(f"{PATH}/op/<day>")
@public
def list_participants_on(day: str) -> Response:
    """Who took part on a day; only days from the first participant until today have an answer."""
    try:
        wanted = date.fromisoformat(day) if len(day) == 10 else None
    except ValueError:
        wanted = None
    if wanted is None or wanted.isoformat() != day:
        return _choice("Deze dag bestaat niet. Kies een dag, bijvoorbeeld 1-5-2024.", status=404)
    found = publication()
    pasts, today = found.pasts(), clock.today()
    first = first_day(pasts)
    typed = f"{wanted.day}-{wanted.month}-{wanted.year}"
    if wanted > today:
        return _choice("Deze dag is nog niet geweest. Kies vandaag of een eerdere dag.", typed, status=404)
    if first is None or wanted < first:
        return _choice(_nobody_yet(first), typed, status=404)
    number = page_number(request.args.get("pagina", ""))

    def make() -> Answer:
        rows = present_on(pasts, wanted)
        page = page_of_day(rows, number, url_for("public_pages.list_participants_on", day=day))
        values = {"day": wanted, "typed": typed, "first": first, "page": page, "problem": None, "is_demo": is_demo()}
        return answer(render_template("register/past.html", **values))

    return found.answer(("past", wanted, number), make)


def _nobody_yet(first: date | None) -> str:
    if first is None:
        return "Er is nog nooit iemand aangesloten. Er valt dus nog niet terug te kijken."
    return f"Op die dag deed nog niemand mee. De eerste deelnemer kwam op {first.day}-{first.month}-{first.year}."


def _choice(problem: str | None, typed: str = "", *, status: int = 200) -> Response:
    """The page on which to choose a day, with what is wrong with the one that was asked for."""
    page = render_template(
        "register/past.html",
        day=None,
        typed=typed,
        first=first_day(publication().pasts()),
        page=None,
        problem=problem,
        is_demo=is_demo(),
    )
    return answer(page, status=status).response()


@blueprint.get(f"{PATH}/wijzigingen")
@public
def list_changes() -> Response:
    """Who came, who left, who got or lost a module in the last month."""
    found = publication()
    today = clock.today()

    def make() -> Answer:
        recent = changes(found.pasts(), today)
        return answer(render_template("register/changes.html", changes=recent, today=today, is_demo=is_demo()))

    return found.answer("changes", make)
