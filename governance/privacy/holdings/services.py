"""Erase what we hold about a person, and the retention rules of the tables of core, identity and participants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy import delete, or_, select, update

from core import clock
from core import db as database
from core.audit import Person
from core.clock import AMSTERDAM
from core.db import scoped, session
from core.mail import Delivery, OutboxMessage
from governance.privacy.holdings import queries
from governance.privacy.holdings.rules import ERASED, HOLDINGS, Holding, Subject, erased_address, register
from governance.privacy.kinds import RequestStage
from governance.privacy.models import SubjectRequest
from governance.privacy.retention.rules import RetentionRule
from governance.privacy.retention.rules import register as register_rule
from identity.models import Account, OneTimeLink, SignInSession
from participants.models import Contact

Keys = Sequence[int | str]


def erase(email: str) -> dict[str, int]:
    """Clear what may be cleared about who has this address. Returns per place how many rows."""
    with scoped(database.JOB):
        subject = queries.subject_of(email)
        done = {holding.label: holding.erase(subject) for holding in HOLDINGS if holding.erase is not None}
        session().flush()
        session().expire_all()
    return done


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM)


def _numbers(keys: Keys) -> list[int]:
    return [int(key) for key in keys]


# ------------------------------------------------------------------------------------------- erasing


def close_accounts(keys: Sequence[int]) -> int:
    """Take names, addresses and secrets out of accounts, which then are closed and signed in nowhere."""
    for account in session().execute(select(Account).where(Account.id.in_(keys))).scalars():
        account.email = erased_address(account.id)
        account.password_hash = account.totp_secret = account.totp_last_step = None
        account.disabled_at = account.disabled_at or clock.now()
        session().execute(update(Person).where(Person.key == account.person_key).values(name=None))
    session().flush()
    with scoped(database.SIGN_IN):
        session().execute(delete(SignInSession).where(SignInSession.account_id.in_(keys)))
        session().execute(delete(OneTimeLink).where(OneTimeLink.account_id.in_(keys)))
    return len(keys)


def _erase_sessions(subject: Subject) -> int:
    with scoped(database.SIGN_IN):
        of_subject = delete(SignInSession).where(SignInSession.account_id.in_(subject.accounts))
        return len(session().execute(of_subject.returning(SignInSession.id)).all())


def _erase_accounts(subject: Subject) -> int:
    return close_accounts(subject.accounts)


def _erase_contacts(subject: Subject) -> int:
    rows = session().execute(select(Contact).where(Contact.email == subject.email)).scalars().all()
    for row in rows:
        row.name, row.function, row.phone, row.email = ERASED, None, None, erased_address(row.id)
    return len(rows)


def _erase_mail(subject: Subject) -> int:
    rows = session().execute(select(OutboxMessage).where(OutboxMessage.recipient == subject.email)).scalars().all()
    for row in rows:
        row.body, row.recipient = "", erased_address(row.id)
        if row.delivery is Delivery.QUEUED:
            row.delivery = Delivery.FAILED
    return len(rows)


register(Holding("Inlogsessies", queries.sessions, _erase_sessions, ""))
register(
    Holding(
        "Accounts, rollen en voor wie iemand handelt",
        queries.accounts,
        _erase_accounts,
        "Welke rol een account had blijft staan, zonder naam en adres.",
    )
)
register(Holding("Contactpersonen van deelnemers", queries.contacts, _erase_contacts, ""))
register(
    Holding(
        "Factuurgegevens van deelnemers",
        queries.invoice_details,
        None,
        "Dit adres hoort bij de organisatie en staat op facturen, die wij zeven jaar bewaren (art. 52 AWR).",
    )
)
register(
    Holding(
        "Notities die deze persoon schreef",
        queries.notes,
        None,
        "Ze gaan over een deelnemer. De naam van de schrijver verdwijnt met het account.",
    )
)
register(Holding("Mail aan dit adres", queries.mail, _erase_mail, "Dat er is gemaild blijft staan, zonder adres."))
register(
    Holding(
        "Logboek",
        queries.events,
        None,
        "De regels liggen vast als bewijs van wat er is gedaan (art. 5 lid 2 AVG). De naam verdwijnt met het account.",
    )
)
register(
    Holding(
        "Verzoeken om akkoord", queries.approvals, None, "Bewijs dat twee mensen hebben besloten (art. 5 lid 2 AVG)."
    )
)
register(
    Holding(
        "Verzoeken om inzage of wissen",
        queries.requests,
        None,
        "Om te laten zien dat wij het verzoek hebben afgehandeld; naam en adres gaan na de bewaartermijn weg.",
    )
)

# ------------------------------------------------------------------------------------------- retention


def _old_sign_ins(before: date) -> list[int | str]:
    with scoped(database.SIGN_IN):
        ended = select(SignInSession.id).where(SignInSession.last_seen_at < _moment(before))
        expired = select(OneTimeLink.id).where(OneTimeLink.expires_at < _moment(before))
        sessions, links = session().execute(ended).scalars(), session().execute(expired).scalars()
        return [*(f"sessie-{key}" for key in sessions), *(f"link-{key}" for key in links)]


def _forget_sign_ins(keys: Keys) -> None:
    numbers: dict[str, list[int]] = {"sessie": [], "link": []}
    for key in keys:
        kind, _, number = str(key).partition("-")
        numbers[kind].append(int(number))
    with scoped(database.SIGN_IN):
        session().execute(delete(SignInSession).where(SignInSession.id.in_(numbers["sessie"])))
        session().execute(delete(OneTimeLink).where(OneTimeLink.id.in_(numbers["link"])))


def _old_mail(before: date) -> list[int | str]:
    query = select(OutboxMessage.id).where(OutboxMessage.delivery != Delivery.QUEUED, OutboxMessage.body != "")
    return list(session().execute(query.where(OutboxMessage.queued_at < _moment(before))).scalars())


def _blank_mail(keys: Keys) -> None:
    session().execute(update(OutboxMessage).where(OutboxMessage.id.in_(_numbers(keys))).values(body=""))


def _closed_accounts(before: date) -> list[int | str]:
    """Closed before the day, and with a name or an address that still says who it was."""
    query = (
        select(Account.id)
        .join(Account.person)
        .where(Account.disabled_at < _moment(before))
        .where(or_(Person.name.is_not(None), ~Account.email.endswith("@verwijderd.invalid", autoescape=True)))
    )
    return list(session().execute(query).scalars())


def _erase_names(keys: Keys) -> None:
    close_accounts(_numbers(keys))


def _old_requests(before: date) -> list[int | str]:
    query = select(SubjectRequest.id).where(SubjectRequest.stage != RequestStage.OPEN, SubjectRequest.name != ERASED)
    return list(session().execute(query.where(SubjectRequest.closed_on < before)).scalars())


def _forget_askers(keys: Keys) -> None:
    for row in session().execute(select(SubjectRequest).where(SubjectRequest.id.in_(_numbers(keys)))).scalars():
        row.name, row.email, row.identity_check, row.answer = ERASED, erased_address(row.id), ERASED, ERASED


register_rule(
    RetentionRule(
        "identity:sign_ins",
        "Verlopen inloglinks en inlogsessies",
        "sign_in_sessions, one_time_links",
        "De rijen verdwijnen. Een dagelijkse taak doet dit ook zelf; hier staat alleen wat is blijven liggen.",
        2,
        _old_sign_ins,
        _forget_sign_ins,
    )
)
register_rule(
    RetentionRule(
        "core:mail_text",
        "Tekst van verzonden mail",
        "outbox_messages",
        "De tekst verdwijnt; aan wie, wanneer en waarover blijft staan.",
        6,
        _old_mail,
        _blank_mail,
    )
)
register_rule(
    RetentionRule(
        "identity:names",
        "Namen achter gesloten accounts",
        "people, accounts",
        "Naam, e-mailadres, wachtwoord en tweede stap verdwijnen; het logboek houdt een sleutel zonder naam.",
        24,
        _closed_accounts,
        _erase_names,
    )
)
register_rule(
    RetentionRule(
        "governance:subject_requests",
        "Naam en adres in afgehandelde verzoeken om inzage of wissen",
        "subject_requests",
        "Naam, adres en antwoord verdwijnen; soort, dagen en uitkomst blijven staan.",
        24,
        _old_requests,
        _forget_askers,
    )
)
