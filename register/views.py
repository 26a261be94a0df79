"""Public pages: no session, no cookie, read only; each answer carries an entity tag."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Blueprint, Response, render_template, request, url_for
from flask.blueprints import BlueprintSetupState

from core import clock
from core.permissions import public
from core.web import absolute_url, problem
from register import answers
from register.answers import Answer, Publication, answer, is_demo, publication
from register.documents import csv_document, json_document
from register.geography import map_data
from register.queries import kept_months, operator_now
from register.rules import LICENCE_LINK, Listing, Named, Selection, names_like, page_of

blueprint = Blueprint("public_pages", __name__)
TEXTS = "public, max-age=300"


@blueprint.record
def remember_answers(state: BlueprintSetupState) -> None:
    answers.install(state.app)  # type: ignore[arg-type]  # an App is a Flask here


@blueprint.get("/")
@public
def home() -> Response:
    found = publication()
    return found.answer(
        "home", lambda: answer(render_template("register/home.html", content=found.content, is_demo=is_demo()))
    )


# ------------------------------------------------------------------------------------------- the list


@blueprint.get("/deelnemers")
@public
def list_participants() -> Response:
    found = publication()
    selection = Selection.read(request.args, found.content.choices)

    def make() -> Answer:
        everybody = found.content.listings
        rows = selection.apply(everybody)
        return answer(
            render_template(
                "register/participants.html",
                content=found.content,
                selection=selection,
                page=page_of(rows, selection),
                active=_active_filters(selection, found),
                suggestions=names_like(selection.q, everybody) if selection.q and not rows else [],
                map_data=map_data(found.content.municipalities),
                options=_options,
                is_demo=is_demo(),
            )
        )

    return found.answer(("html", selection), make)


def _options(first: str, choices: Sequence[Named]) -> list[tuple[str, str]]:
    return [("", first), *((choice.code, choice.name) for choice in choices)]


def _active_filters(selection: Selection, found: Publication) -> list[tuple[str, str]]:
    """What is filtered on, each with the address of the list without it."""
    active = [(f"Zoekopdracht: {selection.q}", selection.address(q=""))] if selection.q else []
    for parameter, label in (("rol", "Rol"), ("module", "Module"), ("sector", "Sector"), ("provincie", "Provincie")):
        value = getattr(selection, parameter)
        name = next((choice.name for choice in found.content.choices.of(parameter) if choice.code == value), None)
        if name is not None:
            active.append((f"{label}: {name}", selection.address(**{parameter: ""})))
    return active


def _file(
    kind: str, name: str, media_type: str, write: Callable[[list[Listing], Selection, Publication], bytes]
) -> Response:
    """The whole selection as a file. What we do not know is refused: a program must not get more than it asked for."""
    found = publication()
    selection = Selection.read(request.args, found.content.choices)
    if selection.remarks:
        return problem(400, "Dit adres klopt niet", " ".join(selection.remarks))
    response = found.answer(
        (kind, selection), lambda: answer(write(selection.apply(found.content.listings), selection, found), media_type)
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Link"] = LICENCE_LINK
    return response


@blueprint.get("/deelnemers.csv")
@public
def export_csv() -> Response:
    name = "deelnemers-VOORBEELD.csv" if is_demo() else "deelnemers.csv"
    return _file(
        "csv", name, "text/csv; charset=utf-8", lambda rows, _selection, _found: csv_document(rows, is_demo=is_demo())
    )


@blueprint.get("/deelnemers.json")
@public
def export_json() -> Response:
    def write(rows: list[Listing], selection: Selection, found: Publication) -> bytes:
        address = absolute_url("public_pages.show_badge", directory_id="")
        return json_document(rows, selection, found.content.updated_on, is_demo=is_demo(), badge_address=address)

    name = "deelnemers-VOORBEELD.json" if is_demo() else "deelnemers.json"
    return _file("json", name, "application/json", write)


# ------------------------------------------------------------------------------------------- texts


@blueprint.get("/toegankelijkheid")
@public
def accessibility() -> Response:
    return _text("register/accessibility.html")


@blueprint.get("/privacy")
@public
def privacy() -> Response:
    return _text("register/privacy.html", kept=kept_months(clock.today()))


def _text(template: str, **values: object) -> Response:
    page = render_template(
        template, operator=operator_now(clock.today()), sign_in_url=url_for("identity.sign_in"), **values
    )
    return answer(page).response(cache=TEXTS)
