"""Pages about bodies, for staff."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from core import clock, filters
from core.forms import Form, attempt, day_of
from core.listing import csv_address, csv_response
from core.permissions import caller, requires
from core.web import notice
from governance.bodies import queries, services
from governance.bodies.forms import EndForm, EndTermForm, SeatForm, TermForm
from governance.bodies.kinds import Represents, SeatSector
from governance.kinds import Body, SettingName
from governance.queries import active_bodies_on, setting_on
from governance.views import blueprint

Page = str | AnyResponse | tuple[str, int]


@blueprint.get("/beheer/organen")
@requires("decision:view")
def list_bodies() -> str:
    today = clock.today()
    active = active_bodies_on(today)
    setting = setting_on(SettingName.ACTIVE_BODIES, today)
    return render_template(
        "governance/bodies.html",
        rows=[(body, body in active, _filled(body)) for body in Body],
        vacant=queries.vacant_seats(today),
        to_confirm=setting is None or setting.to_confirm,
        may_edit=caller().may("body:edit"),
    )


def _filled(body: Body) -> tuple[int, int]:
    """Seats on which somebody sits, and seats that exist."""
    today = clock.today()
    existing = [row for row in queries.seats(body) if queries.exists_on(row, today)]
    return len([row for row in existing if queries.term_on(row, today)]), len(existing)


@blueprint.get("/beheer/organen/rooster")
@requires("decision:view")
def show_rotation() -> str | Response:
    today = clock.today()
    rows = queries.rotation(today)
    if request.args.get("als") == "csv":
        return csv_response(
            f"rooster-van-aftreden-{today}.csv",
            ("Orgaan", "Zetel", "Namens", "Lid", "Eerste dag", "Laatste dag"),
            (
                (
                    row.seat.body.label,
                    row.seat.name,
                    services.described(row.seat),
                    row.member,
                    filters.short_day(row.starts_on),
                    filters.short_day(filters.last_day(row.leaves_on)),
                )
                for row in rows
            ),
        )
    return render_template(
        "governance/rotation.html",
        rows=rows,
        described=services.described,
        vacant=queries.vacant_seats(today),
        csv_url=csv_address(),
        today=today,
    )


@blueprint.get("/beheer/organen/<slug>")
@requires("decision:view")
def show_body(slug: str) -> str:
    body, today = queries.body_by_slug(slug), clock.today()
    rows = queries.seats(body)
    return render_template(
        "governance/body.html",
        body=body,
        is_active=body in active_bodies_on(today),
        seats=[
            (row, queries.term_on(row, today), queries.vacancy_of(row, today))
            for row in rows
            if row.ends_before is None or row.ends_before > today
        ],
        past=[term for row in rows for term in row.terms if not (term.starts_on <= today < term.leaves_on)],
        ended=[row for row in rows if row.ends_before is not None and row.ends_before <= today],
        described=services.described,
        sentence=queries.vacancy_sentence,
        today=today,
        may_edit=caller().may("body:edit"),
    )


def _form_page(form: Form, body: Body, heading: str, act: Callable[[], object], said: str, **more: object) -> Page:
    """One form about a body: shown, acted on, or shown again with what is wrong."""
    status = attempt(form, act)
    if status is None:
        notice(said)
        return redirect(url_for("governance.show_body", slug=body.slug), 303)
    page = render_template(
        "governance/body_form.html",
        form=form,
        body=body,
        heading=heading,
        action=request.path,
        form_has_errors=bool(form.errors),
        **{"lead": None, "danger": False, **more},
    )
    return page, status


@blueprint.route("/beheer/organen/<slug>/zetel", methods=["GET", "POST"])
@requires("body:edit")
def add_seat(slug: str) -> Page:
    body, form = queries.body_by_slug(slug), SeatForm()
    return _form_page(
        form,
        body,
        "Zetel toevoegen",
        lambda: services.add_seat(
            body,
            form.name.data or "",
            Represents(form.represents.data),
            SeatSector(form.sector.data) if form.sector.data else None,
            day_of(form.starts_on),
            caller().actor,
            is_chair=bool(form.is_chair.data),
        ),
        "De zetel is toegevoegd.",
    )


@blueprint.route("/beheer/organen/zetels/<int:seat_id>/benoemen", methods=["GET", "POST"])
@requires("body:edit")
def appoint(seat_id: int) -> Page:
    seat, form = queries.seat(seat_id), TermForm()
    vacancy = queries.vacancy_of(seat, clock.today())
    if not form.is_submitted():
        form.starts_on.data = vacancy.starts_on if vacancy else None
    return _form_page(
        form,
        seat.body,
        f"Benoeming vastleggen: {seat.name}",
        lambda: services.appoint(
            seat, form.member.data or "", day_of(form.starts_on), day_of(form.last_day), caller().actor
        ),
        "De benoeming is vastgelegd.",
        lead=f"Namens: {services.described(seat)}.",
    )


@blueprint.route("/beheer/organen/zetels/<int:seat_id>/opheffen", methods=["GET", "POST"])
@requires("body:edit")
def end_seat(seat_id: int) -> Page:
    seat, form = queries.seat(seat_id), EndForm()
    return _form_page(
        form,
        seat.body,
        f"Zetel opheffen: {seat.name}",
        lambda: services.end_seat(seat, day_of(form.last_day), caller().actor),
        "De zetel is opgeheven.",
        lead="Na de laatste dag bestaat de zetel niet meer. Dit is niet terug te draaien.",
        danger=True,
    )


@blueprint.route("/beheer/organen/termijnen/<int:term_id>/beeindigen", methods=["GET", "POST"])
@requires("body:edit")
def end_term(term_id: int) -> Page:
    term, form = queries.term(term_id), EndTermForm()
    planned = filters.day(filters.last_day(term.ends_before))
    return _form_page(
        form,
        term.seat.body,
        f"Termijn eerder beëindigen: {term.seat.name}",
        lambda: services.end_term(term, day_of(form.last_day), form.reason.data or "", caller().actor),
        "Vastgelegd dat de termijn eerder eindigt.",
        lead=f"{term.member}, tot en met {planned}. Noem geen namen of persoonlijke zaken bij de reden.",
        danger=True,
    )
