"""Ready, activation, suspension and ending, from both sides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from catalogue.queries import active_modules
from core import clock
from core.forms import Form, attempt
from core.permissions import caller, demand, requires
from core.transitions import may
from core.web import absolute_url, notice
from onboarding.going_live import queries, services
from onboarding.going_live.forms import ConfirmForm, EndForm, SuspendForm
from onboarding.tasks.kinds import Item
from onboarding.tasks.queries import facts_of
from onboarding.tasks.rules import obstacles
from participants.kinds import CLOSED, Stage
from participants.models import Participant
from participants.queries import participant as find_participant
from participants.rules import register_detail_panel, register_own_panel

blueprint = Blueprint("going_live", __name__)

Answer = str | Redirect | tuple[str, int]


def _act(
    template: str,
    participant_id: int,
    form: Form,
    act: Callable[[Participant], object],
    done: str,
    back: str,
    **values: Any,
) -> Answer:
    """Show a form; when it is sent and right, act and go back with a sentence."""
    status = attempt(form, lambda: act(find_participant(participant_id)))
    if status is None:
        notice(done)
        return redirect(url_for(back, participant_id=participant_id), 303)
    page = render_template(
        template,
        participant=find_participant(participant_id),
        form=form,
        action=request.path,
        back_url=url_for(back, participant_id=participant_id),
        form_has_errors=bool(form.errors),
        **values,
    )
    return page, status


def _standing(participant: Participant) -> dict[str, Any]:
    """What both sides see of being live."""
    today = clock.today()
    has_badge = participant.stage in {*queries.MAY_END, Stage.ENDED}
    return {
        "participant": participant,
        "since": queries.live_since(participant.id, today),
        "modules": active_modules(participant.id, today),
        "ends_before": queries.connection_end(participant.id),
        "badge_now": queries.badge(participant.directory_id, today) if has_badge else None,
        "badge_url": absolute_url(services.BADGE, directory_id=participant.directory_id) if has_badge else None,
        "is_closed": participant.stage in CLOSED,
    }


# ------------------------------------------------------------------------------------------- the participant


@blueprint.get("/mijn/<int:participant_id>/aansluiting")
@requires("own:view")
def show_own(participant_id: int) -> str:
    who = demand("own:view", participant_id)
    participant = find_participant(participant_id)
    return render_template(
        "onboarding/going_live/own.html",
        **_standing(participant),
        may_declare=participant.stage is Stage.COUNTERSIGNED and who.may("own:declare_ready", participant_id),
        declared_on=facts_of(participant_id).declared_ready_on,
        picture_url=absolute_url("public_pages.badge_image", directory_id=participant.directory_id),
    )


@blueprint.route("/mijn/<int:participant_id>/klaar", methods=["GET", "POST"])
@requires("own:declare_ready")
def declare_ready(participant_id: int) -> Answer:
    who = demand("own:declare_ready", participant_id)
    facts = facts_of(participant_id)
    return _act(
        "onboarding/going_live/ready.html",
        participant_id,
        ConfirmForm(),
        lambda participant: services.declare_ready(participant, who.actor),
        "Bedankt. Het Schuldenknooppunt heeft bericht gekregen en activeert uw aansluiting.",
        "tasks.show_own",
        obstacles=obstacles(facts, Item.READY),
        facts=facts,
    )


# ------------------------------------------------------------------------------------------- staff


@blueprint.get("/beheer/deelnemers/<int:participant_id>/aansluiting-en-einde")
@requires("participant:view")
def show_standing(participant_id: int) -> str:
    who, participant = caller(), find_participant(participant_id)
    planned = queries.connection_end(participant_id)
    return render_template(
        "onboarding/going_live/staff.html",
        **_standing(participant),
        may_activate=who.may("participant:activate") and may(services.ACTIVATE, participant.stage),
        may_suspend=who.may("participant:suspend") and may(services.SUSPEND, participant.stage),
        may_resume=who.may("participant:suspend") and may(services.RESUME, participant.stage),
        may_end=who.may("participant:end") and may(services.END, participant.stage) and planned is None,
    )


@blueprint.route("/beheer/deelnemers/<int:participant_id>/activeren", methods=["GET", "POST"])
@requires("participant:activate")
def activate(participant_id: int) -> Answer:
    participant = find_participant(participant_id)
    facts = facts_of(participant_id)
    fitting, later = queries.modules_that_fit(participant, clock.today())
    return _act(
        "onboarding/going_live/activate.html",
        participant_id,
        ConfirmForm(),
        lambda found: services.activate(found, caller().actor),
        f"{participant.name} is geactiveerd en staat vanaf nu op de openbare lijst."
        if participant.is_public
        else f"{participant.name} is geactiveerd.",
        "going_live.show_standing",
        obstacles=obstacles(facts, Item.ACTIVATED),
        modules=fitting,
        later=later,
        is_live=participant.stage is Stage.LIVE,
        facts=facts,
    )


@blueprint.route("/beheer/deelnemers/<int:participant_id>/schorsen", methods=["GET", "POST"])
@requires("participant:suspend")
def suspend(participant_id: int) -> Answer:
    form = SuspendForm()
    return _act(
        "onboarding/going_live/suspend.html",
        participant_id,
        form,
        lambda participant: services.suspend(participant, form.reason.data or "", caller().actor),
        "De aansluiting is geschorst. De deelnemer heeft bericht gekregen.",
        "going_live.show_standing",
    )


@blueprint.route("/beheer/deelnemers/<int:participant_id>/hervatten", methods=["GET", "POST"])
@requires("participant:suspend")
def resume(participant_id: int) -> Answer:
    return _act(
        "onboarding/going_live/resume.html",
        participant_id,
        ConfirmForm(),
        lambda participant: services.resume(participant, caller().actor),
        "De schorsing is opgeheven. De deelnemer heeft bericht gekregen.",
        "going_live.show_standing",
    )


@blueprint.route("/beheer/deelnemers/<int:participant_id>/beeindigen", methods=["GET", "POST"])
@requires("participant:end")
def end(participant_id: int) -> Answer:
    form = EndForm()
    if not form.is_submitted():
        form.ends_before.data = date(clock.today().year + 1, 1, 1)
    return _act(
        "onboarding/going_live/end.html",
        participant_id,
        form,
        lambda participant: services.end(participant, form.day, form.reason.data or "", caller().actor),
        "Het einde van de aansluiting is vastgelegd. De deelnemer heeft bericht gekregen.",
        "going_live.show_standing",
    )


def standing_sentence(participant_id: int) -> str | None:
    """For the overview of a participant."""
    participant = find_participant(participant_id)
    if participant.stage not in {*queries.MAY_END, Stage.ENDED}:
        return None
    found = queries.standing_of(participant, clock.today())
    return f"{found[:1].upper()}{found[1:]}."


register_detail_panel(
    "Aansluiting en einde", "going_live.show_standing", "participant:view", position=40, summary=standing_sentence
)
register_own_panel("Aansluiting", "going_live.show_own", "own:view", position=40, summary=standing_sentence)
