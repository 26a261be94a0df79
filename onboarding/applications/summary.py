"""The answers of an application as a person reads them: on the last page, for staff, and where two versions differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from core.audit import TimelineEntry
from core.filters import moment, number
from onboarding.applications.answers import Answer
from onboarding.applications.kinds import SameAs, Step
from onboarding.applications.queries import Progress
from participants import queries as participants
from participants.kinds import Channel, ContactRole, OrganisationKind, Sector
from participants.rules import fold

NOT_GIVEN = "niet ingevuld"


@dataclass(frozen=True)
class Row:
    """One question with its answer."""

    step: Step
    label: str
    value: str


def rows(state: Progress) -> list[Row]:
    """All answers, in the order of the pages; pages that were not filled in are left out."""
    return [row for step in state.steps for row in rows_of(step, state)]


def rows_of(step: Step, state: Progress) -> list[Row]:
    """The answers of one page."""
    if not state.answers.has(step):
        return []
    return [Row(step, label, value or NOT_GIVEN) for label, value in READERS[step](state)]


@dataclass(frozen=True)
class Difference:
    """What stands there now, and what somebody wants to put there."""

    label: str
    stored: str
    typed: str


def differences(step: Step, state: Progress, typed: Answer) -> list[Difference]:
    """Where the typed answers of a page differ from the stored ones."""
    other = replace(state, answers=state.answers.with_answer(step, typed))
    stored = {row.label: row.value for row in rows_of(step, state)}
    wanted = {row.label: row.value for row in rows_of(step, other)}
    return [
        Difference(label, stored.get(label, NOT_GIVEN), wanted.get(label, NOT_GIVEN))
        for label in dict.fromkeys([*stored, *wanted])
        if stored.get(label) != wanted.get(label)
    ]


Pairs = Iterator[tuple[str, str | None]]


def _organisation(state: Progress) -> Pairs:
    chosen = state.answers.organisation
    if chosen is not None and chosen.new is not None:
        new = chosen.new
        yield "Organisatie", new.name
        yield "KvK-nummer", new.kvk
        yield "Soort", OrganisationKind(new.kind).label
        yield "Sector", Sector(new.sector).label
        yield "OIN", new.oin
        yield "RSIN", new.rsin
        yield "Adres", new.address
    elif chosen is not None:
        known = state.organisation
        if known is None or known.id != chosen.organisation_id:
            known = participants.organisation(chosen.organisation_id or 0)
        yield "Organisatie", known.name
        yield "KvK-nummer", known.kvk
        yield "OIN", known.oin


def _role(state: Progress) -> Pairs:
    answer = state.answers.role
    if answer is not None:
        yield "Rol", participants.role(answer.code).label


def _unit(state: Progress) -> Pairs:
    answer = state.answers.unit
    if answer is not None:
        yield "Bedrijfsonderdeel", answer.name or "de hele organisatie"
        yield "Vestigingsnummer", answer.establishment_number
        yield "Eigen OIN", answer.own_oin


def _channel(state: Progress) -> Pairs:
    answer = state.answers.channel
    if answer is not None:
        yield "Manier van aansluiten", Channel(answer.channel).label


def _software(state: Progress) -> Pairs:
    answer = state.answers.software
    if answer is not None:
        yield "Leverancier", answer.supplier
        yield "Softwarepakket", answer.product


def _signatory(state: Progress) -> Pairs:
    answer = state.answers.signatory
    if answer is not None:
        yield "Tekeningsbevoegde", f"{answer.name}, {answer.function}"
        yield "E-mailadres van de tekeningsbevoegde", answer.email


def _contacts(state: Progress) -> Pairs:
    answer = state.answers.contacts
    if answer is None:
        return
    for role in (ContactRole.FUNCTIONAL, ContactRole.TECHNICAL, ContactRole.FINANCIAL, ContactRole.PRIVACY):
        key = str(role.value)
        who = SameAs(getattr(answer, key))
        if who is SameAs.APPLICANT:
            yield role.label, f"{state.answers.applicant_name}, {state.answers.applicant_email}"
        elif who is SameAs.SIGNATORY:
            yield role.label, "de tekeningsbevoegde"
        else:
            parts = (getattr(answer, f"{key}_{part}") for part in ("name", "email", "phone"))
            yield role.label, ", ".join(part for part in parts if part)


def _invoice(state: Progress) -> Pairs:
    answer = state.answers.invoice
    if answer is not None:
        address = f"{answer.street}, {answer.postal_code} {answer.city}"
        yield "Factuuradres", f"T.a.v. {answer.attention}, {address}" if answer.attention else address
        yield "E-mailadres voor facturen", answer.email
        yield "Inkoopordernummer", answer.purchase_order_number
        yield "Uw kenmerk", answer.buyer_reference
        yield "E-factuuradres", answer.e_invoice_address


def _files(state: Progress) -> Pairs:
    answer = state.answers.files
    if answer is not None:
        yield "Schulddossiers per jaar", number(answer.number)


def _municipalities(state: Progress) -> Pairs:
    answer = state.answers.municipalities
    if answer is not None:
        names = sorted((participants.organisation(key).short_name for key in answer.ids), key=fold)
        yield "Gemeenten", ", ".join(names)


def _acts_for(state: Progress) -> Pairs:
    answer = state.answers.acts_for
    if answer is not None:
        yield "Int namens", ", ".join(answer.names) or "niemand anders"


def _modules(state: Progress) -> Pairs:
    answer = state.answers.modules
    if answer is not None:
        yield "Modules", ", ".join(offer.name for offer in state.modules if offer.code in answer.codes)


def _legal_review(state: Progress) -> Pairs:
    answer = state.answers.legal_review
    if answer is not None:
        yield "Juridische beoordeling", "ja, eerst laten beoordelen" if answer.wanted else "nee"


def _publication(state: Progress) -> Pairs:
    answer = state.answers.publication
    if answer is not None:
        yield "Op de openbare lijst", "ja" if answer.consent else "nee"


READERS = {
    Step.ORGANISATION: _organisation,
    Step.ROLE: _role,
    Step.UNIT: _unit,
    Step.CHANNEL: _channel,
    Step.SOFTWARE: _software,
    Step.SIGNATORY: _signatory,
    Step.CONTACTS: _contacts,
    Step.INVOICE: _invoice,
    Step.FILES: _files,
    Step.MUNICIPALITIES: _municipalities,
    Step.ACTS_FOR: _acts_for,
    Step.MODULES: _modules,
    Step.LEGAL_REVIEW: _legal_review,
    Step.PUBLICATION: _publication,
}


@dataclass(frozen=True)
class Told:
    """One line of a timeline as the component shows it."""

    when: str
    iso: str
    sentence: str
    tone: str


def told(entries: Iterable[TimelineEntry]) -> list[Told]:
    """A timeline in Dutch time; what was refused stands out."""
    return [
        Told(moment(one.when), one.when.isoformat(), one.sentence, "negative" if one.refusal else "neutral")
        for one in entries
    ]
