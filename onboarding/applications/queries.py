"""Reads about applications, named after what they return."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, case, cast, func, literal, or_, select

from catalogue import queries as catalogue
from catalogue.queries import ModuleOffer
from core import clock, identifiers
from core import db as database
from core.db import scoped, session
from core.errors import NotFound
from core.permissions import Caller
from onboarding.applications import rules
from onboarding.applications.answers import Answers
from onboarding.applications.kinds import Step, WaitsFor
from onboarding.applications.rules import Facts
from onboarding.kinds import ApplicationStage
from onboarding.models import Application
from onboarding.tasks.queries import in_progress
from onboarding.tasks.rules import first_open
from participants import queries as participants
from participants.kinds import CLOSED, OrganisationKind, Stage
from participants.models import Organisation, Participant
from participants.rules import exists_on, fold

FINISHED = frozenset({Stage.LIVE, Stage.SUSPENDED, *CLOSED})
"""Not among the applications that are under way."""


def application(number: str) -> Application:
    """By the number that people see. Raises NotFound, also for what the caller may not see."""
    query = select(Application).where(Application.number == number[:20])
    row = session().execute(query).scalar_one_or_none()
    if row is None:
        raise NotFound("Deze aanmelding bestaat niet, of hoort bij een andere organisatie.")
    return row


def own_application(number: str, who: Caller) -> Application:
    """An application that the caller fills in, or whose participant the caller acts for. Raises NotFound."""
    row = application(number)
    if who.account_id == row.account_id or (not who.is_staff and row.participant_id in who.by_participant):
        return row
    raise NotFound("Deze aanmelding bestaat niet, of hoort bij een andere organisatie.")


def own_applications(who: Caller) -> list[Application]:
    """What the caller started or acts for, newest first."""
    mine = or_(Application.account_id == who.account_id, Application.participant_id.in_(list(who.by_participant)))
    return list(session().execute(select(Application).where(mine).order_by(Application.id.desc())).scalars())


def application_of(participant_id: int) -> Application:
    """The application from which a participant came. Raises NotFound when it was registered in another way."""
    query = select(Application).where(Application.participant_id == participant_id)
    row = session().execute(query).scalar_one_or_none()
    if row is None:
        raise NotFound("Bij deze deelnemer hoort geen aanmelding.")
    return row


def has_application(participant_id: int) -> bool:
    """Whether a participant came by an application; False for one that was taken over."""
    return session().scalar(select(Application.id).where(Application.participant_id == participant_id)) is not None


def companions_of(row: Application) -> list[Application]:
    """Applications that were started beside this one."""
    query = select(Application).where(Application.companion_of_id == row.id).order_by(Application.id)
    return list(session().execute(query).scalars())


def open_draft(email: str) -> Application | None:
    """The newest draft of a mail address that nobody has opened yet, or that its owner still fills in."""
    query = (
        select(Application)
        .where(Application.email == email, Application.stage == ApplicationStage.DRAFT)
        .order_by(Application.id.desc())
        .limit(1)
    )
    return session().execute(query).scalar_one_or_none()


def untouched_drafts(now: datetime) -> list[Application]:
    """Drafts that were left alone for so long that they are withdrawn, oldest first."""
    limit = now - timedelta(days=rules.UNTOUCHED_DAYS)
    query = (
        select(Application)
        .where(Application.stage == ApplicationStage.DRAFT, Application.changed_at <= limit)
        .order_by(Application.id)
    )
    return list(session().execute(query).scalars())


# ------------------------------------------------------------------------------------------- answers and facts


@dataclass(frozen=True)
class Progress:
    """An application with all that its pages rest on."""

    application: Application
    answers: Answers
    facts: Facts
    organisation: Organisation | None
    """The known organisation that was chosen; None for a new one."""
    modules: Sequence[ModuleOffer]
    """Those that fit the role."""
    role_label: str = ""

    @property
    def steps(self) -> list[Step]:
        return rules.steps_of(self.answers, self.facts)

    @property
    def first_open(self) -> Step | None:
        return rules.first_open_step(self.answers, self.facts)

    @property
    def done(self) -> int:
        return sum(rules.is_complete(step, self.answers, self.facts) for step in self.steps)

    @property
    def organisation_name(self) -> str:
        if self.organisation is not None:
            return self.organisation.name
        chosen = self.answers.organisation
        return chosen.new.name if chosen and chosen.new else ""

    def fingerprint(self, step: Step) -> str:
        """Changes when somebody changes the answers of this page."""
        stored = json.dumps(self.application.answers.get(str(step.value)), sort_keys=True)
        return hashlib.sha256(stored.encode()).hexdigest()[:16]


def progress(row: Application, on: date | None = None) -> Progress:
    """The answers of an application, with what the administration knows about them on a day (today)."""
    answers = Answers.stored(row.email, row.answers)
    organisation, kind = None, None
    if answers.organisation and answers.organisation.organisation_id is not None:
        organisation = session().get(Organisation, answers.organisation.organisation_id)
        if organisation and exists_on(organisation.ends_before, on or clock.today()):
            kind = organisation.kind
    elif answers.organisation and answers.organisation.new:
        kind = OrganisationKind(answers.organisation.new.kind)
    role = None
    if answers.role:
        role = next((one for one in participants.roles_to_apply_for() if one.code == answers.role.code), None)
    offers = catalogue.modules_for_role(role.code) if role else []
    facts = Facts(
        organisation_kind=kind,
        role_code=role.code if role else None,
        basis=role.basis if role else None,
        modules=frozenset(offer.code for offer in offers),
    )
    return Progress(row, answers, facts, organisation, offers, role.label if role else "")


def warnings(state: Progress) -> dict[Step, str]:
    """What may be right but deserves a second look, by page."""
    found: dict[Step, str] = {}
    known, chosen, unit = state.organisation, state.answers.organisation, state.answers.unit
    new = chosen.new if chosen else None
    if new and new.oin:
        warning = identifiers.oin_warning(new.oin, kvk_number=new.kvk, rsin_number=new.rsin)
        if warning:
            found[Step.ORGANISATION] = warning
    if unit and unit.own_oin:
        kvk, rsin = (known.kvk, known.rsin) if known else (new.kvk, new.rsin) if new else (None, None)
        warning = identifiers.oin_warning(unit.own_oin, kvk_number=kvk, rsin_number=rsin)
        if warning:
            found[Step.UNIT] = warning
    return found


# ------------------------------------------------------------------------------------------- lists for staff


@dataclass(frozen=True)
class Filters:
    """What the list of staff is narrowed down to; empty means everything that is under way."""

    stage: str = ""
    """A stage, or "alle"."""
    role: str = ""
    waits_for: str = ""
    text: str = ""


@dataclass(frozen=True)
class Listed:
    """One row of the list."""

    application: Application
    name: str
    role_code: str | None
    stage: ApplicationStage | Stage
    since: datetime
    waits_for: WaitsFor

    @property
    def tone(self) -> str:
        """Tone of the badge."""
        return self.stage.tone if isinstance(self.stage, Stage) else "neutral"


STAGE: ColumnElement[str] = func.coalesce(cast(Participant.stage, Text), cast(Application.stage, Text))
SINCE: ColumnElement[datetime] = func.coalesce(Participant.stage_since, Application.stage_since)
ROLE: ColumnElement[str] = func.coalesce(Participant.role_code, Application.answers["role"]["code"].astext)
NAME = case(
    (Participant.id.is_(None), Application.organisation_name),
    (Participant.unit_name == "", Organisation.name),
    else_=Organisation.name + literal(" – ") + Participant.unit_name,
)
SORTED = {"nummer": Application.number, "naam": func.lower(NAME), "rol": ROLE, "stand": STAGE, "sinds": SINCE}


def stage_choices() -> list[tuple[str, str]]:
    """All states in their order, for a filter."""
    before = [ApplicationStage.INTEREST, ApplicationStage.DRAFT]
    return [(str(stage.value), stage.label) for stage in (*before, *Stage)]


def listed_query(filters: Filters) -> Select[Any]:
    """Applications with their participants, for `core.listing.paginate`; each row goes to `listed`."""
    query = (
        select(Application, Participant, NAME.label("name"))
        .outerjoin(Participant, Participant.id == Application.participant_id)
        .outerjoin(Organisation, Organisation.id == Participant.organisation_id)
    )
    if filters.stage in dict(stage_choices()):
        query = query.where(STAGE.in_([filters.stage]))
    elif filters.stage != "alle":
        query = query.where(STAGE.not_in([str(stage.value) for stage in FINISHED]))
    if filters.role:
        query = query.where(ROLE.in_([filters.role]))
    if filters.waits_for:
        query = query.where(_waits_for(filters.waits_for))
    if filters.text.strip():
        query = query.where(_text_matches(filters.text))
    return query


def turns() -> dict[int, WaitsFor]:
    """Who has to act next on each participant in progress, by its task list."""
    open_tasks = ((row.id, first_open(facts)) for row, facts in in_progress())
    return {key: rules.waits_for_turn(task.turn) for key, task in open_tasks if task is not None}


def _waits_for(who: str) -> ColumnElement[bool]:
    """By the task list while a participant is in progress; before and after that by the state."""
    known = turns()
    here = [key for key, waits in known.items() if waits.value == who]
    return or_(Participant.id.in_(here), STAGE.in_(_stages_that_wait_for(who)) & _not_in(known))


def _not_in(keys: Iterable[int]) -> ColumnElement[bool]:
    return or_(Participant.id.is_(None), Participant.id.not_in(list(keys)))


def _stages_that_wait_for(who: str) -> list[str]:
    before = {str(one.value): rules.waits_for(one, None) for one in (ApplicationStage.INTEREST, ApplicationStage.DRAFT)}
    after = {str(one.value): rules.waits_for(ApplicationStage.SUBMITTED, one) for one in Stage}
    return [stage for stage, waits in {**before, **after}.items() if waits.value == who]


def _text_matches(text: str) -> ColumnElement[bool]:
    needle = text.strip()[:100]
    literally = or_(
        Application.number == needle.upper(),
        Application.email.icontains(needle, autoescape=True),
        Application.organisation_name.icontains(needle, autoescape=True),
        Participant.unit_name.icontains(needle, autoescape=True),
    )
    if "@" in needle or not fold(needle):
        return literally
    return or_(literally, Organisation.id.is_not(None) & participants.looks_like(needle))


def listed(row: Any, known: Mapping[int, WaitsFor] | None = None) -> Listed:
    """A row of `listed_query`; with `turns()` it says who has to act by the task list."""
    application, participant, name = row
    role = participant.role_code if participant else application.answers.get("role", {}).get("code")
    stage = participant.stage if participant else application.stage
    return Listed(
        application,
        name or application.answers.get("interest", {}).get("organisation", ""),
        role,
        stage,
        participant.stage_since if participant else application.stage_since,
        waits_for(application, known),
    )


def waits_for(application: Application, known: Mapping[int, WaitsFor] | None = None) -> WaitsFor:
    """Who has to act next; `known` are the `turns()`."""
    participant = application.participant
    by_state = rules.waits_for(application.stage, participant.stage if participant else None)
    return (known or {}).get(participant.id, by_state) if participant else by_state


def waiting_for_operator() -> list[Listed]:
    """Interest and applications on which staff have to act, oldest first; for "my work"."""
    stages = [str(ApplicationStage.INTEREST.value), str(Stage.SUBMITTED.value)]
    query = listed_query(Filters(stage="alle")).where(STAGE.in_(stages))
    return [listed(row) for row in session().execute(query.order_by(SINCE, Application.id))]


# ------------------------------------------------------------------------------------------- hints for who decides


def similar_participants(participant: Participant) -> list[Participant]:
    """Others that may be the same: units of the same organisation, and organisations with the same KvK number."""
    same = [row for row in participants.participants_of(participant.organisation_id) if row.id != participant.id]
    kvk = participant.organisation.kvk
    if kvk:
        query = (
            select(Participant.id)
            .join(Organisation, Organisation.id == Participant.organisation_id)
            .where(Organisation.kvk == kvk, Organisation.id != participant.organisation_id)
        )
        same += participants.participants_by_id(list(session().execute(query).scalars()))
    return same


def similar_applications(row: Application) -> list[Application]:
    """Other applications of the same mail address or under the same name, except the one it was started beside."""
    alike = or_(
        Application.email == row.email,
        (Application.organisation_name != "")
        & (func.lower(Application.organisation_name) == row.organisation_name.lower()),
    )
    query = select(Application).where(alike, Application.id != row.id).order_by(Application.id.desc()).limit(20)
    found = session().execute(query).scalars()
    return [other for other in found if other.companion_of_id != row.id and row.companion_of_id != other.id]


def submitted_earlier(participant: Participant) -> Application | None:
    """The application behind a participant, also when the caller may not see it."""
    with scoped(database.JOB):
        query = select(Application).where(Application.participant_id == participant.id)
        return session().execute(query).scalar_one_or_none()
