"""What somebody does with the own account: name, password, second factor, sessions. Callers hold scope SIGN_IN."""

from __future__ import annotations

from core import clock
from core.audit import Actor, Entry, record
from core.db import session
from core.errors import Refused, UserError
from core.mail import queue_mail
from core.web import absolute_url
from identity import events, passwords, rules, second_factor
from identity.kinds import AccountKind, LinkPurpose
from identity.models import Account
from identity.services import WRONG_CODE, actor_of, end_session, end_sessions, refusal, spend_code, subject_of, use_link


def rename(account: Account, name: str) -> None:
    """Somebody changes how they are called."""
    account.person.name = name
    record(events.NAME_CHANGED, actor_of(account), subject=subject_of(account))


def prove_code(account: Account, code: str) -> None:
    """Step-up of somebody who is signed in. Raises Refused (audited)."""
    if why := spend_code(account, code):
        entry = Entry(events.SECOND_FACTOR_REFUSED, actor_of(account), {"why": why}, subject=subject_of(account))
        raise Refused(WRONG_CODE, entry=entry, field="code")
    record(events.SECOND_FACTOR_PROVEN, actor_of(account), subject=subject_of(account))


def set_second_factor(account: Account, sealed: str, code: str) -> None:
    """Set or replace the second factor with what was offered, after one good code. Ends all sessions: the caller
    starts a verified one. The owner gets a mail."""
    secret = second_factor.open_offer(account.id, sealed)
    step = second_factor.step_of(secret, code, clock.now())
    if step is None:
        raise UserError("Deze code klopt niet. Controleer of uw telefoon de juiste tijd heeft.", field="code")
    event = events.SECOND_FACTOR_REPLACED if account.totp_secret else events.SECOND_FACTOR_SET
    account.totp_secret, account.totp_last_step = second_factor.encrypt(secret), step
    end_sessions(account.id)
    record(event, actor_of(account), subject=subject_of(account))
    queue_mail(
        account.email,
        "Uw tweede stap is ingesteld",
        "identity_second_factor_set",
        name=account.person.name,
        replaced=event is events.SECOND_FACTOR_REPLACED,
        account_url=absolute_url("account.show_account"),
    )


def remove_second_factor(account: Account, actor: Actor) -> None:
    """Somebody of a participant lost the phone, and we know who asks: the next one is set before the next act that
    binds. All sessions end and the owner gets a mail. Staff set up everything anew (`identity.staff`)."""
    if account.kind is not AccountKind.PARTICIPANT or account.totp_secret is None:
        raise Refused("Dit account heeft geen tweede stap die hier kan worden weggehaald.")
    account.totp_secret = account.totp_last_step = None
    end_sessions(account.id)
    record(events.SECOND_FACTOR_REMOVED, actor, subject=subject_of(account), account=account.id)
    queue_mail(
        account.email,
        "Uw tweede stap is weggehaald",
        "identity_second_factor_removed",
        name=account.person.name,
        sign_in_url=absolute_url("identity.sign_in"),
    )


def set_password(account: Account, password: str) -> None:
    """Choose a password. Raises UserError when it is too weak."""
    objection = rules.objection_to_password(password, email=account.email, name=account.person.name or "")
    if objection:
        raise UserError(objection, field="password")
    account.password_hash = passwords.hash_password(password)
    record(events.PASSWORD_SET, actor_of(account), subject=subject_of(account))


def change_password(account: Account, current: str, password: str) -> None:
    """Raises Refused (audited) when the present password is wrong, UserError when the new one is too weak."""
    if not passwords.matches(account.password_hash, current):
        entry = Entry(events.PASSWORD_REFUSED, actor_of(account), {}, subject=subject_of(account))
        raise Refused("Uw huidige wachtwoord klopt niet.", entry=entry, field="current")
    set_password(account, password)
    queue_mail(
        account.email,
        "Uw wachtwoord is gewijzigd",
        "identity_password_changed",
        name=account.person.name,
        account_url=absolute_url("account.show_account"),
    )


def set_up_by_link(token: str, password: str, sealed: str, code: str) -> Account:
    """New staff choose a password and a second factor in one go; before that the account opens nothing. Raises
    LinkGone, Refused or UserError; then the link stays unused."""
    link = use_link(token)
    account = session().get(Account, link.account_id) if link.purpose is LinkPurpose.SET_UP else None
    if account is None or account.kind is not AccountKind.STAFF or account.disabled_at is not None:
        raise refusal(account, "dit account kan niet worden ingesteld", "U kunt met deze link niets instellen.")
    set_password(account, password)
    set_second_factor(account, sealed, code)
    return account


def end_own_session(account: Account, session_id: int) -> None:
    """Somebody signs out somewhere else."""
    end_session(session_id)
    record(events.SESSIONS_ENDED, actor_of(account), subject=subject_of(account), count=1)


def end_other_sessions(account: Account, *, keep: int) -> None:
    """Somebody signs out everywhere but here."""
    count = end_sessions(account.id, keep=keep)
    record(events.SESSIONS_ENDED, actor_of(account), subject=subject_of(account), count=count)
