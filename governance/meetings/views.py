"""Pages about meetings, for staff."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from core.db import transaction
from core.editing import Clash, clash_page
from core.errors import Refused
from core.forms import attempt, day_of
from core.permissions import caller, requires
from core.web import notice
from governance.bodies.queries import body_by_slug
from governance.kinds import Body
from governance.meetings import queries, services
from governance.meetings.forms import AgendaForm, ChangeMeetingForm, MeetingForm, PapersForm, key_of
from governance.meetings.kinds import PaperKind
from governance.papers.rules import PDF
from governance.papers.services import store_papers
from governance.papers.views import send, uploads
from governance.views import blueprint

Page = str | AnyResponse | tuple[str, int]


def _to(meeting_id: int) -> AnyResponse:
    return redirect(url_for("governance.show_meeting", meeting_id=meeting_id), 303)


@blueprint.get("/beheer/vergaderingen")
@requires("decision:view")
def list_meetings() -> str:
    slug = request.args.get("orgaan", "")
    body = body_by_slug(slug) if slug else None
    rows = queries.meetings(body)
    return render_template(
        "governance/meetings.html",
        coming=[row for row in reversed(rows) if services.is_open(row)],
        past=[row for row in rows if not services.is_open(row)],
        body=body,
        bodies=[("", "Alle organen"), *((one.slug, one.label) for one in Body)],
        may_edit=caller().may("meeting:edit"),
    )


@blueprint.route("/beheer/vergaderingen/nieuw", methods=["GET", "POST"])
@requires("meeting:edit")
def plan_meeting() -> Page:
    form = MeetingForm()
    made: list[int] = []
    status = attempt(
        form,
        lambda: made.append(
            services.plan_meeting(
                Body(form.body.data), day_of(form.held_on), form.time_and_place.data or "", caller().actor
            ).id
        ),
    )
    if status is None:
        notice("De vergadering is gepland. Vul nu de agenda.")
        return _to(made[0])
    page = render_template(
        "governance/meeting_form.html",
        form=form,
        heading="Vergadering plannen",
        action=request.path,
        back_url=url_for("governance.list_meetings"),
        form_has_errors=bool(form.errors),
    )
    return page, status


@blueprint.get("/beheer/vergaderingen/<int:meeting_id>")
@requires("decision:view")
def show_meeting(meeting_id: int) -> str:
    meeting = queries.meeting(meeting_id)
    may_edit = caller().may("meeting:edit")
    return render_template(
        "governance/meeting.html",
        meeting=meeting,
        decisions=queries.decisions_of(meeting_id),
        papers=[row for row in meeting.papers if row.kind is PaperKind.PAPER],
        minutes=[row for row in meeting.papers if row.kind is PaperKind.MINUTES],
        may_edit=may_edit,
        may_change=may_edit and services.is_open(meeting),
    )


@blueprint.route("/beheer/vergaderingen/<int:meeting_id>/wijzigen", methods=["GET", "POST"])
@requires("meeting:edit")
def change_meeting(meeting_id: int) -> Page:
    form, meeting = ChangeMeetingForm(), queries.meeting(meeting_id)
    back_url = url_for("governance.show_meeting", meeting_id=meeting_id)
    if not form.is_submitted():
        form.show({"held_on": meeting.held_on, "time_and_place": meeting.time_and_place})
    try:
        status = attempt(form, lambda: _change(form, meeting_id))
    except Clash as clash:
        return clash_page(form, clash, layout="layouts/staff.html", back_url=back_url)
    if status is None:
        notice("De vergadering is gewijzigd.")
        return _to(meeting_id)
    page = render_template(
        "governance/meeting_form.html",
        form=form,
        heading="Vergadering wijzigen",
        action=request.path,
        back_url=back_url,
        form_has_errors=bool(form.errors),
    )
    return page, status


def _change(form: ChangeMeetingForm, meeting_id: int) -> None:
    meeting = queries.locked_meeting(meeting_id)
    values = form.merge({"held_on": meeting.held_on, "time_and_place": meeting.time_and_place})
    services.change_meeting(meeting, values["held_on"], values["time_and_place"], caller().actor)


# --------------------------------------------------------------------------------------------- agenda


@blueprint.route("/beheer/vergaderingen/<int:meeting_id>/agenda", methods=["GET", "POST"])
@requires("meeting:edit")
def extend_agenda(meeting_id: int) -> Page:
    meeting, form = queries.meeting(meeting_id), AgendaForm()
    waiting = queries.waiting_for(meeting.body)
    there = {(item.title, item.url) for item in meeting.items}
    offered = [row for row in waiting.items if (row.title, row.url) not in there]
    form.offer(offered)

    def extend() -> None:
        row = queries.locked_meeting(meeting_id)
        chosen = [one for one in offered if key_of(one) in (form.waiting.data or [])]
        if not chosen and not form.title.data:
            raise Refused("Kies iets dat wacht, of schrijf een eigen punt.", field="title")
        services.take_waiting(row, chosen, caller().actor)
        if form.title.data:
            services.add_item(row, form.title.data, form.explanation.data, caller().actor)

    status = attempt(form, extend)
    if status is None:
        notice("De agenda is aangevuld.")
        return _to(meeting_id)
    page = render_template(
        "governance/agenda_form.html",
        form=form,
        meeting=meeting,
        offered=offered,
        hints={key_of(row): row.explanation for row in offered},
        missing=waiting.missing,
        form_has_errors=bool(form.errors),
    )
    return page, status


@blueprint.post("/beheer/vergaderingen/<int:meeting_id>/agenda/<int:item_id>")
@requires("meeting:edit")
def change_agenda(meeting_id: int, item_id: int) -> AnyResponse:
    act = request.form.get("actie")
    with transaction():
        meeting = queries.locked_meeting(meeting_id)
        if act == "weg":
            services.remove_item(meeting, item_id, caller().actor)
        else:
            services.move_item(meeting, item_id, caller().actor, up=act != "omlaag")
    notice("Het punt is van de agenda gehaald." if act == "weg" else "De volgorde is veranderd.")
    return _to(meeting_id)


@blueprint.get("/beheer/vergaderingen/<int:meeting_id>/agenda.pdf")
@requires("decision:view")
def download_agenda(meeting_id: int) -> Response:
    meeting = queries.meeting(meeting_id)
    response = Response(services.agenda(meeting), content_type=PDF)
    name = f"agenda-{meeting.body.slug}-{meeting.held_on}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# --------------------------------------------------------------------------------------------- papers


@blueprint.route("/beheer/vergaderingen/<int:meeting_id>/stukken", methods=["GET", "POST"])
@requires("meeting:edit")
def attach_papers(meeting_id: int) -> Page:
    meeting, form = queries.meeting(meeting_id), PapersForm()

    def attach() -> None:
        row = queries.locked_meeting(meeting_id)
        papers = store_papers(uploads(form.papers.data or []))
        services.attach(row, PaperKind(form.kind.data), papers, caller().actor)

    status = attempt(form, attach)
    if status is None:
        notice("Toegevoegd.")
        return _to(meeting_id)
    page = render_template("governance/papers_form.html", form=form, meeting=meeting, form_has_errors=bool(form.errors))
    return page, status


@blueprint.get("/beheer/vergaderingen/<int:meeting_id>/stukken/<int:paper_id>")
@requires("decision:view")
def download_meeting_paper(meeting_id: int, paper_id: int) -> Response:
    found = queries.paper(meeting_id, paper_id)
    return send(found.name, found.sha256, found.media_type)
