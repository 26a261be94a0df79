"""Reads about agreement texts and agreements, and the facts that fill one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from billing.tariffs.queries import outcome, policy_on
from billing.tariffs.rules import Category, Policy
from core.db import session
from core.errors import NotFound, UserError
from core.filters import day, euro, number, percentage
from governance.models import Operator
from governance.rules import Effect, register_effects
from onboarding.agreements import rules
from onboarding.agreements.documents import AgreementContent
from onboarding.agreements.rules import Text
from onboarding.kinds import Side
from onboarding.models import Agreement, AgreementText, Signature
from onboarding.tasks.queries import contact
from participants.kinds import Channel, ContactRole, OrganisationKind
from participants.models import Participant

NOT_KNOWN = "(nog niet bekend)"
CHANNELS = {
    Channel.PORTAL: "het webportaal",
    Channel.CSV: "het webportaal, met CSV-bestanden",
    Channel.SYSTEM: "een systeemkoppeling",
}
"""As they stand in a sentence."""


# ------------------------------------------------------------------------------------------- texts


def texts() -> list[AgreementText]:
    """All versions, latest first."""
    query = select(AgreementText).options(joinedload(AgreementText.operator), joinedload(AgreementText.decision))
    return list(session().execute(query.order_by(AgreementText.starts_on.desc())).scalars())


@register_effects
def texts_resting_on(decision_id: int) -> list[Effect]:
    """Versions of the text that the decision settled, each with how many agreements hold it."""
    holding = (
        select(AgreementText, func.count(Agreement.id))
        .outerjoin(Agreement, (Agreement.text_id == AgreementText.id) & Agreement.replaced_at.is_(None))
        .where(AgreementText.decision_id == decision_id)
        .group_by(AgreementText.id)
        .order_by(AgreementText.starts_on)
    )
    return [
        Effect(
            "Tekst van de overeenkomst",
            f"{text.title}, versie {text.version}",
            f"Geldt vanaf {day(text.starts_on)}. "
            f"{number(count)} {'overeenkomst' if count == 1 else 'overeenkomsten'} met deze tekst.",
            None,
        )
        for text, count in session().execute(holding)
    ]


def text_in_force(on: date) -> AgreementText | None:
    """The version that has started last by a day."""
    query = (
        select(AgreementText)
        .options(joinedload(AgreementText.operator), joinedload(AgreementText.decision))
        .where(AgreementText.starts_on <= on)
        .order_by(AgreementText.starts_on.desc())
        .limit(1)
    )
    return session().execute(query).scalar_one_or_none()


@lru_cache(maxsize=8)
def _parsed(body: str) -> Text:
    return rules.parse(body)


def filled_text(text: AgreementText, content: AgreementContent) -> Text:
    """The text as this participant reads it."""
    return rules.fill(_parsed(text.body), content.values())


# ------------------------------------------------------------------------------------------- agreements


def current_agreement(participant_id: int) -> Agreement | None:
    """The agreement that is being signed or was signed, as it is stored now (a colleague may just have been first);
    None before it is made."""
    query = (
        select(Agreement)
        .options(joinedload(Agreement.agreement_text), selectinload(Agreement.signatures))
        .where(Agreement.participant_id == participant_id, Agreement.replaced_at.is_(None))
        .execution_options(populate_existing=True)
    )
    return session().execute(query).scalar_one_or_none()


def agreement_of(participant_id: int) -> Agreement:
    """The current agreement. Raises NotFound before it is made."""
    found = current_agreement(participant_id)
    if found is None:
        raise NotFound("De overeenkomst is nog niet gemaakt.")
    return found


def signature(agreement: Agreement, side: Side) -> Signature | None:
    """The signature of one side."""
    return next((row for row in agreement.signatures if row.side is side), None)


def content_of(agreement: Agreement) -> AgreementContent:
    """The facts in a frozen agreement."""
    return AgreementContent.from_json(agreement.content)


# ------------------------------------------------------------------------------------------- facts of today


def content_today(participant: Participant, text: AgreementText, on: date) -> AgreementContent:
    """The facts that an agreement made on this day would hold. What is not known yet says so."""
    signatory = contact(participant.id, ContactRole.SIGNATORY)
    tariff_table, category_name, category, lines = _tariff(participant, on)
    return AgreementContent(
        version=text.version,
        title=text.title,
        operator=text.operator.name,
        operator_details=_operator_details(text.operator),
        participant=participant.organisation.name,
        participant_details=_participant_details(participant),
        unit=f"het onderdeel {participant.unit_name}" if participant.unit_name else "de hele organisatie",
        role=participant.role.label[:1].lower() + participant.role.label[1:],
        channel=CHANNELS[participant.channel],
        signatory_name=signatory.name if signatory else NOT_KNOWN,
        signatory_function=(signatory.function if signatory else None) or NOT_KNOWN,
        tariff_table=tariff_table,
        category_name=category_name,
        category=category,
        tariff_lines=lines,
        operator_logo=text.operator.logo_sha256,
    )


def _joined(parts: Sequence[str | None]) -> str:
    return ", ".join(part for part in parts if part)


def _operator_details(operator: Operator) -> str:
    place = " ".join(part for part in (operator.postal_code, operator.city) if part)
    found = _joined([operator.street, place, f"KvK-nummer {operator.kvk}" if operator.kvk else None])
    return found or "gegevens nog in te vullen"


def _participant_details(participant: Participant) -> str:
    organisation = participant.organisation
    oin = participant.own_oin or organisation.oin
    establishment = participant.establishment_number
    return _joined(
        [
            organisation.visiting_address or organisation.postal_address or organisation.place,
            f"KvK-nummer {organisation.kvk}" if organisation.kvk else None,
            f"vestigingsnummer {establishment}" if establishment else None,
            f"OIN {oin}" if oin else None,
        ]
    ) or ("eenmanszaak" if organisation.kind is OrganisationKind.SOLE_TRADER else "gegevens nog in te vullen")


def _tariff(participant: Participant, on: date) -> tuple[str, str, str, tuple[tuple[str, ...], ...]]:
    """Name of the table, name of the category, the sentence about it, and the rows that concern this role."""
    try:
        policy = policy_on(on)
    except UserError:
        return "nog niet vastgesteld", "", "De tarieven zijn nog niet vastgesteld.", ()
    found = outcome(participant, on, on, policy)
    lines = _tariff_lines(policy, participant.role.audience)
    if found.found is None:
        return policy.table, "", f"De categorie is nog niet bepaald. {found.problem}", lines
    sentence = found.found.sentence
    return policy.table, found.found.category, f"{sentence[:1].upper()}{sentence[1:]}.", lines


def _tariff_lines(policy: Policy, audience: str) -> tuple[tuple[str, ...], ...]:
    categories = policy.categories.get(audience, ())
    if not categories:
        return ()
    basis = "Inwoners" if categories[0].basis == "inhabitants" else "Schulddossiers per jaar"
    heading = ("Categorie", basis, "Aansluitkosten, eenmalig", "Jaartarief")
    return (heading, *(_tariff_line(category) for category in categories))


def _tariff_line(category: Category) -> tuple[str, ...]:
    if category.upper is None:
        bounds = f"{number(category.lower)} of meer"
    else:
        bounds = f"{number(category.lower)} tot {number(category.upper)}"
    if category.connection_fee is not None:
        connection = euro(category.connection_fee)
    else:
        connection = f"{percentage(category.connection_share)} van het jaartarief" if category.connection_share else ""
    annual = euro(category.annual_fee)
    if category.step_size and category.step_fee:
        annual += f" plus {euro(category.step_fee)} per begonnen {number(category.step_size)} daarboven"
    return category.name, bounds, connection, annual
