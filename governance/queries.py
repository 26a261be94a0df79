"""Reads about decisions, operators and settings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import joinedload

from core import filters
from core.db import session
from core.errors import NotFound, UserError
from governance.bank_accounts.models import OperatorBankAccount
from governance.kinds import VALUES, Body, SettingName
from governance.models import Decision, Operator, Setting
from governance.rules import active_bodies


def operator_on(day: date) -> Operator:
    """The operator in force on a day. Raises UserError when none has started by then."""
    query = select(Operator).where(Operator.starts_on <= day).order_by(Operator.starts_on.desc()).limit(1)
    found = session().execute(query).scalar_one_or_none()
    if found is None:
        raise UserError(
            f"Voor {filters.day(day)} is geen stelselbeheerder vastgelegd. "
            "Lees eerst de stelselbeheerders in (flask governance import-operators)."
        )
    return found


def operators() -> list[Operator]:
    """All operators, first to last."""
    return list(session().execute(select(Operator).order_by(Operator.starts_on)).scalars())


def iban_on(operator: Operator, day: date) -> str | None:
    """The account to which invoices of an operator are paid on a day: the latest that has started, else the one with
    which it began; None when none is known."""
    query = (
        select(OperatorBankAccount.iban)
        .where(OperatorBankAccount.operator_id == operator.id, OperatorBankAccount.starts_on <= day)
        .order_by(OperatorBankAccount.starts_on.desc())
        .limit(1)
    )
    return session().scalar(query) or operator.iban


def setting_on(name: SettingName | str, day: date) -> Setting | None:
    """The setting in force on a day: the latest of that name that has started."""
    key = name.value if isinstance(name, SettingName) else name
    query = (
        select(Setting).where(Setting.name == key, Setting.starts_on <= day).order_by(Setting.starts_on.desc()).limit(1)
    )
    return session().execute(query).scalar_one_or_none()


def value_on(name: SettingName, day: date) -> str:
    """The value of a setting on a day. Raises UserError when it was never set."""
    found = setting_on(name, day)
    if found is None:
        raise UserError(
            f"De instelling '{name.label}' ontbreekt voor {filters.day(day)}. "
            "Laad de instellingen (flask governance load-settings)."
        )
    return found.value


def number_on(name: SettingName, day: date) -> Decimal:
    """A setting that is a number. Raises UserError when it is missing or no number."""
    value = value_on(name, day)
    try:
        return Decimal(value)
    except InvalidOperation as error:
        raise _unreadable(name, value) from error


def day_on(name: SettingName, day: date) -> date:
    """A setting that is a day, as it stands on `day`. Raises UserError when it is missing or no date."""
    value = value_on(name, day)
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise _unreadable(name, value) from error


def active_bodies_on(day: date) -> list[Body]:
    """The bodies that exist on a day; all of them as long as no setting says otherwise. Raises UserError when the
    setting cannot be read."""
    found = setting_on(SettingName.ACTIVE_BODIES, day)
    return list(Body) if found is None else _bodies(found.value)


def _bodies(value: str) -> list[Body]:
    try:
        return active_bodies(value)
    except ValueError as error:
        raise _unreadable(SettingName.ACTIVE_BODIES, value) from error


def _unreadable(name: SettingName, value: str) -> UserError:
    return UserError(f"De instelling '{name.label}' heeft een waarde die niet klopt: {value}.")


def settings_on(day: date) -> list[Setting]:
    """All settings in force on a day, in the order of `SettingName`."""
    query = (
        select(Setting)
        .ext(distinct_on(Setting.name))
        .options(joinedload(Setting.decision))
        .where(Setting.starts_on <= day)
        .order_by(Setting.name, Setting.starts_on.desc())
    )
    order = {name.value: position for position, name in enumerate(SettingName)}
    found = session().execute(query).scalars().all()
    return sorted(found, key=lambda row: (order.get(row.name, len(order)), row.name))


def settings_not_in_force(day: date) -> list[Setting]:
    """Values that were replaced or that start later, latest first."""
    current = {row.id for row in settings_on(day)}
    query = select(Setting).options(joinedload(Setting.decision)).order_by(Setting.name, Setting.starts_on.desc())
    return [row for row in session().execute(query).scalars() if row.id not in current]


def label_of(setting: Setting) -> str:
    """How staff know the setting."""
    labels = {name.value: name.label for name in SettingName}
    return labels.get(setting.name, setting.name)


def shown_value(setting: Setting) -> str:
    """The value as Dutch text: days written out, codes in words, numbers as they are."""
    if setting.name == SettingName.ACTIVE_BODIES.value:
        return ", ".join(body.label.lower() for body in _bodies(setting.value))
    try:
        return filters.day(date.fromisoformat(setting.value))
    except ValueError:
        return VALUES.get(setting.value, setting.value)


def decision(number: str) -> Decision:
    """A decision by its number. Raises NotFound."""
    query = (
        select(Decision)
        .options(joinedload(Decision.advice), joinedload(Decision.supersedes), joinedload(Decision.superseded_by))
        .where(Decision.number == number)
    )
    found = session().execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound("Dit besluit bestaat niet. Bekijk de lijst met besluiten.")
    return found


def decisions() -> list[Decision]:
    """All decisions and advices, latest first."""
    query = select(Decision).options(joinedload(Decision.advice))
    return list(session().execute(query.order_by(Decision.decided_on.desc(), Decision.id.desc())).scalars())


def decisions_after(advice: Decision) -> list[Decision]:
    """What was decided on an advice."""
    query = select(Decision).where(Decision.advice_id == advice.id).order_by(Decision.decided_on)
    return list(session().execute(query).scalars())
