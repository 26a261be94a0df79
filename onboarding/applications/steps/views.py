"""Filling in: the organisation, the other pages, checking and sending."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import clock, submissions
from core.db import transaction
from core.errors import UserError
from core.permissions import caller, requires
from core.web import notice
from onboarding.applications import queries, rules, services, summary
from onboarding.applications.access import draft, go_on, own, to_application
from onboarding.applications.answers import ANSWERS
from onboarding.applications.blueprint import blueprint
from onboarding.applications.drafts import ChangedMeanwhile
from onboarding.applications.duplicates import AlreadyApplied
from onboarding.applications.forms import (
    CHANNEL_HINTS,
    NOT_LISTED,
    STEP_FORMS,
    MunicipalitiesForm,
    NewOrganisationForm,
    OrganisationForm,
    StepForm,
    SubmitForm,
)
from onboarding.applications.kinds import STEP_OF_SLUG, Step
from onboarding.applications.own.link import mail_link
from onboarding.applications.queries import Progress
from onboarding.applications.services import AlreadyReceived
from participants import queries as participants

Answer = str | tuple[str, int] | Response


def _render(state: Progress, form: StepForm, page: str | None = None, **values: Any) -> str:
    """The page of a step, with where it stands among the others."""
    steps = state.steps
    position = steps.index(form.step)
    number = state.application.number
    if position:
        before = url_for("applications.show_step", number=number, slug=steps[position - 1].slug)
    elif page is None:
        before = url_for("applications.show_own", number=number)
    else:
        before = url_for("applications.show_organisation", number=number)
    context: dict[str, Any] = {
        "state": state,
        "form": form,
        "position": position + 1,
        "total": len(steps),
        "back_url": before,
        "form_has_errors": bool(form.errors),
        "differences": [],
        "existing": None,
        **values,
    }
    return render_template(f"onboarding/applications/steps/{page or form.step.value}.html", **context)


def _save(state: Progress, form: StepForm, values: dict[str, Any]) -> Response | dict[str, Any]:
    """Store the page and go on; or what has to be shown on the page again."""
    number = state.application.number
    try:
        with transaction():
            services.save_step(state.application, form.step, values, actor=caller().actor, seen=form.seen.data or None)
    except ChangedMeanwhile as error:
        return _conflict(number, form, values, error)
    except UserError as error:
        form.refuse(error)
        existing = error.number if isinstance(error, AlreadyApplied) else None
        return {"existing": existing}
    after = queries.progress(queries.application(number))
    warning = queries.warnings(after).get(form.step)
    if warning:
        notice(warning, "warning")
    if request.form.get("action") == "later":
        mail_link(after.application)
        return to_application(number)
    return go_on(after)


def _conflict(number: str, form: StepForm, values: dict[str, Any], error: ChangedMeanwhile) -> dict[str, Any]:
    """What stands there now beside what was typed. Sending again keeps what was typed."""
    now = queries.progress(queries.application(number))
    form.refuse(error)
    form.seen.data = now.fingerprint(form.step)
    typed = ANSWERS[form.step].of(values)
    return {"differences": summary.differences(form.step, now, typed)}


@blueprint.get("/mijn/aanmeldingen/<number>/organisatie")
@requires("own:account")
def show_organisation(number: str) -> Answer:
    state = draft(number)
    if isinstance(state, Response):
        return state
    form = OrganisationForm(data={"organisation_id": _chosen(state)})
    return _organisation_page(state, form)


@blueprint.post("/mijn/aanmeldingen/<number>/organisatie")
@requires("own:account")
def choose_organisation(number: str) -> Answer:
    state = draft(number)
    if isinstance(state, Response):
        return state
    form = OrganisationForm()
    _offer(state, form)
    if form.validate_on_submit() and form.organisation_id.data == NOT_LISTED:
        return redirect(url_for("applications.show_new_organisation", number=number), 303)
    if form.errors:
        return _organisation_page(state, form), 422
    outcome = _save(state, form, form.values())
    return outcome if isinstance(outcome, Response) else (_organisation_page(state, form, **outcome), 422)


def _chosen(state: Progress) -> str | None:
    if state.organisation is not None:
        return str(state.organisation.id)
    return NOT_LISTED if state.answers.organisation else None


def _offer(state: Progress, form: OrganisationForm) -> int:
    """The chosen organisation and those that were searched for. Returns how many were found."""
    text = request.args.get("zoek", "")[:200]
    hits = participants.find_organisations(text, existing_on=clock.today()) if text.strip() else []
    choices = [(str(hit.id), _described(hit.name, hit.place, hit.kvk, hit.oin)) for hit in hits]
    known = state.organisation
    if known is not None and str(known.id) not in dict(choices):
        choices.insert(0, (str(known.id), _described(known.name, known.place, known.kvk, known.oin)))
    form.offer(choices)
    return len(hits)


def _described(name: str, place: str | None, kvk: str | None, oin: str | None) -> str:
    numbers = f"KvK {kvk}" if kvk else f"OIN {oin}" if oin else None
    return ", ".join(part for part in (name, place, numbers) if part)


def _organisation_page(state: Progress, form: OrganisationForm, **values: Any) -> str:
    found = _offer(state, form)
    if not form.seen.data:
        form.seen.data = state.fingerprint(Step.ORGANISATION)
    text = request.args.get("zoek", "")[:200]
    context = {"text": text, "found": found, "is_chosen": _chosen(state) is not None, **values}
    return _render(state, form, **context)


@blueprint.get("/mijn/aanmeldingen/<number>/organisatie/nieuw")
@requires("own:account")
def show_new_organisation(number: str) -> Answer:
    state = draft(number)
    if isinstance(state, Response):
        return state
    form = NewOrganisationForm(data=NewOrganisationForm.start_values(state))
    form.seen.data = state.fingerprint(Step.ORGANISATION)
    return _render(state, form, "new_organisation")


@blueprint.post("/mijn/aanmeldingen/<number>/organisatie/nieuw")
@requires("own:account")
def save_new_organisation(number: str) -> Answer:
    state = draft(number)
    if isinstance(state, Response):
        return state
    form = NewOrganisationForm()
    if not form.validate_on_submit():
        return _render(state, form, "new_organisation"), 422
    outcome = _save(state, form, _as_we_know_it(form))
    return outcome if isinstance(outcome, Response) else (_render(state, form, "new_organisation", **outcome), 422)


def _as_we_know_it(form: NewOrganisationForm) -> dict[str, Any]:
    """An organisation whose KvK number stands in a public register is taken from there."""
    hits = participants.find_organisations(str(form.kvk.data), existing_on=clock.today())
    for hit in hits:
        if hit.kvk == form.kvk.data:
            notice(f"Wij kennen dit KvK-nummer: {hit.name}. Wij hebben die gegevens overgenomen.", "info")
            return {"organisation_id": hit.id}
    return form.values()


# ------------------------------------------------------------------------------------------- the other pages


@blueprint.get("/mijn/aanmeldingen/<number>/<slug>")
@requires("own:account")
def show_step(number: str, slug: str) -> Answer:
    state = _at(number, slug)
    if isinstance(state, Response):
        return state
    form_class = STEP_FORMS[STEP_OF_SLUG[slug]]
    form = form_class(data=form_class.start_values(state))
    form.fill(state)
    form.seen.data = state.fingerprint(form.step)
    return _render(state, form, **_extras(state, form))


@blueprint.post("/mijn/aanmeldingen/<number>/<slug>")
@requires("own:account")
def save_step(number: str, slug: str) -> Answer:
    state = _at(number, slug)
    if isinstance(state, Response):
        return state
    form = STEP_FORMS[STEP_OF_SLUG[slug]]()
    form.fill(state)
    if isinstance(form, MunicipalitiesForm) and request.form.get("action") == "search":
        return _render(state, form, **_extras(state, form))
    if not form.validate_on_submit():
        return _render(state, form, **_extras(state, form)), 422
    outcome = _save(state, form, form.values())
    return outcome if isinstance(outcome, Response) else (_render(state, form, **_extras(state, form), **outcome), 422)


def _at(number: str, slug: str) -> Progress | Response:
    """The draft, if this page of it can be opened; else the way to the first open one. Raises 404 for no page."""
    step = STEP_OF_SLUG.get(slug)
    if step is None:
        abort(404)
    state = draft(number)
    if isinstance(state, Response) or rules.may_open(step, state.answers, state.facts):
        return state
    return go_on(state)


def _extras(state: Progress, form: StepForm) -> dict[str, Any]:
    """Explanations beside the choices of some pages."""
    if form.step is Step.ROLE:
        return {"hints": rules.ROLE_EXPLANATIONS}
    if form.step is Step.CHANNEL:
        return {"hints": CHANNEL_HINTS}
    if form.step is Step.MODULES:
        texts = {offer.code: f"{offer.purpose} {offer.condition_sentence}".strip() for offer in state.modules}
        return {"hints": texts}
    if form.step is Step.CONTACTS:
        return {"applicant_name": state.answers.applicant_name}
    return {}


# ------------------------------------------------------------------------------------------- checking and sending


@blueprint.get("/mijn/aanmeldingen/<number>/controleren")
@requires("own:account")
def check_answers(number: str) -> Answer:
    state = draft(number)
    if isinstance(state, Response):
        return state
    if state.first_open is not None:
        return go_on(state)
    form = SubmitForm()
    form.key.data = submissions.new_key()
    return _check_page(state, form)


@blueprint.post("/mijn/aanmeldingen/<number>/controleren")
@requires("own:account")
def submit(number: str) -> Answer:
    row, form = own(number), SubmitForm()
    state = queries.progress(row)
    if not form.validate_on_submit():
        return _check_page(state, form), 422
    try:
        with transaction():
            services.submit(row, caller().actor, form.key.data or "")
    except AlreadyReceived as error:
        notice(error.message, "info")
        return to_application(number)
    except UserError as error:
        form.refuse(error)
        existing = error.number if isinstance(error, AlreadyApplied) else None
        return _check_page(queries.progress(queries.application(number)), form, existing=existing), error.status
    notice(f"Wij hebben uw aanmelding ontvangen (nummer {number}). U krijgt een bevestiging per mail.")
    return to_application(number)


def _check_page(state: Progress, form: SubmitForm, existing: str | None = None) -> str:
    number = state.application.number
    answers = [
        (one.label, one.value, url_for("applications.show_step", number=number, slug=one.step.slug), None)
        for one in summary.rows(state)
    ]
    return render_template(
        "onboarding/applications/check.html",
        state=state,
        form=form,
        answers=answers,
        warnings=list(queries.warnings(state).values()),
        existing=existing,
        form_has_errors=bool(form.errors),
    )
