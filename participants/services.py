"""What can be done with participants. Each verb leaves one audit sentence; nothing here commits.

Services about organisations stand in `participants.organisations.services`, those about dated facts (subscription,
live periods, served municipalities, access) in `participants.periods.services`; both can be called from here.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from core import clock, countries, identifiers
from core import db as database
from core.audit import Actor, record
from core.countries import HOME
from core.db import savepoint, scoped, session
from core.errors import Refused
from core.filters import day, number
from identity.models import Account
from participants import events, queries, rules
from participants.kinds import Channel, ContactRole, Language, MeasurementKind, Profile, Stage
from participants.models import Contact, InvoiceDetails, Measurement, Note, Participant
from participants.organisations.services import (
    add_supplier,
    change_organisation,
    checked,
    create_organisation,
    end_organisation,
    update_search_text,
)
from participants.periods.services import (
    act_for_creditor,
    close_connection,
    close_live_period,
    end_representation,
    leave_municipality,
    open_connection,
    open_live_period,
    represent,
    serve_municipality,
    stop_acting_for,
)

__all__ = [
    "act_for_creditor",
    "add_supplier",
    "change_organisation",
    "change_participant",
    "close_connection",
    "close_live_period",
    "create_organisation",
    "end_organisation",
    "end_representation",
    "hand_over",
    "leave_municipality",
    "open_connection",
    "open_live_period",
    "record_measurement",
    "register_participant",
    "remove_contact",
    "represent",
    "serve_municipality",
    "set_contact",
    "set_invoice_details",
    "stop_acting_for",
    "update_search_text",
    "write_note",
]


def register_participant(  # noqa: PLR0913  the fields of the form
    actor: Actor,
    organisation_id: int,
    role_code: str,
    unit_name: str = "",
    channel: Channel = Channel.PORTAL,
    *,
    establishment_number: str | None = None,
    own_oin: str | None = None,
    supplier_id: int | None = None,
    product: str | None = None,
    list_publicly: bool | None = None,
    stage: Stage = Stage.SUBMITTED,
) -> Participant:
    """An organisation, or a unit of it, applies in a role. Works in every scope, because an applicant cannot see yet
    what he adds: the caller has checked that he may. `list_publicly` None: yes, except for a sole trader.

    Raises Refused for a duplicate, a dissolved organisation, or a role in which one cannot take part yet.
    """
    unit = checked(identifiers.clean_text, unit_name, "unit_name") or ""
    with scoped(database.JOB):
        role = queries.role(role_code)
        organisation = queries.organisation(organisation_id)
        if not role.can_apply:
            raise Refused(f"Als {role.in_a_sentence} kunt u nu nog niet meedoen.", field="role_code")
        if not rules.exists_on(organisation.ends_before, clock.today()):
            raise Refused(
                f"{organisation.name} bestaat sinds {day(organisation.ends_before)} niet meer. "
                "Kies de organisatie die haar taken overnam.",
                field="organisation_id",
            )
        existing = queries.open_participant(organisation_id, role_code, unit)
        if existing is not None:
            raise _duplicate(existing)
        listed = rules.is_listed_by_default(organisation.kind) if list_publicly is None else list_publicly
        row = Participant(
            organisation_id=organisation_id,
            role_code=role_code,
            unit_name=unit,
            channel=channel,
            stage=stage,
            registered_on=clock.today(),
            establishment_number=checked(identifiers.vestigingsnummer, establishment_number, "establishment_number"),
            own_oin=checked(identifiers.oin, own_oin, "own_oin"),
            supplier_id=supplier_id,
            product=checked(identifiers.clean_text, product, "product"),
            list_publicly=listed,
        )
        try:
            with savepoint():
                session().add(row)
                session().flush()
        except IntegrityError:  # a simultaneous application was first
            existing = queries.open_participant(organisation_id, role_code, unit)
            if existing is None:
                raise
            raise _duplicate(existing) from None
        record(
            events.REGISTERED,
            actor,
            participant_id=row.id,
            subject=_subject(row),
            name=row.name,
            role=role.in_a_sentence,
        )
    return row


def _duplicate(existing: Participant) -> Refused:
    return Refused(
        f"U bent al aangemeld als {existing.role.in_a_sentence} (ingediend op {day(existing.registered_on)}). "
        "Bekijk die aanmelding.",
        field="role_code",
    )


def _subject(participant: Participant) -> str:
    return f"participant:{participant.id}"


def _touch(participant: Participant) -> None:
    """Raise the participant's version although only a row beside it changes."""
    flag_modified(participant, "product")


