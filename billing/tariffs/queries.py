"""Which tariffs hold on a day, and what a participant falls under."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from billing.kinds import FeeKind, FirstYear, OpenTop
from billing.models import CategoryException, Charge, TariffRow, TariffTable, ZeroTariff, ZeroTariffReview
from billing.standing.queries import standing_of
from billing.standing.rules import Standing, governed
from billing.tariffs import rules
from billing.tariffs.rules import (
    Category,
    Classification,
    Count,
    FixedCategory,
    NoCategory,
    Policy,
    ZeroRule,
    reference_day,
)
from core import filters
from core.db import is_among, session
from core.errors import Refused, UserError
from core.kinds import Labelled
from governance.kinds import SettingName
from governance.queries import value_on
from participants.kinds import Basis, MeasurementKind, OrganisationKind
from participants.models import ConnectionPeriod, Measurement, Organisation, Participant
from participants.queries import BY_NAME, in_force
from participants.works_for.queries import municipalities_served_by

AUDIENCES = {"shv": "schuldhulpverleners", "creditor": "schuldeisers, overige schuldhulpverleners en bewindvoerders"}
"""How the audiences of a tariff table are called on screen."""


L = TypeVar("L", bound=Labelled)


class CannotClassify(Refused):
    """A number is missing. The sentence says who must do what; whoever asked parks the case with it."""


# ------------------------------------------------------------------------------------------------- tariffs


def tariff_tables() -> list[TariffTable]:
    """All tariff tables with their rows, latest first."""
    query = select(TariffTable).options(
        selectinload(TariffTable.rows), joinedload(TariffTable.decision), selectinload(TariffTable.corrected_by)
    )
    return list(session().execute(query.order_by(TariffTable.starts_on.desc(), TariffTable.id.desc())).scalars())


def tariff_table_on(day: date) -> TariffTable:
    """The tariff table in force on a day. Raises UserError when none has started by then."""
    found = next((table for table in tariff_tables() if table.starts_on <= day), None)
    if found is None:
        raise UserError(
            f"Voor {filters.day(day)} is geen tarieftabel vastgelegd."
            " Kies een andere dag of leg de tabel vast bij Tarieven."
        )
    return found


def zero_tariffs() -> list[ZeroTariff]:
    """All zero tariffs, latest first."""
    reviews = selectinload(ZeroTariff.reviews).joinedload(ZeroTariffReview.decision)
    query = select(ZeroTariff).options(joinedload(ZeroTariff.decision), reviews).order_by(ZeroTariff.starts_on.desc())
    return list(session().execute(query).scalars())


def zero_tariff_for(connected_on: date) -> ZeroTariff | None:
    """The zero tariff under which a subscription that begins on a day falls."""
    return next(
        (
            row
            for row in zero_tariffs()
            if row.starts_on <= connected_on and (row.ends_before is None or connected_on < row.ends_before)
        ),
        None,
    )


def category_exceptions() -> list[CategoryException]:
    """All exceptions, latest first."""
    query = select(CategoryException).options(
        joinedload(CategoryException.decision), joinedload(CategoryException.role)
    )
    return list(session().execute(query.order_by(CategoryException.starts_on.desc())).scalars())


def policy_on(day: date) -> Policy:
    """Everything that decides what is paid on a day. Raises UserError when tariffs or settings are missing."""
    table = tariff_table_on(day)
    audiences = {row.audience for row in table.rows}
    return Policy(
        table=table.name,
        decision_id=table.decision_id,
        categories={
            audience: tuple(_category(row) for row in table.rows if row.audience == audience)
            for audience in sorted(audiences)
        },
        exceptions=tuple(
            FixedCategory(row.role_code, row.category, row.starts_on, row.ends_before, row.decision_id)
            for row in category_exceptions()
        ),
        zero_rules=tuple(
            ZeroRule(
                row.starts_on,
                row.ends_before,
                row.decision_id,
                value_on(SettingName.ZERO_TARIFF_CONNECTION_FEE, row.starts_on) == "free",
                row.carry_over,
                row.decided_in,
            )
            for row in zero_tariffs()
        ),
        open_top=_choice(OpenTop, SettingName.OPEN_TOP, day),
        first_year=_choice(FirstYear, SettingName.FIRST_YEAR, day),
    )


def _choice(kind: type[L], name: SettingName, day: date) -> L:
    value = value_on(name, day)
    try:
        return kind(value)
    except ValueError as error:
        known = ", ".join(str(member.value) for member in kind)
        raise UserError(f"De instelling '{name.label}' is {value}; kies uit: {known}.") from error


def _category(row: TariffRow) -> Category:
    return Category(
        name=row.category,
        basis=row.basis,
        lower=row.lower,
        upper=row.upper,
        annual_fee=row.annual_fee,
        connection_fee=row.connection_fee,
        connection_share=row.connection_share,
        step_size=row.step_size,
        step_fee=row.step_fee,
        row_id=row.id,
    )


# ------------------------------------------------------------------------------------------------- classification


Measured = Any
"""A row with value, source and measured_on of a measurement; quicker than objects when there are thousands."""


@dataclass(frozen=True)
class Numbers:
    """What the categories of some participants rest on, read at once; each list of measurements oldest first."""

    declared: Mapping[tuple[int, MeasurementKind], Sequence[Measured]]
    """By participant and kind."""
    inhabitants: Mapping[int, Sequence[Measured]]
    """By organisation."""
    served: Mapping[int, Sequence[Organisation]]
    """By participant: the municipalities for which a debt counsellor works, if it is not its own."""
    standing: Mapping[int, Standing] = field(default_factory=dict)
    """By participant: the last annual invoice and the decided changes of category."""


def numbers_of(participants: Sequence[Participant], day: date) -> Numbers:
    """What is known of these participants for a category on a day."""
    served = municipalities_served_by([row.id for row in participants], day)
    municipalities = {row.organisation_id for row in participants} | {
        organisation.id for organisations in served.values() for organisation in organisations
    }
    declared: dict[tuple[int, MeasurementKind], list[Measured]] = {}
    inhabitants: dict[int, list[Measured]] = {}
    query = select(
        Measurement.participant_id,
        Measurement.organisation_id,
        Measurement.kind,
        Measurement.value,
        Measurement.source,
        Measurement.measured_on,
    ).where(
        or_(
            is_among(Measurement.participant_id, [row.id for row in participants]),
            and_(
                is_among(Measurement.organisation_id, municipalities), Measurement.kind == MeasurementKind.INHABITANTS
            ),
        )
    )
    for row in session().execute(query.order_by(Measurement.measured_on, Measurement.id)):
        if row.participant_id is not None:
            declared.setdefault((row.participant_id, row.kind), []).append(row)
        elif row.organisation_id is not None:
            inhabitants.setdefault(row.organisation_id, []).append(row)
    return Numbers(declared, inhabitants, served, standing_of([row.id for row in participants], day))


def classification_of(
    participant: Participant, day: date, policy: Policy | None = None, numbers: Numbers | None = None
) -> Classification:
    """The category of a participant on a day and what the table asks for it, zero tariff left aside.

    A newer number that would give another category than the last invoice, or than what two people decided, does not
    govern: it stands in `proposed`. `policy` and `numbers`: of the same day, when it is asked for many. Raises
    CannotClassify when a number is missing.
    """
    policy = policy or policy_on(day)
    role = participant.role
    categories = policy.categories.get(role.audience, ())
    if not categories and role.basis is not Basis.NONE:
        raise CannotClassify(
            f"De tarieftabel '{policy.table}' heeft geen bedragen voor {AUDIENCES.get(role.audience, role.audience)}."
            " Financiën legt eerst vast wat voor hen gold."
        )
    try:
        found = rules.not_counted(policy, categories, role, participant.name, day)
        if found is not None:
            return found
        numbers = numbers or numbers_of([participant], day)
        counts = counts_of(participant, categories[0].basis, day, numbers)
        computed = rules.classification(policy, categories, counts, participant.name)
        return governed(computed, policy, categories, numbers.standing.get(participant.id), participant.name, day)
    except NoCategory as error:
        raise CannotClassify(
            f"De tarieftabel '{policy.table}' kent {error} voor {participant.name}. Financiën controleert de tabel."
        ) from error


def counts_of(participant: Participant, basis: str, day: date, numbers: Numbers | None = None) -> list[Count]:
    """The numbers that the category of a participant rests on. Raises CannotClassify when one is missing."""
    numbers = numbers or numbers_of([participant], day)
    kind = MeasurementKind(basis)
    if kind is MeasurementKind.INHABITANTS:
        return [_inhabitants(municipality, day, numbers) for municipality in _municipalities(participant, numbers)]
    declared = [row for row in numbers.declared.get((participant.id, kind), ()) if row.source != rules.MEASURED]
    found = _applicable(declared, day)
    if found is None:
        raise CannotClassify(
            f"Van {participant.name} is nog niet bekend: {kind.label.lower()}. Vraag de deelnemer om een opgave en"
            " leg die vast bij de deelnemer; daarna kan de categorie worden bepaald."
        )
    return [Count(participant.name, found.value, found.source)]


def _municipalities(participant: Participant, numbers: Numbers) -> Sequence[Organisation]:
    served = numbers.served.get(participant.id)
    if served:
        return served
    if participant.organisation.kind is OrganisationKind.MUNICIPALITY:
        return [participant.organisation]
    raise CannotClassify(
        f"Van {participant.name} is niet vastgelegd voor welke gemeenten zij werkt. Relatiebeheer legt dat vast bij de"
        " deelnemer; daarna kan de categorie worden bepaald."
    )


def _inhabitants(municipality: Organisation, day: date, numbers: Numbers) -> Count:
    found = _applicable(numbers.inhabitants.get(municipality.id, ()), reference_day(day))
    if found is None:
        raise CannotClassify(
            f"Van {municipality.name} is geen aantal inwoners bekend. Applicatiebeheer leest de gemeenten opnieuw in"
            " (flask participants import-organisations); daarna kan de categorie worden bepaald."
        )
    return Count(municipality.name, found.value, found.source)


def _applicable(measurements: Sequence[Measured], day: date) -> Measured | None:
    """The latest number on or before the day. Without one the first after it: the count of organisaties.overheid.nl
    states no reference day, so its day of publication says nothing about what it counts; and taking the first keeps
    past outcomes as they were when newer counts come in."""
    before = [row for row in measurements if row.measured_on <= day]
    if before:
        return before[-1]
    first = measurements[0].measured_on if measurements else None
    return next((row for row in reversed(measurements) if row.measured_on == first), None)


# ------------------------------------------------------------------------------------------------- who pays what


@dataclass(frozen=True)
class Outcome:
    """What a participant falls under on a day, or why that cannot be said yet."""

    participant: Participant
    connected_on: date
    """The day on which the subscription began; without one the day that is asked about."""
    found: Classification | None
    zero: ZeroRule | None
    problem: str | None
    year: int | None = None
    """The year of the day that is asked about."""

    @property
    def is_zero(self) -> bool:
        """Whether the annual fee over that year is nothing by a zero tariff."""
        return self.zero is not None and self.zero.is_free_in(self.year or self.connected_on.year)


def outcome(
    participant: Participant,
    day: date,
    connected_on: date | None,
    policy: Policy | None = None,
    numbers: Numbers | None = None,
) -> Outcome:
    """Classify without raising: a missing number becomes `problem`."""
    policy = policy or policy_on(day)
    began = connected_on or day
    try:
        return Outcome(
            participant,
            began,
            classification_of(participant, day, policy, numbers),
            policy.zero_rule(began),
            problem=None,
            year=day.year,
        )
    except CannotClassify as error:
        return Outcome(participant, began, None, policy.zero_rule(began), problem=error.message, year=day.year)


def outcomes(day: date) -> list[Outcome]:
    """Everybody whose subscription runs on a day, by name."""
    policy = policy_on(day)
    query = _subscriptions(day).order_by(*BY_NAME)
    found = session().execute(query).all()
    numbers = numbers_of([row for row, _ in found], day)
    return [outcome(row, day, began, policy, numbers) for row, began in found]


def without_annual_fee(day: date, asked: Callable[[Participant], bool] = lambda _: True) -> list[Outcome]:
    """Whose subscription runs on a day while the annual fee over that year stands on no invoice, by name; also those
    whose invoice was credited. `problem` says what keeps them from being invoiced, if it is a number.

    `asked`: for whom; the others are not classified, which is most of the work.
    """
    charged = select(Charge.id).where(
        Charge.participant_id == Participant.id,
        Charge.fee_kind == FeeKind.ANNUAL,
        Charge.year == day.year,
        Charge.credited_by_id.is_(None),
    )
    query = (
        _subscriptions(day).options(joinedload(Participant.invoice_details)).where(~charged.exists()).order_by(*BY_NAME)
    )
    found = [(row, began) for row, began in session().execute(query).all() if asked(row)]
    if not found:
        return []
    policy, numbers = policy_on(day), numbers_of([row for row, _ in found], day)
    return [outcome(row, day, began, policy, numbers) for row, began in found]


def _subscriptions(day: date) -> Select[Participant, date]:
    return (
        select(Participant, ConnectionPeriod.starts_on)
        .join(Participant.organisation)
        .join(ConnectionPeriod, ConnectionPeriod.participant_id == Participant.id)
        .options(joinedload(Participant.organisation), joinedload(Participant.role))
        .where(in_force(ConnectionPeriod.starts_on, ConnectionPeriod.ends_before, day))
    )


def municipalities_as_debt_counsellors(day: date, policy: Policy | None = None) -> list[tuple[str, Classification]]:
    """What if: every municipality that exists on a day as one debt counsellor of its own, by name; with another
    `policy` than that of the day: under other amounts or bounds."""
    policy = policy or policy_on(day)
    reference = reference_day(day)
    query = (
        select(Organisation.id, Organisation.name, Measurement.value, Measurement.source, Measurement.measured_on)
        .join(Measurement, Measurement.organisation_id == Organisation.id)
        .where(Organisation.kind == OrganisationKind.MUNICIPALITY)
        .where((Organisation.ends_before.is_(None)) | (Organisation.ends_before > day))
        .where(Measurement.kind == MeasurementKind.INHABITANTS)
        .order_by(Organisation.search_text, Organisation.id, Measurement.measured_on, Measurement.id)
    )
    numbers: dict[int, list[Measured]] = {}
    for row in session().execute(query):
        numbers.setdefault(row.id, []).append(row)
    found: list[tuple[str, Classification]] = []
    for measurements in numbers.values():
        name, number = measurements[0].name, _applicable(measurements, reference)
        if number is not None:
            counts = [Count(name, number.value, number.source)]
            found.append((name, rules.classification(policy, policy.categories["shv"], counts, name)))
    return found
