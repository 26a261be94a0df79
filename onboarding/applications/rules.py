"""Which pages an application has, what is still open, who has to act: nothing here reads the database or the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from onboarding.applications.answers import Answers, SignatoryAnswer
from onboarding.applications.kinds import SameAs, Step, WaitsFor
from onboarding.kinds import ApplicationStage, Turn
from participants.kinds import Basis, Channel, ContactRole, OrganisationKind, Stage

UNTOUCHED_DAYS = 90
"""A draft that nobody touched for so many days is withdrawn."""

ADMINISTRATOR, CREDITOR = "administrator", "creditor"
KEPT_FOR_COMPANION = (
    "applicant",
    "organisation",
    "channel",
    "software",
    "signatory",
    "contacts",
    "invoice",
    "legal_review",
)
"""What a second application of the same organisation takes over."""
CSV_MODULE = "debt_settlement"
"""Files can be exchanged in this module only (docs/domain.md §3.4)."""

ROLE_EXPLANATIONS = {
    "creditor": "Mensen met schulden moeten u nog betalen, of u int namens een ander.",
    "shv_phase_1": "U doet de intake en de stabilisatie voor een of meer gemeenten. Een ander regelt de schulden.",
    "shv_phase_2": "U regelt schulden voor een of meer gemeenten. Intake en stabilisatie horen daarbij.",
    "shv_other": "U helpt mensen met schulden buiten de Wet gemeentelijke schuldhulpverlening.",
    "administrator": "De rechter heeft u benoemd tot bewindvoerder. U krijgt een kort formulier.",
    "credit_bank": "U regelt schulden voor een of meer gemeenten en verstrekt saneringskredieten.",
    "guarantee_fund": "U staat garant voor saneringskredieten.",
}
ROLE_NOUNS = {
    "creditor": "schuldeiser",
    "shv_phase_1": "schuldhulpverlener fase 1",
    "shv_phase_2": "schuldhulpverlener",
    "shv_other": "overige schuldhulpverlener",
    "administrator": "bewindvoerder",
    "credit_bank": "kredietbank",
    "guarantee_fund": "waarborgfonds",
}


def role_noun(code: str) -> str:
    """The role as in "aangemeld als schuldhulpverlener"."""
    return ROLE_NOUNS.get(code, code)


@dataclass(frozen=True)
class Facts:
    """What the administration knows about the answers; everything that the order of the pages rests on."""

    organisation_kind: OrganisationKind | None = None
    role_code: str | None = None
    """None until a role was chosen that can apply."""
    basis: Basis | None = None
    modules: frozenset[str] = frozenset()
    """Codes of the modules that fit the role."""


def is_short_form(facts: Facts) -> bool:
    """A bewindvoerder is one person in one role: no unit, no supplier, no separate contacts."""
    return facts.role_code == ADMINISTRATOR


def serves_municipalities(facts: Facts) -> bool:
    """A debt counsellor in the sense of the law works for municipalities; their inhabitants count."""
    return facts.basis is Basis.INHABITANTS


def may_collect_for_others(facts: Facts) -> bool:
    """A creditor may collect in the name of others, such as a collection agency; a municipality collects its own."""
    return facts.role_code == CREDITOR and facts.organisation_kind is not OrganisationKind.MUNICIPALITY


def channels_of(facts: Facts) -> list[Channel]:
    """Files (CSV) exist in the module Schuldregeling only."""
    return [channel for channel in Channel if channel is not Channel.CSV or CSV_MODULE in facts.modules]


def steps_of(answers: Answers, facts: Facts) -> list[Step]:
    """The pages of this application, in order. It grows and shrinks with role, channel and kind of organisation."""
    by_system = answers.channel is not None and answers.channel.channel == Channel.SYSTEM.value
    asked = {
        Step.UNIT: not is_short_form(facts),
        Step.SOFTWARE: by_system and not is_short_form(facts),
        Step.CONTACTS: not is_short_form(facts),
        Step.FILES: facts.basis is Basis.FILES,
        Step.MUNICIPALITIES: serves_municipalities(facts),
        Step.ACTS_FOR: may_collect_for_others(facts),
        Step.PUBLICATION: facts.organisation_kind is OrganisationKind.SOLE_TRADER,
    }
    return [step for step in Step if asked.get(step, True)]


def is_complete(step: Step, answers: Answers, facts: Facts) -> bool:
    """Whether a page was filled in and still fits what was answered elsewhere."""
    if step is Step.ORGANISATION:
        return facts.organisation_kind is not None
    if step is Step.ROLE:
        return facts.role_code is not None
    if step is Step.CHANNEL:
        return answers.channel is not None and Channel(answers.channel.channel) in channels_of(facts)
    if step is Step.MODULES:
        return answers.modules is not None and set(answers.modules.codes) <= facts.modules
    return answers.has(step)


def first_open_step(answers: Answers, facts: Facts) -> Step | None:
    """The first page that is not complete; None when the application can be submitted."""
    return next((step for step in steps_of(answers, facts) if not is_complete(step, answers, facts)), None)


def may_open(step: Step, answers: Answers, facts: Facts) -> bool:
    """A page can be opened when every page before it is complete, and it belongs to this application."""
    steps = steps_of(answers, facts)
    if step not in steps:
        return False
    first = first_open_step(answers, facts)
    return first is None or steps.index(step) <= steps.index(first)


def may_also_apply_as_creditor(facts: Facts) -> bool:
    """A municipality that helps people with debts is a creditor too: local taxes, work and income."""
    return facts.organisation_kind is OrganisationKind.MUNICIPALITY and serves_municipalities(facts)


@dataclass(frozen=True)
class ContactPerson:
    """Somebody to reach."""

    name: str
    email: str
    function: str | None = None
    phone: str | None = None


def contacts_of(answers: Answers, signatory: SignatoryAnswer) -> dict[ContactRole, ContactPerson]:
    """The people behind "zelfde als"; on the short form the signatory is reached for everything."""
    signs = ContactPerson(signatory.name, signatory.email, signatory.function)
    applies = ContactPerson(answers.applicant_name, answers.applicant_email)
    found = {ContactRole.SIGNATORY: signs}
    for role in (ContactRole.FUNCTIONAL, ContactRole.TECHNICAL, ContactRole.FINANCIAL, ContactRole.PRIVACY):
        key = str(role.value)
        same_as = getattr(answers.contacts, key) if answers.contacts else SameAs.SIGNATORY.value
        if same_as == SameAs.OTHER.value:
            found[role] = ContactPerson(
                getattr(answers.contacts, f"{key}_name"),
                getattr(answers.contacts, f"{key}_email"),
                phone=getattr(answers.contacts, f"{key}_phone"),
            )
        else:
            found[role] = applies if same_as == SameAs.APPLICANT.value else signs
    return found


def waits_for(application: ApplicationStage, participant: Stage | None) -> WaitsFor:
    """Who has to act, by the state alone; the task list of a participant says it in detail."""
    if participant is None:
        return {
            ApplicationStage.INTEREST: WaitsFor.OPERATOR,
            ApplicationStage.DRAFT: WaitsFor.APPLICANT,
        }.get(application, WaitsFor.NOBODY)
    return {
        Stage.SUBMITTED: WaitsFor.OPERATOR,
        Stage.ACCEPTED: WaitsFor.APPLICANT,
        Stage.SIGNED: WaitsFor.OPERATOR,
        Stage.COUNTERSIGNED: WaitsFor.APPLICANT,
    }.get(participant, WaitsFor.NOBODY)


def waits_for_turn(turn: Turn) -> WaitsFor:
    """Who has to act next, by the first open item of the task list."""
    return WaitsFor.OPERATOR if turn is Turn.OPERATOR else WaitsFor.APPLICANT


def is_expired(changed_at: datetime, now: datetime) -> bool:
    """Whether a draft was left alone for too long."""
    return now - changed_at >= timedelta(days=UNTOUCHED_DAYS)
