"""Pages: the matrix of modules and roles, the modules of one participant for staff, and for the participant itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from catalogue import queries, services
from catalogue.activation.queries import acceptances, covenants
from catalogue.forms import ModulesForm, SwitchOffForm, SwitchOnForm
from catalogue.models import ModuleActivation
from catalogue.queries import ModuleOffer
from catalogue.versions.queries import fits, version_rows, versions
from core import clock
from core.audit import Actor
from core.db import transaction
from core.errors import NotFound, UserError
from core.filters import day
from core.forms import options
from core.permissions import caller, current_actor, demand, requires
from core.web import notice
from participants.kinds import CLOSED, Stage
from participants.models import Participant
from participants.queries import participant as find_participant
from participants.rules import register_detail_panel, register_own_panel

blueprint = Blueprint("catalogue", __name__)
register_detail_panel("Modules", "catalogue.show_modules", "participant:view", position=40, summary=queries.summary)
register_own_panel("Modules", "catalogue.choose_modules", "own:modules", position=30, summary=queries.summary)
Page = str | tuple[str, int] | Response
Switch = Callable[[int, str, date, Actor], ModuleActivation]


@blueprint.get("/beheer/modules")
@requires("participant:view")
def show_matrix() -> str:
    today = clock.today()
    return render_template(
        "catalogue/matrix.html",
        matrix=queries.module_matrix(today),
        asked=queries.asked_modules(today),
        rows=version_rows(today),
        may_edit=caller().may("module:edit"),
        may_activate=caller().may("module:activate"),
    )


# ------------------------------------------------------------------------------------------- staff


@blueprint.get("/beheer/deelnemers/<int:participant_id>/modules")
@requires("participant:view")
def show_modules(participant_id: int) -> str:
    participant = find_participant(participant_id)
    today = clock.today()
    return render_template(
        "catalogue/modules_of_participant.html",
        participant=participant,
        states=queries.module_states(participant, today),
        history=queries.activations(participant_id),
        today=today,
        may_switch=caller().may("module:activate"),
        is_live=participant.stage is Stage.LIVE,
        addenda=[row for row in versions() if row.needs_addendum and row.released_on is not None],
        accepted=acceptances(participant_id),
        is_creditor=participant.role_code == "creditor",
        covenants=covenants(participant_id),
    )


@blueprint.route("/beheer/deelnemers/<int:participant_id>/modules/<code>/aan", methods=["GET", "POST"])
@requires("module:activate")
def switch_on(participant_id: int, code: str) -> Page:
    form = SwitchOnForm(data={"day": clock.today()})
    return _switch(form, participant_id, code, "aan", services.switch_on)


@blueprint.route("/beheer/deelnemers/<int:participant_id>/modules/<code>/uit", methods=["GET", "POST"])
@requires("module:activate")
def switch_off(participant_id: int, code: str) -> Page:
    form = SwitchOffForm(data={"day": clock.today()})
    return _switch(form, participant_id, code, "uit", services.switch_off)


def _switch(form: SwitchOnForm | SwitchOffForm, participant_id: int, code: str, direction: str, act: Switch) -> Page:
    participant = find_participant(participant_id)
    offer = _offer(participant, code)
    if form.validate_on_submit() and form.day.data is not None:
        try:
            with transaction():
                act(participant_id, code, form.day.data, current_actor())
        except UserError as error:
            form.refuse(error)
        else:
            notice(f"De module {offer.name} is {direction} vanaf {day(form.day.data)}.")
            return redirect(url_for("catalogue.show_modules", participant_id=participant_id), 303)
    page = render_template(
        "catalogue/switch.html",
        form=form,
        form_has_errors=bool(form.errors),
        participant=find_participant(participant_id),
        offer=offer,
        direction=direction,
    )
    return (page, 422) if form.errors else page


def _offer(participant: Participant, code: str) -> ModuleOffer:
    for state in queries.module_states(participant, clock.today()):
        if state.offer.code == code:
            return state.offer
    raise NotFound("Deze module past niet bij deze deelnemer.")


# ------------------------------------------------------------------------------------------- the participant


@blueprint.route("/mijn/<int:participant_id>/modules", methods=["GET", "POST"])
@requires("own:modules")
def choose_modules(participant_id: int) -> Page:
    demand("own:modules", participant_id)
    participant = find_participant(participant_id)
    form = ModulesForm(data={"modules": [module.code for module in queries.chosen_modules(participant_id)]})
    form.modules.choices = options([(o.code, o.name) for o in queries.modules_for_role(participant.role_code)])
    if form.validate_on_submit():
        try:
            with transaction():
                services.choose_modules(participant, form.modules.data or [], current_actor())
        except UserError as error:
            form.refuse(error)
        else:
            notice(_what_now(participant))
            return redirect(url_for("catalogue.choose_modules", participant_id=participant_id), 303)
    page = _choose_page(form, find_participant(participant_id))
    return (page, 422) if form.errors else page


def _what_now(participant: Participant) -> str:
    if participant.stage is Stage.LIVE:
        return "Uw keuze is opgeslagen. Het Schuldenknooppunt zet nieuwe modules voor u aan."
    return "Uw keuze is opgeslagen. De modules gaan aan als uw organisatie wordt geactiveerd."


def _choose_page(form: ModulesForm, participant: Participant) -> str:
    today = clock.today()
    states = queries.module_states(participant, today)
    working = set(fits([state.offer.code for state in states], str(participant.channel.value), today))
    hints = {state.offer.code: _hint(state, works=state.offer.code in working) for state in states}
    return render_template(
        "catalogue/choose.html",
        form=form,
        form_has_errors=bool(form.errors),
        participant=participant,
        states=states,
        hints=hints,
        today=today,
        is_closed=participant.stage in CLOSED,
    )


def _hint(state: queries.ModuleState, *, works: bool) -> str:
    parts = [state.offer.purpose, state.offer.condition_sentence]
    if not works:
        parts.append("Werkt niet met uw manier van aansluiten. Neem contact op als u deze module wilt gebruiken.")
    if state.activation is not None:
        parts.append(f"Aan vanaf {day(state.activation.starts_on)}.")
    return " ".join(part for part in parts if part)
