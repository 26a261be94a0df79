"""Reads the facts of the task list: in bulk, so that a page about all participants asks as little as one about one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from billing.queries import first_invoice
from catalogue.models import ModuleChoice
from catalogue.queries import ModuleOffer, modules_for_role
from core import db as database
from core import documents
from core.clock import AMSTERDAM
from core.db import scoped, session
from core.errors import NotFound
from identity.kinds import StaffRole
from identity.models import Account, RoleGrant
from onboarding.kinds import CheckKind, Side, Turn
from onboarding.models import Agreement, Application, AuthorityRecord, Check
from onboarding.tasks import rules
from onboarding.tasks.kinds import Item
from onboarding.tasks.rules import Details, Facts, Task
from participants import queries as participants
from participants.kinds import Basis, ContactRole, MeasurementKind, OrganisationKind, Stage
from participants.models import (
    Contact,
    InvoiceDetails,
    LivePeriod,
    Measurement,
    Participant,
    ServedMunicipality,
)

Row = TypeVar("Row")

RECORDED: dict[Item, CheckKind] = {
    Item.LEGAL_REVIEW: CheckKind.LEGAL_REVIEW_DONE,
    Item.E_HERKENNING: CheckKind.E_HERKENNING_TESTED,
    Item.CERTIFICATE: CheckKind.CERTIFICATE_PUBLISHED,
    Item.ACCEPTANCE_TEST: CheckKind.ACCEPTANCE_TEST_PASSED,
    Item.ONBOARDING: CheckKind.ONBOARDING_HELD,
}
"""Items whose fact is recorded by a person. (That the participant is ready has an act of its own.)"""


def facts_of(participant_id: int) -> Facts:
    """The facts of one participant. Raises NotFound for one that does not exist or may not be seen."""
    return facts_of_all([participants.participant(participant_id)])[participant_id]


def facts_of_all(rows: Sequence[Participant]) -> dict[int, Facts]:
    """The facts of many participants, by their id."""
    keys = [row.id for row in rows]
    reader = _Reader(keys)
    return {row.id: reader.facts(row) for row in rows}


def tasks_of(participant_id: int) -> list[Task]:
    """The task list of one participant."""
    return rules.tasks(facts_of(participant_id))


class _Reader:
    """What is needed to know the facts of a set of participants, read at once."""

    def __init__(self, keys: Sequence[int]) -> None:
        self.applications = {a.participant_id: a for a in _of(Application, Application.participant_id, keys)}
        self.contacts = {(c.participant_id, c.role): c for c in _of(Contact, Contact.participant_id, keys)}
        self.invoice_details = {row.participant_id for row in _of(InvoiceDetails, InvoiceDetails.participant_id, keys)}
        self.checks = {(c.participant_id, c.kind): c for c in _of(Check, Check.participant_id, keys)}
        authority = _of(AuthorityRecord, AuthorityRecord.participant_id, keys)
        self.authority = {row.participant_id: row for row in sorted(authority, key=lambda row: row.id)}
        current = (
            select(Agreement)
            .where(Agreement.participant_id.in_(keys), Agreement.replaced_at.is_(None))
            .options(selectinload(Agreement.signatures))
            .execution_options(populate_existing=True)
        )
        self.agreements = {row.participant_id: row for row in session().execute(current).scalars()}
        self.chosen = _of(ModuleChoice, ModuleChoice.participant_id, keys)
        live = (
            select(LivePeriod.participant_id, func.min(LivePeriod.starts_on))
            .where(LivePeriod.participant_id.in_(keys))
            .group_by(LivePeriod.participant_id)
        )
        self.live_since = dict(session().execute(live).all())
        self.counted = _with_files(keys) | _with_municipalities(keys)
        self.offers: dict[str, list[ModuleOffer]] = {}

    def facts(self, row: Participant) -> Facts:
        application = self.applications.get(row.id)
        agreement = self.agreements.get(row.id)
        signed = {s.side: _day(s.signed_at) for s in agreement.signatures} if agreement else {}
        authority, matches = self._authority(row)
        invoice = first_invoice(row.id) if Side.OPERATOR in signed else None
        offers, modules, modules_on = self._modules(row)
        accepted = row.stage not in {Stage.SUBMITTED, Stage.REFUSED, Stage.WITHDRAWN}
        accepted_on = _day(application.accepted_at) if application else None
        return Facts(
            channel=row.channel,
            stage=row.stage,
            missing=rules.missing_details(self._details(row)),
            submitted_on=row.registered_on,
            accepted_on=accepted_on or (row.registered_on if accepted else None),
            wants_legal_review=bool(application and application.wants_legal_review),
            legal_review_on=self._check(row, CheckKind.LEGAL_REVIEW_DONE),
            authority_on=_day(authority.recorded_at) if authority and matches else None,
            authority_is_of_another=authority is not None and not matches,
            prepared_on=_day(agreement.frozen_at) if agreement else None,
            signed_on=signed.get(Side.PARTICIPANT),
            countersigned_on=signed.get(Side.OPERATOR),
            first_invoice=invoice.number if invoice else None,
            first_invoice_on=invoice.issued_on if invoice else None,
            e_herkenning_on=self._check(row, CheckKind.E_HERKENNING_TESTED),
            certificate_on=self._check(row, CheckKind.CERTIFICATE_PUBLISHED),
            acceptance_test_on=self._check(row, CheckKind.ACCEPTANCE_TEST_PASSED),
            role_has_modules=bool(offers),
            modules=modules,
            modules_on=modules_on,
            declared_ready_on=self._check(row, CheckKind.DECLARED_READY),
            activated_on=self.live_since.get(row.id),
            onboarding_on=self._check(row, CheckKind.ONBOARDING_HELD),
        )

    def _details(self, row: Participant) -> Details:
        signatory = self.contacts.get((row.id, ContactRole.SIGNATORY))
        works_for_itself = row.organisation.kind is OrganisationKind.MUNICIPALITY
        return Details(
            channel=row.channel,
            basis=row.role.basis,
            has_number=bool(row.organisation.kvk or row.organisation.oin),
            has_signatory=bool(signatory and signatory.name and signatory.function and signatory.email),
            has_functional_contact=(row.id, ContactRole.FUNCTIONAL) in self.contacts,
            has_technical_contact=(row.id, ContactRole.TECHNICAL) in self.contacts,
            has_invoice_details=row.id in self.invoice_details,
            has_measurement=row.id in self.counted or (works_for_itself and row.role.basis is Basis.INHABITANTS),
        )

    def _authority(self, row: Participant) -> tuple[AuthorityRecord | None, bool]:
        """The latest record, and whether it is about the signatory of today."""
        found = self.authority.get(row.id)
        signatory = self.contacts.get((row.id, ContactRole.SIGNATORY))
        if found is None or signatory is None:
            return found, False
        return found, is_about(found, signatory)

    def _modules(self, row: Participant) -> tuple[list[ModuleOffer], tuple[str, ...], date | None]:
        if row.role_code not in self.offers:
            self.offers[row.role_code] = modules_for_role(row.role_code)
        offers = self.offers[row.role_code]
        chosen = {choice.module_code: choice.chosen_at for choice in self.chosen if choice.participant_id == row.id}
        fitting = [offer for offer in offers if offer.code in chosen]
        first = min((chosen[offer.code] for offer in fitting), default=None)
        return offers, tuple(offer.name for offer in fitting), _day(first)

    def _check(self, row: Participant, kind: CheckKind) -> date | None:
        found = self.checks.get((row.id, kind))
        return found.done_on if found else None


def is_about(authority: AuthorityRecord, signatory: Contact) -> bool:
    """Whether authority was established for this person: the same name and the same mail address."""
    return (authority.person_name, authority.person_email) == (signatory.name, signatory.email)


def _of(model: type[Row], column: Any, keys: Iterable[int]) -> list[Row]:
    query = select(model).where(column.in_(keys)).execution_options(populate_existing=True)
    return list(session().execute(query).scalars())


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(AMSTERDAM).date() if moment else None


def _with_files(keys: Sequence[int]) -> set[int]:
    query = select(Measurement.participant_id).where(
        Measurement.participant_id.in_(keys), Measurement.kind == MeasurementKind.FILES
    )
    return {key for key in session().execute(query.distinct()).scalars() if key is not None}


def _with_municipalities(keys: Sequence[int]) -> set[int]:
    query = select(ServedMunicipality.participant_id).where(
        ServedMunicipality.participant_id.in_(keys), ServedMunicipality.ends_before.is_(None)
    )
    return set(session().execute(query.distinct()).scalars())


# ------------------------------------------------------------------------------------------- what is stuck on whom


@dataclass(frozen=True)
class Stuck:
    """A participant between application and live, and what it waits for."""

    participant: Participant
    task: Task
    since: date
    days: int

    @property
    def turn(self) -> Turn:
        return self.task.turn


def in_progress() -> list[tuple[Participant, Facts]]:
    """Everybody between application and live, by name, with the facts of the task list."""
    query = select(Participant.id).where(Participant.stage.in_(rules.IN_PROGRESS))
    rows = participants.participants_by_id(list(session().execute(query).scalars()))
    facts = facts_of_all(rows)
    return [(row, facts[row.id]) for row in rows]


def stuck(on: date, turn: Turn | None = None) -> list[Stuck]:
    """Everything in progress with its first open blocking task, longest waiting first; with `turn` only those that
    wait for this side."""
    found = []
    for row, facts in in_progress():
        task = rules.first_open(facts)
        if task is not None and (turn is None or task.turn is turn):
            since = task.open_since or row.registered_on
            found.append(Stuck(row, task, since, max(0, (on - since).days)))
    return sorted(found, key=lambda one: (one.since, one.participant.name))


def accepted_by(keys: Sequence[int]) -> dict[int, uuid.UUID | None]:
    """Who accepted the application of each of these participants: that colleague does not countersign."""
    query = select(Application.participant_id, Application.accepted_by).where(Application.participant_id.in_(keys))
    return {key: person for key, person in session().execute(query) if key is not None}


def without_onboarding() -> list[tuple[Participant, date]]:
    """Live participants that came by application and had no onboarding yet, with the first day on which they were
    live; longest waiting first."""
    held = select(Check.id).where(Check.participant_id == Participant.id, Check.kind == CheckKind.ONBOARDING_HELD)
    query = (
        select(Participant.id, func.min(LivePeriod.starts_on))
        .join(Application, Application.participant_id == Participant.id)
        .join(LivePeriod, LivePeriod.participant_id == Participant.id)
        .where(Participant.stage == Stage.LIVE, ~held.exists())
        .group_by(Participant.id)
    )
    since: dict[int, date] = dict(session().execute(query).all())
    rows = participants.participants_by_id(list(since))
    return sorted(((row, since[row.id]) for row in rows), key=lambda pair: pair[1])


# ------------------------------------------------------------------------------------------- authority and people


def latest_authority(participant_id: int) -> AuthorityRecord | None:
    """The last established authority to sign, whoever it is about."""
    query = select(AuthorityRecord).where(AuthorityRecord.participant_id == participant_id)
    return session().execute(query.order_by(AuthorityRecord.id.desc()).limit(1)).scalar_one_or_none()


def authority_of_today(participant_id: int) -> AuthorityRecord | None:
    """The last established authority, if it is about the signatory of today."""
    found, signatory = latest_authority(participant_id), contact(participant_id, ContactRole.SIGNATORY)
    return found if found and signatory and is_about(found, signatory) else None


def proof_of(participant_id: int, authority_id: int) -> tuple[AuthorityRecord, bytes, str]:
    """A record with its uploaded proof and media type. Raises NotFound when there is no such file."""
    row = session().get(AuthorityRecord, authority_id)
    if row is None or row.participant_id != participant_id or row.proof_sha256 is None:
        raise NotFound("Dit bewijsstuk bestaat niet.")
    stored = session().get_one(documents.StoredFile, row.proof_sha256)
    return row, documents.read(row.proof_sha256), stored.media_type


def contact(participant_id: int, role: ContactRole) -> Contact | None:
    """Who is to be reached for one thing, as it is stored now."""
    query = select(Contact).where(Contact.participant_id == participant_id, Contact.role == role)
    return session().execute(query.execution_options(populate_existing=True)).scalar_one_or_none()


def application_of(participant_id: int) -> Application | None:
    """The application from which a participant came; None when it was registered in another way."""
    query = select(Application).where(Application.participant_id == participant_id)
    return session().execute(query).scalar_one_or_none()


def is_taken_over(participant: Participant) -> bool:
    """Whether it was connected before this administration existed: there is no application and no agreement here."""
    if participant.stage not in {Stage.LIVE, Stage.SUSPENDED, Stage.ENDED}:
        return False
    agreement = select(Agreement.id).where(Agreement.participant_id == participant.id)
    return application_of(participant.id) is None and session().execute(agreement.limit(1)).first() is None


def check_of(participant_id: int, kind: CheckKind) -> Check | None:
    """What was recorded of one kind."""
    query = select(Check).where(Check.participant_id == participant_id, Check.kind == kind)
    return session().execute(query).scalar_one_or_none()


def addresses_of(participant_id: int, *roles: ContactRole) -> list[str]:
    """Mail addresses of the contacts in these roles, in that order, each once; without any, of who applied."""
    with scoped(database.JOB):
        query = select(Contact).where(Contact.participant_id == participant_id, Contact.role.in_(roles))
        found = {row.role: row.email for row in session().execute(query).scalars()}
        application = application_of(participant_id)
    addresses = [found[role] for role in roles if role in found]
    if not addresses and application is not None:
        addresses = [application.email]
    return list(dict.fromkeys(addresses))


def staff_addresses(participant: Participant, on: date) -> list[str]:
    """Who hears of a file at the operator: the colleague who handles it, else everybody of relations."""
    with scoped(database.JOB):
        if participant.handled_by is not None:
            handler = session().get(Account, participant.handled_by)
            if handler is not None and handler.disabled_at is None:
                return [handler.email]
        query = (
            select(Account.email)
            .join(RoleGrant, RoleGrant.account_id == Account.id)
            .where(RoleGrant.role == StaffRole.RELATIONS, RoleGrant.starts_on <= on, Account.disabled_at.is_(None))
            .where(or_(RoleGrant.ends_before.is_(None), RoleGrant.ends_before > on))
            .order_by(Account.email)
        )
        return list(dict.fromkeys(session().execute(query).scalars()))