_FIELDS = {
    "unit_name": ("bedrijfsonderdeel", identifiers.clean_text),
    "establishment_number": ("vestigingsnummer", identifiers.vestigingsnummer),
    "own_oin": ("OIN van het onderdeel", identifiers.oin),
    "channel": ("manier van aansluiten", None),
    "supplier_id": ("leverancier", None),
    "product": ("softwarepakket", identifiers.clean_text),
    "list_publicly": ("vermelding op de openbare lijst", None),
}


def change_participant(actor: Actor, participant: Participant, **values: Any) -> list[str]:
    """Change unit_name, establishment_number, own_oin, channel, supplier_id, product or list_publicly. Returns what
    changed, in Dutch; nothing changed leaves no sentence. Raises Refused when the new unit exists already."""
    changed = []
    for name, value in values.items():
        label, check = _FIELDS[name]
        new = checked(check, value, name) if check is not None else value
        if name == "unit_name":
            new = new or ""
            other = queries.open_participant(participant.organisation_id, participant.role_code, new)
            if other is not None and other.id != participant.id:
                raise Refused("Er is al een deelnemer voor dit bedrijfsonderdeel in deze rol.", field="unit_name")
        if getattr(participant, name) != new:
            setattr(participant, name, new)
            changed.append(label)
    if changed:
        session().flush()
        record(
            events.CHANGED,
            actor,
            participant_id=participant.id,
            subject=_subject(participant),
            what=", ".join(changed),
        )
    return changed


def set_contact(
    actor: Actor,
    participant: Participant,
    role: ContactRole,
    *,
    name: str,
    email: str,
    function: str | None = None,
    phone: str | None = None,
) -> Contact:
    """Say who is to be reached for one thing; there is one person per role."""
    values = {
        "name": checked(identifiers.clean_text, name, "name"),
        "function": checked(identifiers.clean_text, function, "function"),
        "email": email.strip().lower(),
        "phone": checked(identifiers.clean_text, phone, "phone"),
    }
    query = select(Contact).where(Contact.participant_id == participant.id, Contact.role == role)
    row = session().execute(query).scalar_one_or_none()
    event = events.CONTACT_SET if row is None else events.CONTACT_CHANGED
    if row is not None and all(getattr(row, field) == value for field, value in values.items()):
        return row
    if row is None:
        row = Contact(participant_id=participant.id, role=role)
        session().add(row)
    for field, value in values.items():
        setattr(row, field, value)
    _touch(participant)
    session().flush()
    session().expire(participant, ["contacts"])
    record(event, actor, participant_id=participant.id, subject=_subject(participant), role=role.label.lower())
    return row


def remove_contact(actor: Actor, participant: Participant, role: ContactRole) -> None:
    """Take a contact away. The authorised signatory can only be replaced."""
    if role is ContactRole.SIGNATORY:
        raise Refused("De tekeningsbevoegde kunt u niet weghalen. Vul in wie het nu is.")
    query = select(Contact).where(Contact.participant_id == participant.id, Contact.role == role)
    row = session().execute(query).scalar_one_or_none()
    if row is None:
        return
    session().delete(row)
    _touch(participant)
    session().flush()
    session().expire(participant, ["contacts"])
    record(
        events.CONTACT_REMOVED,
        actor,
        participant_id=participant.id,
        subject=_subject(participant),
        role=role.label.lower(),
    )


INVOICE_FIELDS = {
    "attention": "ter attentie van",
    "street": "straat of postbus",
    "postal_code": "postcode",
    "city": "plaats",
    "email": "e-mailadres",
    "purchase_order_number": "inkoopordernummer",
    "buyer_reference": "uw kenmerk",
    "e_invoice_address": "e-factuuradres",
    "country": "land",
    "vat_id": "btw-nummer",
    "language": "taal van de factuur",
    "e_invoice_profile": "soort e-factuur",
}


