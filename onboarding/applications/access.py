"""Who may open which application, and where he goes on. What is another's does not exist (404)."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from core.errors import NotFound
from core.permissions import Caller, caller
from onboarding.applications import queries
from onboarding.applications.queries import Progress
from onboarding.kinds import ApplicationStage
from onboarding.models import Application


def applicant() -> Caller:
    """Who is signed in, as somebody of a participant or an applicant; staff have pages of their own."""
    who = caller()
    if who.is_staff:
        raise NotFound("Deze pagina is voor wie een organisatie aanmeldt.")
    return who


def own(number: str) -> Application:
    """An application that the person of this request fills in, or whose participant he acts for. Raises NotFound."""
    return queries.own_application(number, applicant())


def is_applicant(row: Application) -> bool:
    """Whether the person of this request fills it in."""
    return row.account_id == caller().account_id


def draft(number: str) -> Progress | Response:
    """The draft with its answers, or the way to its page when the person can fill in nothing (any more)."""
    row = own(number)
    if row.stage is not ApplicationStage.DRAFT or not is_applicant(row):
        return to_application(row.number)
    return queries.progress(row)


def to_application(number: str) -> Response:
    return redirect(url_for("applications.show_own", number=number), 303)


def go_on(state: Progress) -> Response:
    """To the first page that is open, or to checking the answers."""
    step = state.first_open
    if step is None:
        return redirect(url_for("applications.check_answers", number=state.application.number), 303)
    return redirect(url_for("applications.show_step", number=state.application.number, slug=step.slug), 303)
