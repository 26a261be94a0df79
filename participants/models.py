"""Organisations, participants, contacts, measurements, dated periods, and who may act for whom."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates
from sqlalchemy.sql.functions import Function

from core import clock
from core.countries import HOME
from core.db import Base, Numbered
from core.kinds import labelled_column
from identity.kinds import ParticipantRole
from participants.kinds import (
    Basis,
    Channel,
    ContactRole,
    Language,
    MeasurementKind,
    OrganisationKind,
    Profile,
    Sector,
    Stage,
)


class Role(Base):
    """A role in the hub: which tariff audience and basis it has; which modules fit stands in the catalogue."""

    __tablename__ = "roles"

    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    audience: Mapped[str]
    """Tariff audience: shv, creditor or none."""
    basis: Mapped[Basis] = mapped_column(labelled_column(Basis, "basis"))
    can_apply: Mapped[bool]
    """False for roles of modules that are still to come."""
    position: Mapped[int]

    @property
    def in_a_sentence(self) -> str:
        """The label without its first capital: "overige schuldhulpverlener (buiten de Wgs)"."""
        return self.label[:1].lower() + self.label[1:]


class Organisation(Base, Numbered):
    """A legal entity."""

    __tablename__ = "organisations"

    name: Mapped[str]
    """Official name, as on agreements and invoices."""
    short_name: Mapped[str]
    kind: Mapped[OrganisationKind] = mapped_column(labelled_column(OrganisationKind, "kind"))
    sector: Mapped[Sector] = mapped_column(labelled_column(Sector, "sector"))
    kvk: Mapped[str | None] = mapped_column(index=True)
    rsin: Mapped[str | None]
    oin: Mapped[str | None] = mapped_column(index=True)
    municipality_code: Mapped[str | None] = mapped_column(unique=True)
    """CBS code, GM plus four digits."""
    register_id: Mapped[str | None] = mapped_column(unique=True)
    """Id at organisaties.overheid.nl."""
    tooi: Mapped[str | None]
    province: Mapped[str | None]
    place: Mapped[str | None]
    website: Mapped[str | None]
    visiting_address: Mapped[str | None]
    postal_address: Mapped[str | None]
    source: Mapped[str]
    """Where the data come from: a register file, or "eigen opgave"."""
    changed_on: Mapped[date | None]
    """Last change according to the source."""
    ends_before: Mapped[date | None]
    """First day on which it no longer exists."""
    fictional: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str]
    """Names, place and numbers in lower case without accents, for typo-tolerant search."""

    participants: Mapped[list[Participant]] = relationship(back_populates="organisation")

    __table_args__ = (
        CheckConstraint("kvk IS NULL OR kvk ~ '^[0-9]{8}$'", name="kvk_form"),
        CheckConstraint("rsin IS NULL OR rsin ~ '^[0-9]{9}$'", name="rsin_form"),
        CheckConstraint("oin IS NULL OR oin ~ '^[0-9A-Z]{20}$'", name="oin_form"),
        Index(
            "ix_organisations_search_text",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
    )


class Supplier(Base, Numbered):
    """Supplier of the software through which participants connect."""

    __tablename__ = "suppliers"

    name: Mapped[str] = mapped_column(unique=True)
    fictional: Mapped[bool] = mapped_column(default=False)


class Participant(Base, Numbered):
    """One business unit of an organisation in one role."""

    __tablename__ = "participants"

    directory_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    """Id in the hub's directory, and of the badge."""
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    role_code: Mapped[str] = mapped_column(ForeignKey("roles.code"))
    unit_name: Mapped[str] = mapped_column(default="")
    """Name of the business unit; empty when it is the whole organisation."""
    establishment_number: Mapped[str | None]
    own_oin: Mapped[str | None]
    """subOIN of the unit, when it has one."""
    channel: Mapped[Channel] = mapped_column(labelled_column(Channel, "channel"))
    stage: Mapped[Stage] = mapped_column(labelled_column(Stage, "stage"), index=True)
    stage_since: Mapped[datetime]
    """Follows `stage` by itself."""
    registered_on: Mapped[date] = mapped_column(default=clock.today)
    """Day of the application."""
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("suppliers.id"))
    product: Mapped[str | None]
    """Name of the software."""
    list_publicly: Mapped[bool] = mapped_column(default=True)
    """Sole traders are listed only with consent."""
    name_withdrawn_at: Mapped[datetime | None]
    """When two colleagues took the name out of everything public, for safety; None while it may be named."""
    handled_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    version: Mapped[int] = mapped_column(default=1)
    """Rises with every change; a form refuses to overwrite a newer one."""

    organisation: Mapped[Organisation] = relationship(back_populates="participants")
    role: Mapped[Role] = relationship()
    supplier: Mapped[Supplier | None] = relationship()
    invoice_details: Mapped[InvoiceDetails | None] = relationship(back_populates="participant")
    contacts: Mapped[list[Contact]] = relationship(order_by="Contact.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy's form
    __table_args__ = (
        Index(
            "uq_participants_open_unit",
            "organisation_id",
            "role_code",
            text("lower(unit_name)"),
            unique=True,
            postgresql_where=text("stage NOT IN ('refused', 'withdrawn', 'ended')"),
        ),
    )

    @validates("stage")
    def _note_since(self, _key: str, stage: Stage) -> Stage:
        self.stage_since = clock.now()
        return stage

    @property
    def is_public(self) -> bool:
        """Whether the name may be shown to everybody, once the connection is live."""
        return self.list_publicly and self.name_withdrawn_at is None

    @property
    def name(self) -> str:
        """As shown on lists: organisation, and the unit when there is one."""
        return f"{self.organisation.name} – {self.unit_name}" if self.unit_name else self.organisation.name


class InvoiceDetails(Base):
    """Where invoices of a participant go and what must stand on them."""

    __tablename__ = "invoice_details"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), primary_key=True)
    attention: Mapped[str | None]
    street: Mapped[str]
    """Street with number, or a post office box."""
    postal_code: Mapped[str]
    city: Mapped[str]
    email: Mapped[str]
    purchase_order_number: Mapped[str | None]
    buyer_reference: Mapped[str | None]
    e_invoice_address: Mapped[str | None]
    """Peppol participant id as scheme:number, for instance 0190:00000001001876387000."""
    country: Mapped[str] = mapped_column(default=HOME)
    """ISO 3166 code of the address."""
    vat_id: Mapped[str | None]
    """Only of use for an address elsewhere in the European Union: to it the VAT is reverse-charged."""
    language: Mapped[Language] = mapped_column(labelled_column(Language, "language"), default=Language.DUTCH)
    e_invoice_profile: Mapped[Profile] = mapped_column(
        labelled_column(Profile, "e_invoice_profile"), default=Profile.NLCIUS
    )

    participant: Mapped[Participant] = relationship(back_populates="invoice_details")

    __table_args__ = (CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_form"),)


class Contact(Base, Numbered):
    """A person to reach for one thing."""

    __tablename__ = "contacts"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    role: Mapped[ContactRole] = mapped_column(labelled_column(ContactRole, "role"))
    name: Mapped[str]
    function: Mapped[str | None]
    email: Mapped[str]
    phone: Mapped[str | None]

    __table_args__ = (UniqueConstraint("participant_id", "role"),)


def _days(starts: str = "starts_on", ends: str = "ends_before") -> Function[object]:
    return func.daterange(Column(starts, Date), Column(ends, Date), type_=DATERANGE)


class ServedMunicipality(Base, Numbered):
    """A municipality for which a debt counsellor works; its inhabitants count for the tariff category."""

    __tablename__ = "served_municipalities"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    starts_on: Mapped[date]
    ends_before: Mapped[date | None]

    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (
        CheckConstraint("ends_before IS NULL OR ends_before >= starts_on", name="period"),
        ExcludeConstraint(
            (Column("participant_id"), "="),
            (Column("organisation_id"), "="),
            (_days(), "&&"),
            name="ex_served_municipalities_no_overlap",
            using="gist",
        ),
    )


class ActsForCreditor(Base, Numbered):
    """A collector acts in the name of a creditor."""

    __tablename__ = "acts_for_creditors"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    creditor_name: Mapped[str]
    creditor_id: Mapped[int | None] = mapped_column(ForeignKey("participants.id"))
    starts_on: Mapped[date]
    ends_before: Mapped[date | None]


class Measurement(Base, Numbered):
    """A dated number that a tariff category can rest on. Never changed: a newer one is a new row."""

    __tablename__ = "measurements"

    kind: Mapped[MeasurementKind] = mapped_column(labelled_column(MeasurementKind, "kind"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    """For inhabitants."""
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participants.id"), index=True)
    """For files and arrangements."""
    value: Mapped[int]
    measured_on: Mapped[date]
    """Reference date, or the day of publication when the source states none."""
    source: Mapped[str]
    """How the number is introduced in a sentence: "organisaties.overheid.nl", "eigen opgave"."""
    recorded_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("value >= 0", name="value"),
        CheckConstraint("num_nonnulls(organisation_id, participant_id) = 1", name="one_owner"),
    )


class ConnectionPeriod(Base, Numbered):
    """The subscription: from the day of countersigning until the agreement ends. Billing goes by it."""

    __tablename__ = "connection_periods"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    starts_on: Mapped[date]
    ends_before: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("ends_before IS NULL OR ends_before >= starts_on", name="period"),
        ExcludeConstraint(
            (Column("participant_id"), "="), (_days(), "&&"), name="ex_connection_periods_no_overlap", using="gist"
        ),
    )


class LivePeriod(Base, Numbered):
    """Days on which the participant exchanges messages: from activation until suspension or ending."""

    __tablename__ = "live_periods"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    starts_on: Mapped[date]
    ends_before: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("ends_before IS NULL OR ends_before >= starts_on", name="period"),
        ExcludeConstraint(
            (Column("participant_id"), "="), (_days(), "&&"), name="ex_live_periods_no_overlap", using="gist"
        ),
    )


class Representation(Base, Numbered):
    """An account may act for a participant in a role."""

    __tablename__ = "representations"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    role: Mapped[ParticipantRole] = mapped_column(labelled_column(ParticipantRole, "role"))
    starts_on: Mapped[date]
    ends_before: Mapped[date | None]

    __table_args__ = (
        Index(
            "uq_representations_current",
            "account_id",
            "participant_id",
            "role",
            unique=True,
            postgresql_where=text("ends_before IS NULL"),
        ),
    )


class Note(Base, Numbered):
    """A remark of staff about a participant; participants do not see it."""

    __tablename__ = "notes"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    author: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.key"))
    written_at: Mapped[datetime]
    text: Mapped[str]
