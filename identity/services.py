"""Accounts, sessions and one-time links. Callers hold scope SIGN_IN (or staff) and a transaction.

What every way of signing in ends with is `sign_in`: eHerkenning or SAML for staff will be a view that finds out who
somebody is, and calls it.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from sqlalchemy import delete, or_, update

from core import clock
from core import db as database
from core.audit import VISITOR, Actor, Entry, Person, record
from core.db import advisory_lock, next_id, scoped, session
from core.errors import Refused, UserError
from core.mail import queue_mail
from core.web import absolute_url
from identity import events, passwords, queries, rules, second_factor
from identity.kinds import AccountKind, LinkPurpose, SignInMeans, StaffRole
from identity.models import Account, OneTimeLink, RoleGrant, SignInSession
from identity.queries import hash_of

NO_MATCH = "E-mailadres, wachtwoord en code horen niet bij elkaar. Een code werkt maar één keer: wacht op de volgende."
FOR_PARTICIPANTS = frozenset({LinkPurpose.SIGN_IN, LinkPurpose.CONTINUE_APPLICATION})
"""Links that sign in."""
WRONG_CODE = "Deze code klopt niet. Een code werkt maar één keer: wacht op de volgende in uw app."

NO_SUCH_LINK = "Deze link werkt niet. Kijk of u hem helemaal hebt overgenomen, of vraag een nieuwe aan."
USED_LINK = "Deze link is al gebruikt. Vraag een nieuwe aan; uw gegevens zijn bewaard."


class LinkGone(UserError):
    """A mailed link that does not work any more; the sentence says why."""

    status = 410


# ------------------------------------------------------------------------------------------- accounts


def create_account(kind: AccountKind, email: str, name: str) -> Account:
    """A new account without password or second factor. The mail address must not be in use."""
    person = Person(name=name)
    session().add(person)
    session().flush()
    account = Account(kind=kind, email=email.strip().lower(), person_key=person.key, created_at=clock.now())
    account.person = person
    session().add(account)
    session().flush()
    return account


def grant_role(account: Account, role: StaffRole, *, starts_on: date, ends_before: date | None = None) -> RoleGrant:
    """Give a staff role outright: only for set-up and example data; in daily work it takes two (approvals)."""
    row = RoleGrant(
        account_id=account.id, role=role, starts_on=starts_on, ends_before=ends_before, granted_at=clock.now()
    )
    session().add(row)
    session().flush()
    return row


def actor_of(account: Account) -> Actor:
    return Actor(str(account.kind.value), account.person_key)


def subject_of(account: Account) -> str:
    """How events refer to an account."""
    return f"account:{account.id}"


# ------------------------------------------------------------------------------------------- sessions


def start_session(
    account: Account, *, verified: bool, device: str = "onbekend", started_at: datetime | None = None
) -> str:
    """Start a server-side session; returns the secret for the cookie. `verified`: a second factor was proven now.

    `started_at`: of the session that this one replaces, so that a step-up does not lengthen the day.
    """
    token = secrets.token_urlsafe(32)
    now = clock.now()
    session().add(
        SignInSession(
            token_hash=hash_of(token),
            account_id=account.id,
            started_at=started_at or now,
            last_seen_at=now,
            verified_at=now if verified else None,
            device=device[:200],
        )
    )
    session().flush()
    return token


def end_session(session_id: int) -> None:
    """End one session; its cookie is refused from now on."""
    ending = update(SignInSession).where(SignInSession.id == session_id, SignInSession.ended_at.is_(None))
    session().execute(ending.values(ended_at=clock.now()))


def end_sessions(account_id: int, *, keep: int | None = None) -> int:
    """End all sessions of an account, except the one to keep. Returns how many."""
    ending = update(SignInSession).where(SignInSession.account_id == account_id, SignInSession.ended_at.is_(None))
    if keep is not None:
        ending = ending.where(SignInSession.id != keep)
    return len(session().execute(ending.values(ended_at=clock.now()).returning(SignInSession.id)).all())


def sign_in(account: Account, means: SignInMeans, *, verified: bool, device: str, instead_of: str | None = None) -> str:
    """Whoever we know somebody to be is signed in: a new session, never the one the browser came with.

    `instead_of` is the secret of the cookie that came along; that session ends. Returns the secret for the new cookie.
    """
    if account.disabled_at is not None:
        raise refusal(account, "het account is uitgeschakeld", "Dit account is uitgeschakeld. Vraag ons waarom.")
    if instead_of and (before := queries.session_of(instead_of)):
        end_session(before.id)
    record(events.SIGNED_IN, actor_of(account), subject=subject_of(account), means=means.label)
    return start_session(account, verified=verified, device=device)


def sign_out(session_id: int, account: Account) -> None:
    end_session(session_id)
    record(events.SIGNED_OUT, actor_of(account), subject=subject_of(account))


def refusal(account: Account | None, why: str, message: str, *, field: str | None = None) -> Refused:
    """A refused sign-in: what the trail will say of it, and what the person sees. Who it was is not proven."""
    subject = subject_of(account) if account else None
    return Refused(message, entry=Entry(events.SIGN_IN_REFUSED, VISITOR, {"why": why}, subject=subject), field=field)


# ------------------------------------------------------------------------------------------- password and code


def prove_by_password(email: str, password: str, code: str) -> Account:
    """The member of staff with this address, password and code. Raises Refused (audited), in one and the same sentence
    and after the same work, whatever was wrong. The code is used up."""
    account = queries.account_by_email(email)
    matches = passwords.matches(account.password_hash if account else None, password)
    if account is None:
        raise refusal(None, "het adres is niet bekend", NO_MATCH)
    if not matches:
        raise refusal(account, "het wachtwoord klopte niet", NO_MATCH)
    if account.disabled_at is not None:
        raise refusal(account, "het account is uitgeschakeld", NO_MATCH)
    if why := spend_code(account, code):
        raise refusal(account, why, NO_MATCH)
    if account.password_hash and passwords.is_outdated(account.password_hash):
        account.password_hash = passwords.hash_password(password)
    return account


def spend_code(account: Account, code: str) -> str | None:
    """Use up a code; None when it is good, else why not. Of two simultaneous sendings one wins."""
    if account.totp_secret is None:
        return "er is nog geen tweede stap ingesteld"
    step = second_factor.step_of(second_factor.decrypt(account.totp_secret), code, clock.now())
    if step is None:
        return "de code klopte niet"
    unused = or_(Account.totp_last_step.is_(None), Account.totp_last_step < step)
    spending = update(Account).where(Account.id == account.id, unused).values(totp_last_step=step).returning(Account.id)
    if session().execute(spending).scalar_one_or_none() is None:
        return "de code was al gebruikt"
    return None


# ------------------------------------------------------------------------------------------- mailed links


def create_link(purpose: LinkPurpose, *, target: str, valid_for: timedelta, account_id: int | None = None) -> str:
    """A one-time link; returns its secret, which is stored nowhere."""
    token = secrets.token_urlsafe(32)
    session().add(
        OneTimeLink(
            id=next_id(OneTimeLink),
            token_hash=hash_of(token),
            purpose=purpose,
            account_id=account_id,
            target=target,
            created_at=clock.now(),
            expires_at=clock.now() + valid_for,
        )
    )
    session().flush()
    return token


def link_to(account: Account, purpose: LinkPurpose, target: str) -> str:
    """The full address of a new link for an account, valid as long as its purpose says."""
    token = create_link(purpose, target=target, valid_for=rules.VALID_FOR[purpose], account_id=account.id)
    return absolute_url("identity.open_link", token=token)


def look_at_link(token: str) -> OneTimeLink:
    """The link, if it can still be used. Raises LinkGone with the reason; nothing is used up."""
    link = queries.link_of(token)
    if link is None:
        raise LinkGone(NO_SUCH_LINK)
    if link.used_at is not None:
        raise LinkGone(USED_LINK)
    if link.expires_at <= clock.now():
        raise LinkGone("Deze link is verlopen. Vraag een nieuwe aan; uw gegevens zijn bewaard.")
    return link


def use_link(token: str) -> OneTimeLink:
    """Use a link up, once: of two simultaneous openings one wins. Raises LinkGone when it was used or expired."""
    with scoped(database.SIGN_IN):
        link = look_at_link(token)
        claim = update(OneTimeLink).where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None))
        claimed = session().execute(claim.values(used_at=clock.now()).returning(OneTimeLink.id)).scalar_one_or_none()
        if claimed is None:
            raise LinkGone(USED_LINK)
        session().refresh(link)
    return link


def sign_in_by_link(token: str, code: str | None) -> tuple[Account, OneTimeLink]:
    """Somebody of a participant, or an applicant, by a mailed link and, when one is set, a code.

    A wrong code leaves the link unused. Raises LinkGone or Refused (audited).
    """
    link = use_link(token)
    account = session().get(Account, link.account_id) if link.purpose in FOR_PARTICIPANTS else None
    if account is None or account.kind is not AccountKind.PARTICIPANT or account.disabled_at is not None:
        raise refusal(account, "deze link is er niet om in te loggen", "U kunt met deze link niet inloggen.")
    if account.totp_secret is not None and (why := spend_code(account, code or "")):
        raise refusal(account, why, WRONG_CODE, field="code")
    return account, link


def sign_in_link_for(
    email: str, target: str, *, name: str | None = None, purpose: LinkPurpose = LinkPurpose.SIGN_IN
) -> str:
    """The address of a link that signs in whoever reads the mail of this address, and leads to `target`, a path.

    For mails of other packages ("verder met uw aanmelding": purpose CONTINUE_APPLICATION, seven days). Makes an account
    for an address that has none. For an address of staff the link only leads to their own way of signing in.
    """
    with scoped(database.SIGN_IN):
        return link_to(applicant(email, name), purpose, target)


def applicant(email: str, name: str | None = None) -> Account:
    """The account of this mail address; made when there is none."""
    email = email.strip().lower()
    with scoped(database.SIGN_IN):
        advisory_lock(f"account:{email}")
        account = queries.account_by_email(email)
        if account is None:
            account = create_account(AccountKind.PARTICIPANT, email, name or email)
            kind = AccountKind.PARTICIPANT.label
            record(events.ACCOUNT_CREATED, VISITOR, subject=subject_of(account), account=account.id, kind=kind)
    return account


def mail_sign_in_link(email: str, target: str) -> None:
    """Mail a link to whoever has an account. For an unknown address the same work is done and undone, so that neither
    the answer nor its time tells who is known."""
    account = queries.account_by_email(email)
    known = account is not None and account.disabled_at is None
    attempt = session().begin_nested()
    if account is not None and account.kind is AccountKind.STAFF:
        url = absolute_url("identity.sign_in_as_staff", verder=target or None)
        queue_mail(account.email, "Inloggen bij Knooppuntbeheer", "identity_staff_door", url=url)
    else:
        _mail_link(account, email, LinkPurpose.SIGN_IN, target)
    if known:
        attempt.commit()
        record(events.LINK_REQUESTED, VISITOR, subject=f"account:{account.id}" if account else None)
    else:
        attempt.rollback()
        why = "er werd een link gevraagd voor een adres zonder account"
        Entry(events.SIGN_IN_REFUSED, VISITOR, {"why": why}).write()


def _mail_link(account: Account | None, email: str, purpose: LinkPurpose, target: str) -> None:
    valid_for = rules.VALID_FOR[purpose]
    token = create_link(purpose, target=target, valid_for=valid_for, account_id=account.id if account else None)
    continuing = purpose is LinkPurpose.CONTINUE_APPLICATION
    queue_mail(
        email,
        "Verder met uw aanmelding" if continuing else "Uw link om in te loggen",
        "identity_sign_in_link",
        url=absolute_url("identity.open_link", token=token),
        continuing=continuing,
        days=valid_for.days,
        minutes=int(valid_for.total_seconds() // 60),
    )


def may_renew(link: OneTimeLink | None) -> bool:
    """Whether the reader of an old link may have a new one mailed to the address that it was for."""
    return link is not None and link.account_id is not None and link.purpose in FOR_PARTICIPANTS


def renew_link(token: str) -> Account | None:
    """Mail a new link like an old one, to the address that had it. None (and no mail) for what cannot be renewed."""
    link = queries.link_of(token)
    if link is None or not may_renew(link):
        return None
    account = session().get_one(Account, link.account_id)
    if account.disabled_at is None and account.kind is AccountKind.PARTICIPANT:
        _mail_link(account, account.email, link.purpose, link.target)
        record(events.LINK_REQUESTED, VISITOR, subject=subject_of(account))
    return account


def forget_old() -> int:
    """Remove sessions and links that ended more than a month ago. Returns how many."""
    before = clock.now() - timedelta(days=31)
    sessions = delete(SignInSession).where(SignInSession.last_seen_at < before).returning(SignInSession.id)
    links = delete(OneTimeLink).where(OneTimeLink.expires_at < before).returning(OneTimeLink.id)
    return len(session().execute(sessions).all()) + len(session().execute(links).all())
