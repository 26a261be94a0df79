"""Filling in the pages of an application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core import clock
from core.audit import SYSTEM, Actor, record
from core.db import lock, session
from core.errors import Conflict, Refused, UserError
from identity.models import Account
from onboarding.applications import events, queries, rules
from onboarding.applications.answers import ANSWERS
from onboarding.applications.duplicates import refuse_duplicate
from onboarding.applications.kinds import Step
from onboarding.applications.queries import Progress
from onboarding.kinds import ApplicationStage
from onboarding.models import Application
from participants import queries as participants
from participants.kinds import OrganisationKind


class ChangedMeanwhile(Conflict):
    """The page was saved in another window, or by somebody else, after it was opened."""

    def __init__(self) -> None:
        super().__init__("Een collega heeft dit intussen gewijzigd. Dit is het verschil; kies wat u wilt bewaren.")


def locked(row: Application) -> Application:
    """The same row, as it is now, kept to ourselves until the transaction ends."""
    lock(row)
    return row


def check_open(row: Application) -> None:
    """Raises Refused when nothing can be filled in any more."""
    if row.stage is not ApplicationStage.DRAFT:
        raise Refused(f"Aanmelding {row.number} is {row.stage.label.lower()}. U kunt haar niet meer wijzigen.")


def save_step(
    row: Application, step: Step, values: Mapping[str, Any], *, actor: Actor | None = None, seen: str | None = None
) -> Progress:
    """Store one page, checked as a whole: all of it or nothing. Returns the progress after it.

    `values` are the fields of the page's answer in `answers`. `seen` is the fingerprint of what stood there when the
    page was opened: raises ChangedMeanwhile when it differs. Raises UserError with the field that is wrong.
    """
    locked(row)
    check_open(row)
    before = queries.progress(row)
    if seen is not None and seen != before.fingerprint(step):
        raise ChangedMeanwhile()
    if step not in before.steps:
        raise UserError(f"'{step.label}' hoort niet bij deze aanmelding.")
    key = str(step.value)
    answer = ANSWERS[step].of(values).as_json()
    if row.answers.get(key) == answer:
        return before
    who = actor or _filled_in_by(row)
    row.answers = {**row.answers, key: answer}
    state = queries.progress(row)
    _check(step, state)
    _refuse_duplicate(state, who)
    row.organisation_name, row.changed_at = state.organisation_name, clock.now()
    if state.answers.legal_review is not None:
        row.wants_legal_review = state.answers.legal_review.wanted
    session().flush()
    record(events.STEP_SAVED, who, subject=f"application:{row.id}", step=step.label, number=row.number)
    return state


def _filled_in_by(row: Application) -> Actor:
    account = session().get(Account, row.account_id) if row.account_id is not None else None
    return Actor("participant", account.person_key) if account else SYSTEM


def _check(step: Step, state: Progress) -> None:
    """What one page cannot know by itself. Raises UserError."""
    chosen = state.answers.organisation
    if step is Step.ORGANISATION:
        if chosen and chosen.new and chosen.new.kind == OrganisationKind.MUNICIPALITY.value:
            raise UserError("Alle gemeenten staan in de lijst. Zoek uw gemeente op naam.", field="kind")
        if state.facts.organisation_kind is None:
            raise UserError("Deze organisatie bestaat niet meer. Kies een andere.", field="organisation_id")
    if step is Step.ROLE and state.facts.role_code is None:
        raise UserError("Kies een rol uit de lijst.", field="code")
    if step is Step.CHANNEL and not rules.is_complete(step, state.answers, state.facts):
        raise UserError("Deze manier past niet bij uw rol. Kies een andere.", field="channel")
    if step is Step.MODULES and not rules.is_complete(step, state.answers, state.facts):
        raise UserError("Kies modules die bij uw rol passen.", field="codes")
    if step is Step.MUNICIPALITIES and state.answers.municipalities:
        known = {one.id for one in participants.municipalities(clock.today())}
        if not set(state.answers.municipalities.ids) <= known:
            raise UserError("Kies gemeenten uit de lijst.", field="ids")


def _refuse_duplicate(state: Progress, actor: Actor) -> None:
    """As soon as organisation, role and unit are known: nobody should fill in the rest in vain."""
    chosen = state.answers.organisation
    if chosen is None or not (state.answers.unit or rules.is_short_form(state.facts)):
        return
    organisation = state.organisation or (participants.organisation_by_kvk(chosen.new.kvk) if chosen.new else None)
    if organisation is not None:
        refuse_duplicate(state, organisation.id, actor)
