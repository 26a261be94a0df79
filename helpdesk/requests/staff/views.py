"""What staff see of requests: all of them, those of a participant, and one; and delivering one again."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.audit import timeline
from core.db import transaction
from core.listing import paginate
from core.permissions import caller, requires
from core.web import notice
from helpdesk.blueprint import blueprint
from helpdesk.models import HelpRequest
from helpdesk.requests import queries, services
from helpdesk.requests.own.views import refresh as refresh_request
from helpdesk.requests.queries import Standing
from helpdesk.ticket_systems.chosen import ticket_system
from participants.queries import participant as find_participant
from participants.rules import register_detail_panel


def _summary(participant_id: int) -> str | None:
    count = queries.open_requests_of(participant_id)
    return f"{count} {'hulpvraag loopt' if count == 1 else 'hulpvragen lopen'} nog." if count else None


register_detail_panel("Hulpvragen", "helpdesk.list_of_participant", "help:view", position=90, summary=_summary)


@blueprint.get("/beheer/hulpvragen")
@requires("help:view")
def list_requests() -> str:
    wanted = request.args.get("stand", "")
    standing = next((one for one in Standing if one.value == wanted), None)
    text = request.args.get("q", "").replace("\0", "").strip()[:100]
    return render_template(
        "helpdesk/requests/list.html",
        page=paginate(queries.latest(standing, text)),
        standing=standing,
        text=text,
        choices=[("", "Alles"), *Standing.choices()],
        ticket_url=ticket_url,
    )


def ticket_url(row: HelpRequest) -> str | None:
    """Where the ticket is in the ticket system."""
    system = ticket_system()
    return system.page_of(row.ticket_id) if system is not None and row.ticket_id else None


@blueprint.get("/beheer/deelnemers/<int:participant_id>/hulp")
@requires("help:view")
def list_of_participant(participant_id: int) -> str:
    return render_template(
        "helpdesk/requests/of_participant.html",
        participant=find_participant(participant_id),
        requests=queries.requests_of(participant_id),
        ticket_url=ticket_url,
    )


@blueprint.get("/beheer/hulpvragen/<key>")
@requires("help:view")
def show_request(key: str) -> str:
    row = queries.request_by_key(key)
    return render_template(
        "helpdesk/requests/show.html",
        row=row,
        delivery=row.delivery,
        ticket_url=ticket_url(row),
        may_retry=caller().may("help:retry"),
        entries=timeline(subject=f"help_request:{row.id}", for_staff=True),
    )


@blueprint.post("/beheer/hulpvragen/<key>/verversen")
@requires("help:view")
def refresh(key: str) -> Response:
    refresh_request(queries.request_by_key(key), caller().account_id)
    return redirect(url_for("helpdesk.show_request", key=key), 303)


@blueprint.post("/beheer/hulpvragen/<key>/opnieuw")
@requires("help:retry")
def retry(key: str) -> Response:
    with transaction():
        services.retry(queries.request_by_key(key), caller().actor)
    notice("De hulpvraag wordt zo opnieuw doorgestuurd.")
    return redirect(url_for("helpdesk.show_request", key=key), 303)
