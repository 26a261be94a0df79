"""The public agenda, signing up and off, and the pages of staff.

The agenda and the page of a meeting are the same for everybody and set no cookie; forms stand on pages of their own.
"""

from __future__ import annotations

import hashlib

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from core import clock, submissions
from core.audit import timeline
from core.db import transaction
from core.errors import UserError
from core.forms import attempt
from core.listing import csv_response, paginate
from core.permissions import anyone, current_actor, public, requires
from core.web import notice
from helpdesk.blueprint import blueprint
from helpdesk.kinds import MeetingStage
from helpdesk.meetings import queries, rules, services
from helpdesk.meetings.calendar import MEDIA_TYPE, calendar
from helpdesk.meetings.forms import CancelForm, MeetingForm, SignOffForm, SignUpForm
from helpdesk.visitors import is_by_a_program, problem_with

Answer = str | tuple[str, int] | Redirect
REVALIDATE = "public, max-age=0, must-revalidate"


def _answer(body: str, media_type: str = "text/html; charset=utf-8") -> Response:
    """A public answer with its entity tag, or 304."""
    content = body.encode()
    response = Response(content, content_type=media_type)
    response.headers["Cache-Control"] = REVALIDATE
    response.set_etag(hashlib.sha256(content).hexdigest()[:32])
    response.make_conditional(request)
    return response


# ------------------------------------------------------------------------------------------- the agenda


@blueprint.get("/bijeenkomsten")
@public
def show_agenda() -> Response:
    coming = queries.coming_meetings()
    return _answer(
        render_template(
            "helpdesk/meetings/agenda.html",
            meetings=coming,
            rooms=queries.rooms(coming),
            closed={row.id: services.why_closed(row) for row in coming},
            past=queries.past_meetings(),
        )
    )


@blueprint.get("/bijeenkomsten.ics")
@public
def download_calendar() -> Response:
    """To subscribe to."""
    entries = [queries.calendar_entry(row) for row in [*queries.past_meetings(50), *queries.coming_meetings()]]
    return _answer(calendar(entries, "Bijeenkomsten van het Schuldenknooppunt"), MEDIA_TYPE)


@blueprint.get("/bijeenkomsten/<int:meeting_id>")
@public
def show_meeting(meeting_id: int) -> Response:
    row = queries.meeting(meeting_id)
    page = render_template(
        "helpdesk/meetings/meeting.html",
        meeting=row,
        room=queries.room(row),
        closed=services.why_closed(row),
        is_past=row.ends_at <= clock.now(),
    )
    return _answer(page)


