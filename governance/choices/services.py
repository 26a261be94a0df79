"""Asking for another value of a setting, which a colleague agrees to. Callers hold scope staff."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from core import approvals, clock, filters
from core.approvals import Approval
from core.audit import Actor, record
from core.db import advisory_lock, session
from core.errors import NotFound, Refused
from governance import queries
from governance.choices import rules
from governance.choices.events import SETTING_CHANGED
from governance.kinds import SettingName
from governance.models import Setting

NAME = "governance:setting"


def setting_name(value: str) -> SettingName:
    """A setting that may be changed. Raises NotFound."""
    found = next((name for name in rules.CHANGEABLE if name.value == value), None)
    if found is None:
        raise NotFound("Deze instelling kunt u niet wijzigen. Bekijk de lijst met instellingen.")
    return found


def propose_setting(
    name: SettingName, value: str, starts_on: date, source: str, *, decision_id: int | None, actor: Actor
) -> Approval:
    """Ask a colleague for another value from a day on. Raises Refused for a value or day that cannot be, and
    while another change of the same setting waits."""
    advisory_lock("governance-settings")
    _demand(name, value, starts_on)
    if any(row.kind == NAME and row.payload["name"] == name.value for row in approvals.waiting()):
        raise Refused("Een wijziging van deze instelling ligt al bij een collega. Wacht tot die heeft besloten.")
    now = queries.setting_on(name, clock.today())
    shown = _row(name, value, starts_on, source, decision_id)
    return approvals.request_approval(
        SETTING,
        actor,
        f"instelling '{name.label}' wijzigen",
        {
            "name": name.value,
            "value": value,
            "starts_on": starts_on.isoformat(),
            "source": source,
            "decision": decision_id,
        },
        before={"Waarde": queries.shown_value(now) if now else "nog geen"},
        after={"Waarde": queries.shown_value(shown), "Geldt vanaf": filters.day(starts_on), "Bron": source},
    )


def _demand(name: SettingName, value: str, starts_on: date) -> None:
    if why := rules.why_not(name, value):
        raise Refused(why, field="value")
    latest = session().scalar(select(func.max(Setting.starts_on)).where(Setting.name == name.value))
    if why := rules.why_not_from(starts_on, latest or date.min, clock.today()):
        raise Refused(why, field="starts_on")


def _row(name: SettingName, value: str, starts_on: date, source: str, decision_id: int | None) -> Setting:
    return Setting(
        name=str(name.value), value=value, starts_on=starts_on, source=source, to_confirm=False, decision_id=decision_id
    )


def _carry_out(approval: Approval, actor: Actor) -> None:
    payload = approval.payload
    name, starts_on = setting_name(payload["name"]), date.fromisoformat(payload["starts_on"])
    advisory_lock("governance-settings")
    _demand(name, payload["value"], starts_on)
    row = _row(name, payload["value"], starts_on, payload["source"], payload["decision"])
    session().add(row)
    session().flush()
    record(
        SETTING_CHANGED,
        actor,
        subject=f"setting:{row.id}",
        name=name.label,
        day=filters.day(starts_on),
        value=queries.shown_value(row),
        source=row.source,
    )


SETTING = approvals.register(approvals.Kind(NAME, "Instelling wijzigen", "setting:confirm", _carry_out))