def set_invoice_details(  # noqa: PLR0913  the fields of the form
    actor: Actor,
    participant: Participant,
    *,
    street: str,
    postal_code: str,
    city: str,
    email: str,
    attention: str | None = None,
    purchase_order_number: str | None = None,
    buyer_reference: str | None = None,
    e_invoice_address: str | None = None,
    country: str = HOME,
    vat_id: str | None = None,
    language: Language | str = Language.DUTCH,
    e_invoice_profile: Profile | str = Profile.NLCIUS,
) -> InvoiceDetails:
    """Say where invoices go and what must stand on them. A postal code has the Dutch form in the Netherlands only."""
    at = checked(countries.country, country, "country") or HOME
    values = {
        "attention": checked(identifiers.clean_text, attention, "attention"),
        "street": checked(identifiers.clean_text, street, "street"),
        "postal_code": checked(lambda value: countries.postal_code(value, at), postal_code, "postal_code"),
        "city": checked(identifiers.clean_text, city, "city"),
        "email": email.strip().lower(),
        "purchase_order_number": checked(
            identifiers.purchase_order_number, purchase_order_number, "purchase_order_number"
        ),
        "buyer_reference": checked(identifiers.purchase_order_number, buyer_reference, "buyer_reference"),
        "e_invoice_address": checked(identifiers.e_invoice_address, e_invoice_address, "e_invoice_address"),
        "country": at,
        "vat_id": checked(lambda value: countries.vat_id(value, at), vat_id, "vat_id"),
        "language": Language(language),  # type: ignore[arg-type]  # a member is taken as well
        "e_invoice_profile": Profile(e_invoice_profile),  # type: ignore[arg-type]  # the same
    }
    row = session().get(InvoiceDetails, participant.id)
    is_new = row is None
    if row is None:
        row = InvoiceDetails(participant_id=participant.id)
        session().add(row)
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if not changed:
        return row
    for name, value in values.items():
        setattr(row, name, value)
    _touch(participant)
    session().flush()
    session().expire(participant, ["invoice_details"])
    about = {"participant_id": participant.id, "subject": _subject(participant)}
    if is_new:
        record(events.INVOICE_DETAILS_SET, actor, **about)  # type: ignore[arg-type]
    else:
        what = ", ".join(INVOICE_FIELDS[name] for name in changed)
        record(events.INVOICE_DETAILS_CHANGED, actor, **about, what=what)  # type: ignore[arg-type]
    return row


def record_measurement(
    actor: Actor,
    kind: MeasurementKind,
    value: int,
    *,
    measured_on: Any,
    source: str,
    organisation_id: int | None = None,
    participant_id: int | None = None,
) -> Measurement:
    """Add a dated number of an organisation (inhabitants) or of a participant (files, arrangements)."""
    row = Measurement(
        kind=kind,
        organisation_id=organisation_id,
        participant_id=participant_id,
        value=value,
        measured_on=measured_on,
        source=source,
        recorded_at=clock.now(),
    )
    session().add(row)
    session().flush()
    record(
        events.MEASURED,
        actor,
        participant_id=participant_id,
        subject=f"organisation:{organisation_id}" if organisation_id else f"participant:{participant_id}",
        kind=kind.label.lower(),
        value=number(value),
        day=day(measured_on),
        source=source,
    )
    return row


def write_note(actor: Actor, participant_id: int, text: str) -> Note:
    """Add a remark for colleagues; participants never see it. It cannot be changed."""
    if actor.person is None:
        raise Refused("Alleen een medewerker kan een notitie schrijven.")
    content = checked(lambda value: identifiers.clean_text(value, several_lines=True), text, "text")
    if not content:
        raise Refused("Schrijf eerst een notitie.", field="text")
    row = Note(participant_id=participant_id, author=actor.person, written_at=clock.now(), text=content)
    session().add(row)
    session().flush()
    record(events.NOTED, actor, participant_id=participant_id, subject=f"participant:{participant_id}")
    return row


def hand_over(actor: Actor, participant: Participant, account: Account | None) -> None:
    """Say which colleague handles the file; None: nobody does any more."""
    if participant.handled_by == (account.id if account else None):
        return
    participant.handled_by = account.id if account else None
    session().flush()
    subject = _subject(participant)
    if account is None:
        record(events.RELEASED, actor, participant_id=participant.id, subject=subject)
    elif account.person_key == actor.person:
        record(events.TAKEN, actor, participant_id=participant.id, subject=subject)
    else:
        record(events.HANDED_OVER, actor, participant_id=participant.id, subject=subject, account=account.id)