@blueprint.get("/bijeenkomsten/<int:meeting_id>.ics")
@public
def download_meeting(meeting_id: int) -> Response:
    row = queries.meeting(meeting_id)
    response = _answer(calendar([queries.calendar_entry(row)], row.title), MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="bijeenkomst-{row.id}.ics"'
    return response


# ------------------------------------------------------------------------------------------- signing up and off


@blueprint.route("/bijeenkomsten/<int:meeting_id>/aanmelden", methods=["GET", "POST"])
@anyone
def sign_up(meeting_id: int) -> Answer:
    row, form = queries.meeting(meeting_id), SignUpForm()
    if services.why_closed(row):
        return redirect(url_for("helpdesk.show_meeting", meeting_id=meeting_id), 303)
    if not form.is_submitted():
        form.seal()
        return _sign_up_page(meeting_id, form)
    status = problem_with(form, "sign_up")
    if status is not None:
        return _sign_up_page(meeting_id, form), status
    if not is_by_a_program(form):
        guest = services.Guest(str(form.name.data), str(form.organisation.data), str(form.email.data), form.remark.data)
        try:
            with transaction():
                if submissions.first_time(form.key.data):
                    services.sign_up(queries.meeting(meeting_id), guest, current_actor())
        except UserError as error:
            form.refuse(error)
            return _sign_up_page(meeting_id, form), error.status
    return redirect(url_for("helpdesk.show_signed_up", meeting_id=meeting_id), 303)


def _sign_up_page(meeting_id: int, form: SignUpForm) -> str:
    row = queries.meeting(meeting_id)
    return render_template(
        "helpdesk/meetings/sign_up.html",
        meeting=row,
        room=queries.room(row),
        form=form,
        kept_months=rules.KEPT_MONTHS,
        form_has_errors=bool(form.errors),
    )


@blueprint.get("/bijeenkomsten/<int:meeting_id>/aangemeld")
@anyone
def show_signed_up(meeting_id: int) -> str:
    return render_template("helpdesk/meetings/signed_up.html", meeting=queries.meeting(meeting_id))


@blueprint.route("/bijeenkomsten/afmelden/<token>", methods=["GET", "POST"])
@anyone
def show_sign_off(token: str) -> Answer:
    """The mailed link: opening it changes nothing, because mail programs open links too."""
    row = queries.meeting(services.sign_up_of(token).meeting_id)
    form = SignOffForm()
    if not form.validate_on_submit():
        return render_template("helpdesk/meetings/sign_off.html", meeting=row, token=token, form=form)
    with transaction():
        meeting_id = services.sign_off(token, current_actor()).id
    return redirect(url_for("helpdesk.show_signed_off", meeting_id=meeting_id), 303)


@blueprint.get("/bijeenkomsten/<int:meeting_id>/afgemeld")
@anyone
def show_signed_off(meeting_id: int) -> str:
    return render_template("helpdesk/meetings/signed_off.html", meeting=queries.meeting(meeting_id))


# ------------------------------------------------------------------------------------------- staff


@blueprint.get("/beheer/bijeenkomsten")
@requires("meeting:view")
def list_meetings() -> str:
    page = paginate(queries.all_meetings())
    return render_template("helpdesk/meetings/list.html", page=page, rooms=queries.rooms(page.items), now=clock.now())


@blueprint.route("/beheer/bijeenkomsten/nieuw", methods=["GET", "POST"])
@requires("meeting:edit")
def plan_meeting() -> Answer:
    form, made = MeetingForm(), []
    status = attempt(form, lambda: made.append(services.plan_meeting(form.plan(), current_actor()).id))
    if status is None:
        notice("De bijeenkomst staat op de agenda.")
        return redirect(url_for("helpdesk.manage_meeting", meeting_id=made[0]), 303)
    page = render_template("helpdesk/meetings/edit.html", meeting=None, form=form, form_has_errors=bool(form.errors))
    return page, status


@blueprint.get("/beheer/bijeenkomsten/<int:meeting_id>")
@requires("meeting:view")
def manage_meeting(meeting_id: int) -> str:
    row = queries.meeting(meeting_id)
    return render_template(
        "helpdesk/meetings/manage.html",
        meeting=row,
        room=queries.room(row),
        sign_ups=queries.sign_ups(meeting_id),
        may_change=row.stage is MeetingStage.PLANNED and row.ends_at > clock.now(),
        kept_months=rules.KEPT_MONTHS,
        entries=timeline(subject=f"information_meeting:{meeting_id}", for_staff=True),
    )


@blueprint.get("/beheer/bijeenkomsten/<int:meeting_id>/aanmeldingen.csv")
@requires("meeting:view")
def download_sign_ups(meeting_id: int) -> Response:
    queries.meeting(meeting_id)
    rows = [
        (one.stage.label, one.name, one.organisation, one.email, one.remark, one.signed_up_at.isoformat())
        for one in queries.sign_ups(meeting_id)
    ]
    headings = ("Stand", "Naam", "Organisatie", "E-mailadres", "Opmerking", "Aangemeld op")
    return csv_response(f"bijeenkomst-{meeting_id}.csv", headings, rows)


@blueprint.route("/beheer/bijeenkomsten/<int:meeting_id>/wijzigen", methods=["GET", "POST"])
@requires("meeting:edit")
def change_meeting(meeting_id: int) -> Answer:
    row, form = queries.meeting(meeting_id), MeetingForm()
    if not form.is_submitted():
        form.fill_in(row)
    status = attempt(form, lambda: services.change_meeting(queries.meeting(meeting_id), form.plan(), current_actor()))
    if status is None:
        notice("De bijeenkomst is gewijzigd. Wie zich heeft aangemeld, krijgt een mail als dat nodig is.")
        return redirect(url_for("helpdesk.manage_meeting", meeting_id=meeting_id), 303)
    page = render_template(
        "helpdesk/meetings/edit.html",
        meeting=queries.meeting(meeting_id),
        form=form,
        form_has_errors=bool(form.errors),
    )
    return page, status


@blueprint.route("/beheer/bijeenkomsten/<int:meeting_id>/afzeggen", methods=["GET", "POST"])
@requires("meeting:edit")
def cancel_meeting(meeting_id: int) -> Answer:
    queries.meeting(meeting_id)
    form = CancelForm()
    status = attempt(
        form,
        lambda: services.cancel_meeting(queries.meeting(meeting_id), str(form.reason.data), current_actor()),
    )
    if status is None:
        notice("De bijeenkomst is afgezegd. Wie zich had aangemeld, krijgt een mail.")
        return redirect(url_for("helpdesk.manage_meeting", meeting_id=meeting_id), 303)
    row = queries.meeting(meeting_id)
    page = render_template(
        "helpdesk/meetings/cancel.html",
        meeting=row,
        room=queries.room(row),
        form=form,
        form_has_errors=bool(form.errors),
    )
    return page, status
