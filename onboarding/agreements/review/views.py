"""Reading along: the participant shares a link, a lawyer reads and asks, staff answer."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from core import clock
from core import db as database
from core.db import scoped, transaction
from core.filters import moment
from core.forms import attempt
from core.limits import count_attempt
from core.permissions import anyone, caller, demand, requires
from core.web import absolute_url, notice
from onboarding.agreements import queries as agreements
from onboarding.agreements.drafting.services import PDF, file_name
from onboarding.agreements.forms import AnswerForm, QuestionForm, ShareForm
from onboarding.agreements.review import queries, services
from onboarding.agreements.views import Answer, blueprint
from onboarding.kinds import CheckKind
from onboarding.models import ShareLink
from onboarding.tasks.kinds import Item
from onboarding.tasks.queries import check_of, facts_of
from onboarding.tasks.rules import task_of
from participants.kinds import CLOSED
from participants.models import Participant
from participants.queries import participant as find_participant
from participants.rules import register_detail_panel

HOUR = timedelta(hours=1)
MOST_DOWNLOADS, MOST_QUESTIONS, MOST_LINKS = 30, 10, 20


# ------------------------------------------------------------------------------------------- the participant


@blueprint.route("/mijn/<int:participant_id>/juridische-beoordeling", methods=["GET", "POST"])
@requires("own:view")
def show_legal_review(participant_id: int) -> Answer:
    """What lawyers can read and what they asked; sending the form makes a new link."""
    who = demand("own:view", participant_id)
    form, made = ShareForm(), []
    if form.is_submitted():
        demand("own:edit", participant_id)
        with transaction():
            count_attempt("meelezen-link", str(participant_id), limit=MOST_LINKS, window=HOUR)
    status = attempt(
        form,
        lambda: made.append(services.share(find_participant(participant_id), who.actor, email=form.email.data)),
    )
    if status is None:
        url = absolute_url("agreements.read_along", token=made[0])
        sent = f"Wij hebben de link gemaild aan {form.email.data}. " if form.email.data else ""
        notice(f"{sent}Kopieer de link nu als u hem zelf wilt bewaren; later ziet u hem niet meer: {url}")
        return redirect(url_for("agreements.show_legal_review", participant_id=participant_id), 303)
    participant = find_participant(participant_id)
    page = render_template(
        "onboarding/agreements/legal_review.html",
        participant=participant,
        form=form,
        links=queries.share_links(participant_id),
        now=clock.now(),
        questions=queries.questions(participant_id),
        task=task_of(facts_of(participant_id), Item.LEGAL_REVIEW),
        done=check_of(participant_id, CheckKind.LEGAL_REVIEW_DONE),
        may_edit=who.may("own:edit", participant_id) and participant.stage not in CLOSED,
        form_has_errors=bool(form.errors),
    )
    return page, status


@blueprint.post("/mijn/<int:participant_id>/juridische-beoordeling/<int:link_id>/intrekken")
@requires("own:edit")
def revoke(participant_id: int, link_id: int) -> Redirect:
    who = demand("own:edit", participant_id)
    with transaction():
        services.revoke(queries.share_link(participant_id, link_id), who.actor)
    notice("De link is ingetrokken.")
    return redirect(url_for("agreements.show_legal_review", participant_id=participant_id), 303)


# ------------------------------------------------------------------------------------------- who reads along


def _shared(token: str) -> tuple[ShareLink, Participant]:
    with scoped(database.JOB):
        link = queries.link_of(token)
        return link, find_participant(link.participant_id)


@blueprint.route("/meelezen/<token>", methods=["GET", "POST"])
@anyone
def read_along(token: str) -> Answer:
    link, participant = _shared(token)
    form = QuestionForm()
    if form.is_submitted():
        with transaction():
            count_attempt("meelezen-vraag", str(link.id), limit=MOST_QUESTIONS, window=HOUR)
    status = attempt(
        form, lambda: services.ask(link, form.asked_by.data or "", form.question.data or "", email=form.email.data)
    )
    if status is None:
        notice("Uw vraag is verstuurd. Het antwoord komt op deze pagina te staan.")
        return redirect(url_for("agreements.read_along", token=token), 303)
    link, participant = _shared(token)
    with scoped(database.JOB):
        page = render_template(
            "onboarding/agreements/read_along.html",
            participant=participant,
            name=participant.name,
            token=token,
            until=moment(link.expires_at),
            questions=queries.questions(participant.id),
            is_frozen=agreements.current_agreement(participant.id) is not None,
            form=form,
            form_has_errors=bool(form.errors),
        )
    return page, status


@blueprint.get("/meelezen/<token>/overeenkomst.pdf")
@anyone
def read_agreement(token: str) -> Response:
    link, participant = _shared(token)
    with transaction():
        count_attempt("meelezen-document", str(link.id), limit=MOST_DOWNLOADS, window=HOUR)
    with scoped(database.JOB):
        content = queries.document_to_read(find_participant(link.participant_id))
        name = file_name(find_participant(participant.id), "ontwerp")
    response = Response(content, content_type=PDF)
    response.headers.set("Content-Disposition", "inline", filename=name)
    return response


@blueprint.get("/meelezen/<token>/dpia")
@anyone
def read_dpia(token: str) -> str:
    _, participant = _shared(token)
    with scoped(database.JOB):
        return render_template("onboarding/agreements/dpia.html", name=participant.name, token=token)


# ------------------------------------------------------------------------------------------- staff


@blueprint.get("/beheer/deelnemers/<int:participant_id>/vragen")
@requires("agreement:view")
def list_questions(participant_id: int) -> str:
    participant = find_participant(participant_id)
    return render_template(
        "onboarding/agreements/questions.html",
        participant=participant,
        questions=queries.questions(participant_id),
        links=queries.share_links(participant_id),
        now=clock.now(),
        may_answer=caller().may("question:answer"),
    )


@blueprint.route("/beheer/deelnemers/<int:participant_id>/vragen/<int:question_id>", methods=["GET", "POST"])
@requires("question:answer")
def answer_question(participant_id: int, question_id: int) -> Answer:
    participant, question = find_participant(participant_id), queries.question(participant_id, question_id)
    back = url_for("agreements.list_questions", participant_id=participant_id)
    form = AnswerForm()
    status = attempt(
        form,
        lambda: services.answer(queries.question(participant_id, question_id), form.answer.data or "", caller().actor),
    )
    if status is None:
        notice("Het antwoord is verstuurd.")
        return redirect(back, 303)
    page = render_template(
        "onboarding/agreements/answer.html",
        participant=participant,
        question=question,
        form=form,
        back_url=back,
        action=request.path,
        form_has_errors=bool(form.errors),
    )
    return page, status


def open_questions_sentence(participant_id: int) -> str | None:
    """For the overview of a participant; None when nothing waits."""
    count = sum(row.answered_at is None for row in queries.questions(participant_id))
    return f"{count} zonder antwoord." if count else None


register_detail_panel(
    "Vragen van juristen", "agreements.list_questions", "agreement:view", position=35, summary=open_questions_sentence
)
