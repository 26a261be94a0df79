"""Accounts of staff: make, disable, let set up again; and roles, which change only after a colleague agreed."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import update

from core import approvals, clock
from core import db as database
from core.approvals import Approval
from core.audit import Actor, Entry, record
from core.db import advisory_lock, scoped, session
from core.errors import Refused, UserError
from core.filters import day
from core.mail import queue_mail
from identity import events, rules
from identity.kinds import AccountKind, LinkPurpose, StaffRole
from identity.models import Account, OneTimeLink, RoleGrant
from identity.queries import account_by_email
from identity.services import create_account, end_sessions, link_to, subject_of
from identity.staff import queries

LAST_ADMINISTRATOR = (
    "Dit is de laatste medewerker met de rol Applicatiebeheer. Geef die rol eerst aan een collega; anders kan niemand"
    " meer accounts en rollen regelen."
)


def create_staff_account(email: str, name: str, actor: Actor) -> tuple[Account, str]:
    """A new account of staff, without a role, and the address of its set-up link (48 hours). Mail it, or show it."""
    email = email.strip().lower()
    advisory_lock(f"account:{email}")
    if account_by_email(email) is not None:
        raise UserError("Er is al een account met dit e-mailadres.", field="email")
    account = create_account(AccountKind.STAFF, email, name)
    kind = AccountKind.STAFF.label
    record(events.ACCOUNT_CREATED, actor, subject=subject_of(account), account=account.id, kind=kind)
    return account, link_to(account, LinkPurpose.SET_UP, "")


def mail_set_up_link(account: Account, url: str) -> None:
    queue_mail(
        account.email,
        "Stel uw toegang tot Knooppuntbeheer in",
        "identity_set_up",
        name=account.person.name,
        url=url,
        hours=int(rules.VALID_FOR[LinkPurpose.SET_UP].total_seconds() // 3600),
    )


def renew_access(account: Account, actor: Actor) -> str:
    """Password forgotten, phone lost, or the link expired: password and second factor go, all sessions end.

    Returns the address of a new set-up link; earlier links stop working.
    """
    if actor.person == account.person_key:
        raise Refused("Uw eigen toegang wijzigt u bij 'Mijn account', of een collega doet dit voor u.")
    if account.kind is not AccountKind.STAFF or account.disabled_at is not None:
        raise Refused("Dit account is uitgeschakeld. Schakel het eerst weer in.")
    account.password_hash = account.totp_secret = account.totp_last_step = None
    end_sessions(account.id)
    _withdraw_links(account)
    record(events.ACCESS_RENEWED, actor, subject=subject_of(account), account=account.id)
    session().flush()
    return link_to(account, LinkPurpose.SET_UP, "")


def _withdraw_links(account: Account) -> None:
    with scoped(database.SIGN_IN):
        unused = update(OneTimeLink).where(OneTimeLink.account_id == account.id, OneTimeLink.used_at.is_(None))
        session().execute(unused.values(used_at=clock.now()))


def disable_account(account: Account, actor: Actor, reason: str) -> None:
    """Nobody signs in with it any more, now. Roles end too: after enabling they are asked for anew."""
    if actor.person == account.person_key:
        raise Refused("U kunt uw eigen account niet uitschakelen. Vraag het een collega.")
    if account.disabled_at is not None:
        raise Refused("Dit account was al uitgeschakeld.")
    _keep_an_administrator(account, actor)
    account.disabled_at = clock.now()
    for grant in queries.lasting_grants(account.id, clock.today()):
        _end(grant)
    end_sessions(account.id)
    _withdraw_links(account)
    record(events.ACCOUNT_DISABLED, actor, subject=subject_of(account), account=account.id, reason=reason)
    session().flush()


def enable_account(account: Account, actor: Actor) -> str:
    """The account may be set up again: returns the address of a new set-up link. It comes back without roles."""
    if account.disabled_at is None:
        raise Refused("Dit account is niet uitgeschakeld.")
    account.disabled_at = None
    record(events.ACCOUNT_ENABLED, actor, subject=subject_of(account), account=account.id)
    return renew_access(account, actor)


# ------------------------------------------------------------------------------------------- roles


def request_role_change(
    account: Account, role: StaffRole, actor: Actor, *, grant: bool, last_day: date | None = None, reason: str
) -> Approval:
    """Ask a colleague to let somebody have a role, until and including `last_day` when given, or lose it.

    Nothing changes until one agrees. Raises Refused or UserError when it could not be carried out.
    """
    ends_before = last_day + timedelta(days=1) if last_day else None
    advisory_lock(f"roles:{account.id}")
    _check(account, role, actor, grant=grant, ends_before=ends_before)
    if any(r.payload["role"] == role.value for r in queries.open_role_requests(account.id)):
        raise Refused("Over deze rol ligt al een verzoek bij een collega.", field="role")
    verb = "geven aan" if grant else "intrekken van"
    what = f"rol {role.label} {verb} account {account.id}"
    name = f"{account.person.name} ({account.email})"
    held = list(dict.fromkeys(_roles_now(account)))
    wanted = [*held, role] if grant else [one for one in held if one is not role]
    until = {"Laatste dag": f"{day(last_day)} ({role.label})"} if last_day else {}
    approval = approvals.request_approval(
        ROLE_CHANGE,
        actor,
        what,
        {
            "account": account.id,
            "role": role.value,
            "grant": grant,
            "ends_before": ends_before.isoformat() if ends_before else None,
        },
        before={"Medewerker": name, "Rollen": _labels(held)},
        after={"Medewerker": name, "Rollen": _labels(wanted), **until, "Waarom": reason},
    )
    record(events.ROLE_REQUESTED, actor, subject=subject_of(account), what=what, reason=reason)
    return approval


def _carry_out(approval: Approval, actor: Actor) -> None:
    """What agreement does. The facts may have changed since the request, so they are looked at again."""
    payload = approval.payload
    account = session().get_one(Account, payload["account"], with_for_update=True)
    role, grant = StaffRole(payload["role"]), bool(payload["grant"])
    ends_before = date.fromisoformat(payload["ends_before"]) if payload["ends_before"] else None
    if actor.person == account.person_key:
        raise _refused(account, actor, "Niemand beslist over de eigen rollen. Laat een andere collega het beoordelen.")
    _check(account, role, actor, grant=grant, ends_before=ends_before)
    if grant:
        _grant(account, role, actor, ends_before)
    else:
        for held in queries.lasting_grants(account.id, clock.today(), role):
            _end(held)
        record(events.ROLE_WITHDRAWN, actor, subject=subject_of(account), account=account.id, role=role.label)
    end_sessions(account.id)
    session().flush()


ROLE_CHANGE = approvals.register(
    approvals.Kind(queries.ROLE_CHANGE, "Wijziging van een rol", "role:approve", _carry_out)
)


def _grant(account: Account, role: StaffRole, actor: Actor, ends_before: date | None) -> None:
    session().add(
        RoleGrant(
            account_id=account.id,
            role=role,
            starts_on=clock.today(),
            ends_before=ends_before,
            granted_by=actor.person,
            granted_at=clock.now(),
        )
    )
    until = f" tot en met {day(ends_before - timedelta(days=1))}" if ends_before else ""
    record(events.ROLE_GRANTED, actor, subject=subject_of(account), account=account.id, role=role.label, until=until)


def _end(grant: RoleGrant) -> None:
    """From today it is not in force; one that was still to start never will be."""
    grant.ends_before = max(grant.starts_on, clock.today())


def _roles_now(account: Account) -> list[StaffRole]:
    return [held.role for held in queries.staff_member(account.id, clock.today()).roles_now]


def _labels(roles: list[StaffRole]) -> str:
    return ", ".join(role.label for role in dict.fromkeys(roles)) or "geen"


def _check(account: Account, role: StaffRole, actor: Actor, *, grant: bool, ends_before: date | None) -> None:
    today = clock.today()
    if account.disabled_at is not None:
        raise _refused(account, actor, "Dit account is uitgeschakeld. Schakel het eerst weer in.")
    held = [row for row in queries.lasting_grants(account.id, today, role) if row.starts_on <= today]
    if not grant:
        if not held:
            raise _refused(account, actor, "Deze medewerker heeft die rol niet meer.")
        if role is StaffRole.ADMINISTRATION:
            _keep_an_administrator(account, actor)
        return
    if ends_before is not None and ends_before <= today:
        raise UserError("De laatste dag is al voorbij. Kies vandaag of een latere dag.", field="last_day")
    if any(row.ends_before is None for row in held):
        raise _refused(account, actor, "Deze medewerker heeft die rol al.")


def _keep_an_administrator(account: Account, actor: Actor) -> None:
    """Refuse what would leave nobody with the role of administration. Two who take each other's role wait here."""
    advisory_lock("identity:administrators")
    today = clock.today()
    holds = queries.administrators(today) > queries.administrators(today, besides=account.id)
    if holds and queries.administrators(today, besides=account.id) == 0:
        raise _refused(account, actor, LAST_ADMINISTRATOR)


def _refused(account: Account, actor: Actor, why: str) -> Refused:
    entry = Entry(events.ROLE_REFUSED, actor, {"account": account.id, "why": why}, subject=subject_of(account))
    return Refused(why, entry=entry)
