"""From the answers of an application to a participant with all that belongs to it. Runs as the system: the applicant
cannot see yet what comes into being. Called by `services.submit`, which has done the checks."""

from __future__ import annotations

from catalogue import services as catalogue
from core import clock, identifiers
from core.audit import Actor
from core.web import settings
from identity.kinds import ParticipantRole
from identity.models import Account
from onboarding.applications import rules
from onboarding.applications.answers import SignatoryAnswer
from onboarding.applications.kinds import Step
from onboarding.applications.queries import Progress
from participants import queries, services
from participants.kinds import Channel, MeasurementKind, OrganisationKind, Sector
from participants.models import Organisation, Participant

OWN_WORD = "eigen opgave"
"""Source of what an applicant declares."""


def organisation_of(state: Progress, actor: Actor) -> Organisation:
    """The chosen organisation; a new one only when nobody has its KvK number yet."""
    if state.organisation is not None:
        return state.organisation
    chosen = state.answers.organisation
    if chosen is None or chosen.new is None:
        raise ValueError("an incomplete application cannot be submitted")
    new = chosen.new
    return queries.organisation_by_kvk(new.kvk) or services.create_organisation(
        actor,
        name=new.name,
        kind=OrganisationKind(new.kind),
        sector=Sector(new.sector),
        source=OWN_WORD,
        kvk=new.kvk,
        rsin=new.rsin,
        oin=new.oin,
        place=new.city,
        visiting_address=new.address,
        fictional=settings().is_demo,  # whoever is entered in the demonstration does not exist
    )


def participant_of(state: Progress, organisation: Organisation, actor: Actor) -> Participant:
    """The participant, with contacts, invoice details, numbers and modules."""
    answers, facts = state.answers, state.facts
    if not (facts.role_code and answers.channel and answers.signatory and answers.invoice and answers.modules):
        raise ValueError("an incomplete application cannot be submitted")
    software = answers.software if Step.SOFTWARE in state.steps else None
    unit = answers.unit if Step.UNIT in state.steps else None
    consent = answers.publication if Step.PUBLICATION in state.steps else None
    participant = services.register_participant(
        actor,
        organisation.id,
        facts.role_code,
        (unit.name if unit else None) or "",
        Channel(answers.channel.channel),
        establishment_number=unit.establishment_number if unit else None,
        own_oin=unit.own_oin if unit else None,
        supplier_id=services.add_supplier(actor, software.supplier).id if software else None,
        product=software.product if software else None,
        list_publicly=consent.consent if consent else None,
    )
    _add_contacts(state, participant, answers.signatory, actor)
    services.set_invoice_details(actor, participant, **answers.invoice.as_json())
    _add_numbers(state, participant, actor)
    catalogue.choose_modules(participant, answers.modules.codes, actor)
    return participant


def _add_contacts(state: Progress, participant: Participant, signatory: SignatoryAnswer, actor: Actor) -> None:
    for role, person in rules.contacts_of(state.answers, signatory).items():
        services.set_contact(
            actor,
            participant,
            role,
            name=person.name,
            email=person.email,
            function=person.function,
            phone=person.phone,
        )


def _add_numbers(state: Progress, participant: Participant, actor: Actor) -> None:
    today = clock.today()
    if Step.FILES in state.steps and state.answers.files:
        services.record_measurement(
            actor,
            MeasurementKind.FILES,
            state.answers.files.number,
            measured_on=today,
            source=OWN_WORD,
            participant_id=participant.id,
        )
    if Step.MUNICIPALITIES in state.steps and state.answers.municipalities:
        for organisation_id in state.answers.municipalities.ids:
            services.serve_municipality(actor, participant.id, organisation_id, today)
    if Step.ACTS_FOR in state.steps and state.answers.acts_for:
        for name in state.answers.acts_for.names:
            services.act_for_creditor(actor, participant.id, name, today)


def give_access(account: Account, participant: Participant, signatory: SignatoryAnswer, actor: Actor) -> None:
    """Who applied manages the users; who is also the signatory may sign."""
    today = clock.today()
    services.represent(actor, account.id, participant.id, ParticipantRole.ACCOUNT_ADMINISTRATOR, today)
    if same_address(account.email, signatory.email):
        services.represent(actor, account.id, participant.id, ParticipantRole.REPRESENTATIVE, today)


def same_address(one: str, other: str) -> bool:
    return identifiers.clean_text(one).lower() == identifiers.clean_text(other).lower()
