"""What a participant asked, and what was answered."""

from __future__ import annotations

from datetime import timedelta

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from core import db as database
from core.db import scoped, session, transaction
from core.errors import UserError
from core.limits import count_attempt
from core.permissions import demand, requires
from core.web import notice
from helpdesk.blueprint import blueprint
from helpdesk.models import HelpRequest
from helpdesk.requests import queries
from helpdesk.requests.refreshing import look_now, take_over
from participants.queries import participant as find_participant
from participants.rules import register_own_panel

LOOKS, WINDOW = 6, timedelta(minutes=10)
"""How often somebody may have the ticket system asked by hand."""


def _summary(participant_id: int) -> str | None:
    count = queries.open_requests_of(participant_id)
    return f"{count} {'vraag loopt' if count == 1 else 'vragen lopen'} nog." if count else None


register_own_panel("Mijn vragen", "helpdesk.list_own", "own:view", position=90, summary=_summary)


@blueprint.get("/mijn/<int:participant_id>/hulp")
@requires("own:view")
def list_own(participant_id: int) -> str:
    demand("own:view", participant_id)
    return render_template(
        "helpdesk/requests/own.html",
        participant=find_participant(participant_id),
        requests=queries.requests_of(participant_id),
    )


@blueprint.get("/mijn/<int:participant_id>/hulp/<key>")
@requires("own:view")
def show_own(participant_id: int, key: str) -> str:
    demand("own:view", participant_id)
    return render_template(
        "helpdesk/requests/own_request.html",
        participant=find_participant(participant_id),
        row=queries.request_of(participant_id, key),
    )


@blueprint.post("/mijn/<int:participant_id>/hulp/<key>/verversen")
@requires("own:view")
def refresh_own(participant_id: int, key: str) -> Response:
    who = demand("own:view", participant_id)
    refresh(queries.request_of(participant_id, key), who.account_id)
    return redirect(url_for("helpdesk.show_own", participant_id=participant_id, key=key), 303)


def refresh(row: HelpRequest, account_id: int) -> None:
    """Ask the ticket system about a request that the caller may see, not too often; what comes of it is said on the
    next page. Opens its own transactions."""
    request_id, ticket_id = row.id, row.ticket_id
    try:
        with transaction():
            count_attempt("helpdesk:refresh", str(account_id), limit=LOOKS, window=WINDOW)
        view = look_now(ticket_id)
    except UserError as error:
        notice(error.message, "warning")
        return
    with scoped(database.JOB), transaction():
        take_over(session().get_one(HelpRequest, request_id), view)
    notice("De stand is bijgewerkt.")
