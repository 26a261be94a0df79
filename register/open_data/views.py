"""/api/v1: the same list as on the page. No session, no cookie, open to every website (CORS)."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, render_template, request
from flask.blueprints import BlueprintSetupState

from core import clock
from core.permissions import public
from core.web import problem, settings
from register.answers import Answer, answer, is_demo, publication
from register.open_data import documents, rules
from register.open_data.documents import JSON, Place
from register.open_data.specification import specification
from register.queries import operator_now
from register.rules import LICENCE_LINK, LICENCE_NAME, LICENCE_URL
from register.views import TEXTS, blueprint

HEADERS = {
    "API-Version": rules.VERSION,
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "API-Version, ETag, Link, Retry-After",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
"""On every answer below /api/v1, errors included (rules /core/version-header and /core/transport/security-headers)."""
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


@blueprint.record
def head_every_answer(state: BlueprintSetupState) -> None:
    app: Flask = state.app  # type: ignore[assignment]  # an App is a Flask here
    app.after_request(_headed)


def _headed(response: Response) -> Response:
    if request.path != rules.BASE and not request.path.startswith(f"{rules.BASE}/"):
        return response
    response.headers.update(HEADERS)
    if "Link" not in response.headers:
        response.headers["Link"] = LICENCE_LINK
    if request.method == "OPTIONS":
        response.headers.update(PREFLIGHT)
    return response


def _place() -> Place:
    return Place(settings().base_url, is_demo())


def _not_acceptable() -> Response | None:
    """A problem for who only reads something else than JSON."""
    accepted = request.accept_mimetypes
    if not accepted or accepted[JSON] > 0 or accepted["application/problem+json"] > 0:
        return None
    return problem(406, "Deze vorm hebben wij niet", f"Vraag om {JSON}, of laat de header Accept weg.")


def _unknown_parameters() -> Response | None:
    """A problem for parameters where none belong."""
    faults = [rules.Fault("", "Dit adres kent geen parameters. Laat alles vanaf het vraagteken weg.")]
    return _bad_request(rules.NotUnderstood(faults)) if request.args else None


def _bad_request(error: rules.NotUnderstood) -> Response:
    faults = [{"parameter": fault.parameter, "reden": fault.reason} for fault in error.faults]
    return _problem(400, "Deze vraag begrijpen wij niet", str(error), fouten=faults).response(cache="no-store")


def _problem(status: int, title: str, detail: str, **more: Any) -> Answer:
    """An error as RFC 9457 problem details, with members of our own."""
    content = {
        "type": "about:blank", "title": title, "status": status, "detail": detail, "instance": request.path, **more
    }  # fmt: skip
    return answer(documents.bytes_of(content), "application/problem+json", status=status)


def _made(content: dict[str, Any]) -> Answer:
    return answer(documents.bytes_of(content), JSON)


# strict_slashes: an address with a slash at the end does not exist (rule /core/no-trailing-slash)


@blueprint.get(rules.BASE, strict_slashes=True)
@public
def show_api() -> Response:
    refused = _not_acceptable() or _unknown_parameters()
    return refused or _made(documents.root(_place())).response()


@blueprint.get(f"{rules.BASE}/openapi.json", strict_slashes=True)
@public
def show_specification() -> Response:
    refused = _not_acceptable() or _unknown_parameters()
    if refused:
        return refused
    found = publication()
    content = specification(_place(), found.content.choices, operator_now(clock.today()))
    return _made(content).response()


@blueprint.get(f"{rules.BASE}/deelnemers", strict_slashes=True)
@public
def list_participants_as_data() -> Response:
    refused = _not_acceptable()
    if refused:
        return refused
    found = publication()
    try:
        asked = rules.read(request.args.to_dict(flat=False), found.content.choices)
    except rules.NotUnderstood as error:
        return _bad_request(error)
    place = _place()

    def make() -> Answer:
        rows = asked.selection.apply(found.content.listings)
        if asked.number > asked.pages(len(rows)):
            sentence = f"De laatste pagina is {asked.pages(len(rows))}."
            return _problem(404, "Deze pagina bestaat niet", sentence)
        content = documents.collection(rows, asked, found.content.updated_on, place)
        return answer(documents.bytes_of(content), JSON, headers={"Link": documents.link_header(content["_links"])})

    return found.answer(("api", asked), make)


@blueprint.get(f"{rules.BASE}/deelnemers/<directory_id>", strict_slashes=True)
@public
def show_participant_as_data(directory_id: str) -> Response:
    refused = _not_acceptable() or _unknown_parameters()
    if refused:
        return refused
    found = publication()
    row = found.content.by_id.get(directory_id)
    if row is None:
        return problem(404, "Deze deelnemer staat niet op de lijst", "Controleer het id, of vraag de lijst op.")
    return found.answer(("api", directory_id), lambda: _made(documents.one(row, _place())))


@blueprint.get("/open-data")
@public
def show_open_data() -> Response:
    """The explanation for people."""
    page = render_template(
        "register/open_data.html",
        operator=operator_now(clock.today()),
        rules=rules,
        licence=(LICENCE_NAME, LICENCE_URL),
        base=settings().base_url,
        is_demo=is_demo(),
    )
    return answer(page).response(cache=TEXTS)
